package io.mooring.scheduler.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.Answer.FieldError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What becomes of the app definitions in Marathon's own documentation: definitions with the same fields and other words
 * lie in {@code marathon-documentation.json}, and the table in the documentation says of each what the reader says. With
 * {@code -Dmooring.documentation=write} the table is written instead of checked.
 */
class MarathonDocumentationTest {
    private static final Path PAGE = Path.of("../docs/from-marathon.md");
    private static final String BEGIN = "<!-- definitions -->\n";
    private static final String END = "<!-- end of definitions -->";

    @Test
    void theTableSaysWhatBecomesOfEachDefinition() throws IOException {
        String page = Files.readString(PAGE);
        String before = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        String after = page.substring(page.indexOf(END));
        if ("write".equals(System.getProperty("mooring.documentation"))) {
            Files.writeString(PAGE, before + table() + after);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(before + table() + after);
    }

    private static String table() throws IOException {
        JsonNode definitions = new ObjectMapper()
                .readTree(MarathonDocumentationTest.class.getResourceAsStream("/marathon-documentation.json"));
        StringBuilder table = new StringBuilder("| page | fields | what becomes of it |\n|---|---|---|\n");
        for (JsonNode each : definitions) {
            table.append("| ")
                    .append(each.path("page").asText())
                    .append(" (")
                    .append(each.path("number").asInt())
                    .append(") | ")
                    .append(fields(each.path("definition")))
                    .append(" | ")
                    .append(outcome(AppReader.read(each.path("definition"))).replace("|", "\\|"))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String fields(JsonNode definition) {
        List<String> names = new ArrayList<>();
        definition.fieldNames().forEachRemaining(names::add);
        names.removeAll(List.of("id", "cmd", "cpus", "mem", "disk", "instances"));
        return names.stream().sorted().map(name -> "`" + name + "`").collect(Collectors.joining(" "));
    }

    private static String outcome(Answer<AppReader.Read> answer) {
        if (answer instanceof Answer.Refused<AppReader.Read> refused) {
            return "refused: "
                    + refused.errors().stream()
                            .map(MarathonDocumentationTest::words)
                            .collect(Collectors.joining("; "));
        }
        List<String> notes = ((Answer.Ok<AppReader.Read>) answer).value().notes();
        return notes.isEmpty() ? "accepted" : "accepted: " + String.join("; ", notes);
    }

    private static String words(FieldError error) {
        return "`" + error.path() + "` " + error.what() + " (would be right: " + error.expected() + ")";
    }
}
