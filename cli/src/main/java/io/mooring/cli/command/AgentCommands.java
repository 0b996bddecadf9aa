package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import io.mooring.cli.table.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mooring agent ...}: the machines. */
@Command(name = "agent", description = "Look at agents.", synopsisSubcommandLabel = "COMMAND")
public final class AgentCommands {
    @Spec
    private CommandSpec spec;

    @Command(name = "ls", description = "List the agents with their plugins and attach slots.")
    void list() throws ApiException {
        Api.Reply reply = scheduler().api().get("/v1/agents");
        if (scheduler().printed(reply)) {
            return;
        }
        Table table = new Table("MACHINE", "STATE", "ZONE", "SLOTS", "PLUGINS", "UNCLEAN", "AGENT");
        for (JsonNode agent : reply.body().path("items")) {
            StringBuilder plugins = new StringBuilder();
            for (JsonNode driver : agent.path("drivers")) {
                plugins.append(plugins.isEmpty() ? "" : ", ")
                        .append(driver.path("name").asText())
                        .append(" (class ")
                        .append(driver.path("class").asText())
                        .append(driver.path("state").asText().equals("HEALTHY") ? ")" : ", does not answer)");
            }
            table.row(
                    ApiCommand.text(agent, "machine"),
                    agent.path("state").asText(),
                    ApiCommand.text(agent, "zone"),
                    agent.path("slots").path("used").asText() + "/" + ApiCommand.text(agent.path("slots"), "total"),
                    plugins,
                    agent.path("unclean").isEmpty()
                            ? "-"
                            : agent.path("unclean").toString(),
                    agent.path("id").asText());
        }
        table.print(scheduler().out());
    }

    private ApiCommand scheduler() {
        return ApiCommand.of(spec);
    }
}
