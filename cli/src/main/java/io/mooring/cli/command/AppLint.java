package io.mooring.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.cli.table.Table;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.marathon.AppReader;
import java.io.PrintWriter;
import java.util.List;
import java.util.TreeMap;

/**
 * Says what a scheduler would make of an app's definition, without one: which fields are in effect, which are accepted and
 * ignored, what its volumes come to, and what is wrong. What depends on the cluster is not looked at: names that other
 * apps use, plugins that agents have, and what the scheduler's configuration allows.
 */
final class AppLint {
    private final PrintWriter out;

    AppLint(PrintWriter out) {
        this.out = out;
    }

    /**
     * One definition, or an array of them.
     *
     * @param file where the text is from
     * @return 0 if all would be taken, else 1
     */
    int lint(String file, String text) {
        JsonNode written;
        try {
            written = new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            out.println(file + " is no JSON: " + e.getOriginalMessage() + " at line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
            return 1;
        }
        int worst = 0;
        for (JsonNode app : written.isArray() ? written : List.of(written)) {
            worst = Math.max(worst, one(app));
        }
        return worst;
    }

    private int one(JsonNode app) {
        if (!app.isObject()) {
            out.println("a definition is " + app.getNodeType() + "; an app's definition is an object");
            return 1;
        }
        out.println("app " + app.path("id").asText("(without an id)"));
        Answer<AppReader.Read> answer = AppReader.read(app);
        fields(app);
        if (answer instanceof Answer.Refused<AppReader.Read> refused) {
            out.println();
            out.println("refused:");
            for (FieldError error : refused.errors()) {
                out.println("  " + error.path() + " " + error.what() + "; expected: " + error.expected());
            }
            return 1;
        }
        AppReader.Read read = ((Answer.Ok<AppReader.Read>) answer).value();
        volumes(read.draft().definition().volumes());
        read.notes().forEach(note -> out.println("note: " + note));
        return 0;
    }

    private void fields(JsonNode app) {
        Table table = new Table("FIELD", "EFFECT");
        app.fieldNames().forEachRemaining(name -> table.row(name, AppReader.effect(name)));
        table.print(out);
    }

    private void volumes(List<VolumeSpec> volumes) {
        if (volumes.isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table("VOLUME", "DRIVER", "AT", "MODE", "ACCESS", "CREATE", "TAKEOVER", "RECLAIM", "OPTIONS");
        for (VolumeSpec spec : volumes) {
            VolumeRequest request = spec.request();
            table.row(
                    spec.template().orElseGet(() -> request.name().value()),
                    request.driver().value(),
                    request.containerPath().orElse("its default path"),
                    request.mode().word(),
                    request.access().word(),
                    request.create().word(),
                    spec.takeover().word(),
                    spec.reclaim().word(),
                    new TreeMap<>(request.options()).toString());
        }
        table.print(out);
    }
}
