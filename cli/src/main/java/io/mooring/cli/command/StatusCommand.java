package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mooring status}: who leads, and what is connected. */
@Command(name = "status", description = "Say who leads, and what is connected.")
public final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ApiException {
        Api.Reply reply = scheduler().api().get("/v1/status");
        if (scheduler().printed(reply)) {
            return 0;
        }
        JsonNode status = reply.body();
        scheduler()
                .out()
                .println("leader     " + ApiCommand.text(status, "leader") + " (epoch "
                        + status.path("epoch").asText() + ")");
        scheduler()
                .out()
                .println("framework  " + ApiCommand.text(status.path("framework"), "id") + " "
                        + status.path("framework").path("state").asText());
        scheduler()
                .out()
                .println("mesos      " + ApiCommand.text(status.path("mesos"), "master") + " "
                        + status.path("mesos").path("state").asText());
        scheduler().out().println("zookeeper  " + status.path("zookeeper").asText());
        for (String hold : List.of("brake", "safeMode")) {
            if (status.path(hold).isObject()) {
                scheduler()
                        .out()
                        .println(HoldCommands.line(hold.equals("brake") ? hold : "safe-mode", status.path(hold)));
            }
        }
        for (JsonNode discrepancy : status.path("discrepancies")) {
            scheduler()
                    .out()
                    .println("discrepancy  " + discrepancy.path("name").asText() + " x"
                            + discrepancy.path("count").asText() + ", such as "
                            + discrepancy.path("example").asText());
        }
        scheduler().out().flush();
        return 0;
    }

    private ApiCommand scheduler() {
        return ApiCommand.of(spec);
    }
}
