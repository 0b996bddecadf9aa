package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import io.mooring.cli.table.Table;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mooring volume ...}: volumes and their past. */
@Command(name = "volume", description = "Look after volumes.", synopsisSubcommandLabel = "COMMAND")
public final class VolumeCommands {
    @Spec
    private CommandSpec spec;

    @Command(name = "ls", description = "List the volumes.")
    void list() throws ApiException {
        Api.Reply reply = scheduler().api().get("/v1/volumes");
        if (scheduler().printed(reply)) {
            return;
        }
        Table table = new Table("NAME", "DRIVER", "STATE", "SIZE", "FS", "FENCE", "HELD BY", "ON", "SINCE");
        for (JsonNode volume : reply.body().path("items")) {
            JsonNode claim = volume.path("claim");
            table.row(
                    volume.path("name").asText(),
                    volume.path("driver").asText(),
                    volume.path("state").asText(),
                    volume.path("sizeGb").asText() + " GB",
                    ApiCommand.text(volume, "fsType"),
                    volume.path("fence").asText(),
                    ApiCommand.text(claim, "app"),
                    ApiCommand.text(claim, "machine"),
                    ApiCommand.text(claim, "since"));
        }
        table.print(scheduler().out());
    }

    @Command(name = "create", description = "Declare a volume and have it created.")
    void create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--driver", required = true, paramLabel = "PLUGIN") String driver,
            @Option(names = "--opt", paramLabel = "KEY=VALUE", description = "such as size=5")
                    Map<String, String> options,
            @Option(names = "--takeover", paramLabel = "POLICY") String takeover,
            @Option(names = "--reclaim", paramLabel = "POLICY") String reclaim)
            throws ApiException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", name).put("driver", driver);
        if (options != null) {
            options.forEach(body.putObject("options")::put);
        }
        if (takeover != null) {
            body.put("takeover", takeover);
        }
        if (reclaim != null) {
            body.put("reclaim", reclaim);
        }
        Api.Reply reply = scheduler().api().post("/v1/volumes", body.toString());
        if (!scheduler().printed(reply)) {
            scheduler().out().println(name + " " + reply.body().path("state").asText());
            scheduler().out().flush();
        }
    }

    @Command(name = "inspect", description = "Show everything about a volume.")
    void inspect(@Parameters(paramLabel = "NAME") String name) throws ApiException {
        Api.Reply reply = scheduler().api().get(path(name));
        if (scheduler().printed(reply)) {
            return;
        }
        reply.body().properties().forEach(field -> {
            if (!field.getKey().equals("claim")) {
                scheduler()
                        .out()
                        .printf(
                                "%-12s%s%n",
                                field.getKey(),
                                field.getValue().isNull()
                                        ? "-"
                                        : field.getValue().asText());
            }
        });
        ClaimCommands.print(reply.body().path("claim"), scheduler().out());
    }

    @Command(name = "rm", description = "Remove a volume with its data.")
    void remove(@Parameters(paramLabel = "NAME") String name) throws ApiException {
        Api.Reply reply = scheduler().api().delete(path(name));
        if (!scheduler().printed(reply)) {
            scheduler().out().println(name + " is being removed");
            scheduler().out().flush();
        }
    }

    @Command(name = "history", description = "Say who held a volume before, and what freed it.")
    void history(@Parameters(paramLabel = "NAME") String name) throws ApiException {
        Api.Reply reply = scheduler().api().get(path(name) + "/history");
        if (scheduler().printed(reply)) {
            return;
        }
        Table table = new Table("RELEASED", "FENCE", "APP", "MACHINE", "EVIDENCE", "BY", "WHAT");
        for (JsonNode claim : reply.body().path("items")) {
            JsonNode by = claim.path("releasedBy");
            table.row(
                    claim.path("releasedAt").asText(),
                    claim.path("fence").asText(),
                    ApiCommand.text(claim, "app"),
                    claim.path("machine").asText(),
                    by.path("code").asText(),
                    by.path("by").asText(),
                    by.path("what").asText());
        }
        table.print(scheduler().out());
    }

    private static String path(String name) {
        return "/v1/volumes/" + java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8);
    }

    private ApiCommand scheduler() {
        return ApiCommand.of(spec);
    }
}
