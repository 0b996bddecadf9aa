package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import io.mooring.cli.table.Table;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mooring claim ...}: who holds what, and what would free it. */
@Command(name = "claim", description = "Look at claims.", synopsisSubcommandLabel = "COMMAND")
public final class ClaimCommands {
    @Spec
    private CommandSpec spec;

    @Command(name = "ls", description = "List the claims.")
    void list() throws ApiException {
        Api.Reply reply = scheduler().api().get("/v1/claims");
        if (scheduler().printed(reply)) {
            return;
        }
        Table table = new Table("VOLUME", "STATE", "FENCE", "APP", "MACHINE", "SINCE", "TASK");
        for (JsonNode claim : reply.body().path("items")) {
            table.row(
                    claim.path("volume").asText(),
                    claim.path("state").asText(),
                    claim.path("fence").asText(),
                    ApiCommand.text(claim, "app"),
                    claim.path("machine").asText(),
                    claim.path("since").asText(),
                    claim.path("task").asText());
        }
        table.print(scheduler().out());
    }

    @Command(name = "show", description = "Say who holds a volume, since when, and what would free it.")
    void show(@Parameters(paramLabel = "VOLUME") String volume) throws ApiException {
        String path =
                "/v1/volumes/" + java.net.URLEncoder.encode(volume, java.nio.charset.StandardCharsets.UTF_8) + "/claim";
        Api.Reply reply = scheduler().api().get(path);
        if (scheduler().printed(reply)) {
            return;
        }
        print(reply.body().path("claim"), scheduler().out());
        for (JsonNode reader : reply.body().path("readers")) {
            scheduler().out().println();
            scheduler().out().println("beside it:");
            print(reader, scheduler().out());
        }
    }

    static void print(JsonNode claim, PrintWriter out) {
        if (claim.isNull() || claim.isMissingNode()) {
            out.println("nobody holds it");
            out.flush();
            return;
        }
        String whose = claim.hasNonNull("framework")
                ? " of framework " + ApiCommand.text(claim, "framework")
                : " of app " + ApiCommand.text(claim, "app");
        out.println("held by task " + claim.path("task").asText() + whose);
        out.println("on machine   " + claim.path("machine").asText() + " (agent "
                + claim.path("agent").asText() + ", boot " + ApiCommand.text(claim, "bootId") + ")");
        out.println("state        " + claim.path("state").asText() + " since "
                + claim.path("since").asText());
        out.println("fence        " + claim.path("fence").asText() + " (epoch "
                + claim.path("epoch").asText() + ")");
        if (!claim.path("stuck").isNull()) {
            out.println("trouble      " + claim.path("stuck").asText());
        }
        for (JsonNode awaited : claim.path("waitingFor")) {
            out.println("freed by     " + awaited.path("code").asText() + ": "
                    + awaited.path("what").asText());
        }
        if (!claim.path("next").isNull()) {
            String at = ApiCommand.text(claim.path("next"), "at");
            out.println(
                    "next         " + claim.path("next").path("what").asText() + (at.equals("-") ? "" : ", at " + at));
        }
        out.flush();
    }

    private ApiCommand scheduler() {
        return ApiCommand.of(spec);
    }
}
