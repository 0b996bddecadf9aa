package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import io.mooring.cli.table.Table;
import java.util.Map;
import java.util.Optional;
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
            @Option(names = "--access", paramLabel = "MODE", description = "who may have it at once") String access,
            @Option(names = "--takeover", paramLabel = "POLICY") String takeover,
            @Option(names = "--reclaim", paramLabel = "POLICY") String reclaim)
            throws ApiException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", name).put("driver", driver);
        if (options != null) {
            options.forEach(body.putObject("options")::put);
        }
        if (access != null) {
            body.put("accessMode", access);
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

    @Command(name = "import", description = "Take a volume on record that the backend has already.")
    void adopt(
            @Parameters(paramLabel = "NAME", description = "its name in the backend") String name,
            @Option(names = "--driver", required = true, paramLabel = "PLUGIN", description = "the plugin that has it")
                    String driver)
            throws ApiException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("driver", driver);
        Api.Reply reply = scheduler().api().post(path(name) + "/import", body.toString());
        if (!scheduler().printed(reply)) {
            scheduler().out().println(name + " is looked for at " + driver);
            scheduler().out().flush();
        }
    }

    @Command(
            name = "release",
            description = "State that a machine that nobody reaches does not write to a volume any more. If it does all"
                    + " the same, the data is lost.")
    int release(
            @Parameters(paramLabel = "NAME", description = "the volume") String name,
            @Option(
                            names = "--machine",
                            required = true,
                            paramLabel = "MACHINE",
                            description = "the holder's machine, as 'mooring claim show' tells it")
                    String machine,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "for the audit")
                    String reason,
            @Option(
                            names = "--confirm",
                            paramLabel = "NAME",
                            description = "the volume's name again, where nobody can be asked")
                    String confirm)
            throws ApiException {
        Optional<String> typed = Confirmation.of(
                "Machine " + machine + " does not write to volume " + name + " any more, and will not again: if this is"
                        + " wrong, data is lost. Type the volume's name to go on: ",
                confirm,
                scheduler().messages());
        if (typed.isEmpty()) {
            scheduler()
                    .messages()
                    .println("nothing was released: there is no terminal to ask at; add --confirm " + name);
            scheduler().messages().flush();
            return 2;
        }
        if (!typed.get().equals(name)) {
            scheduler().messages().println("nothing was released: '" + typed.get() + "' is not '" + name + "'");
            scheduler().messages().flush();
            return confirm == null ? 1 : 2;
        }
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("machine", machine).put("reason", reason);
        Api.Reply reply = scheduler().api().post(path(name) + "/claim/release", body.toString());
        if (!scheduler().printed(reply)) {
            scheduler()
                    .out()
                    .println(name + " is released from machine "
                            + reply.body().path("machine").asText() + ", fence "
                            + reply.body().path("fence").asText()
                            + ", on your word alone: nothing proves that nobody writes there");
            scheduler().out().flush();
        }
        return 0;
    }

    @Command(name = "clear", description = "Let a volume go that is in quarantine, or that failed.")
    void clear(
            @Parameters(paramLabel = "NAME", description = "the volume") String name,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "what was done about it")
                    String reason)
            throws ApiException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
        Api.Reply reply = scheduler().api().post(path(name) + "/clear", body.toString());
        if (!scheduler().printed(reply)) {
            scheduler().out().println(name + " " + reply.body().path("state").asText());
            scheduler().out().flush();
        }
    }

    private static String path(String name) {
        return "/v1/volumes/" + java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8);
    }

    private ApiCommand scheduler() {
        return ApiCommand.of(spec);
    }
}
