package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What holds the scheduler back until a person lets it go on. */
public final class HoldCommands {
    private HoldCommands() {}

    /** {@code mooring brake ...}: whether volumes are taken from machines that nobody reaches. */
    @Command(
            name = "brake",
            description = "Stop volumes from being taken over, or let it go on.",
            synopsisSubcommandLabel = "COMMAND")
    public static final class Brake {
        @Spec
        private CommandSpec spec;

        @Command(name = "on", description = "Take nothing from machines that nobody reaches.")
        void on(@Option(names = "--reason", paramLabel = "TEXT", description = "for the audit") String reason)
                throws ApiException {
            put(spec, "brake", true, reason);
        }

        @Command(name = "off", description = "Let take-overs go on.")
        void off(@Option(names = "--reason", paramLabel = "TEXT", description = "for the audit") String reason)
                throws ApiException {
            put(spec, "brake", false, reason);
        }
    }

    /** {@code mooring safe-mode ...}: whether anything is granted. */
    @Command(
            name = "safe-mode",
            description = "Stop grants, or let them go on after the store was looked after.",
            synopsisSubcommandLabel = "COMMAND")
    public static final class SafeMode {
        @Spec
        private CommandSpec spec;

        @Command(name = "on", description = "Grant nothing.")
        void on(@Option(names = "--reason", paramLabel = "TEXT", description = "for the audit") String reason)
                throws ApiException {
            put(spec, "safe-mode", true, reason);
        }

        @Command(
                name = "off",
                description = "Grant again. Tasks of this framework that are not on record are ended with it.")
        void off(@Option(names = "--reason", paramLabel = "TEXT", description = "for the audit") String reason)
                throws ApiException {
            put(spec, "safe-mode", false, reason);
        }
    }

    private static void put(CommandSpec spec, String hold, boolean engaged, String reason) throws ApiException {
        ApiCommand scheduler = ApiCommand.of(spec);
        Api.Reply reply = scheduler
                .api()
                .put(
                        "/v1/" + hold,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("engaged", engaged)
                                .put("reason", reason)
                                .toString());
        if (!scheduler.printed(reply)) {
            scheduler.out().println(line(hold, reply.body()));
            scheduler.out().flush();
        }
    }

    /** One line for people. */
    static String line(String hold, JsonNode state) {
        return hold + " " + (state.path("engaged").asBoolean() ? "on" : "off") + " since "
                + state.path("since").asText() + ", by " + state.path("by").asText() + ": "
                + state.path("reason").asText();
    }
}
