package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.Api;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What every command that talks to the scheduler can be told, before the command's name or after it. The options are the
 * root command's and inherited by all others.
 */
public final class ApiCommand {
    @Option(
            names = "--url",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            paramLabel = "ADDRESS",
            description = "the scheduler (default: MOORING_URL, else http://127.0.0.1:8080)")
    private String url;

    @Option(
            names = "--json",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "print the scheduler's answer unchanged")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** The options as they were given, whichever command is run. */
    static ApiCommand of(CommandSpec command) {
        return (ApiCommand) command.root().mixins().get("scheduler").userObject();
    }

    Api api() {
        String fromEnvironment = System.getenv("MOORING_URL");
        String otherwise =
                fromEnvironment == null || fromEnvironment.isBlank() ? "http://127.0.0.1:8080" : fromEnvironment;
        return new Api(url == null ? otherwise : url);
    }

    boolean asJson() {
        return json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter messages() {
        return spec.commandLine().getErr();
    }

    /** Prints the answer as it came, if that was asked for. */
    boolean printed(Api.Reply reply) {
        if (json) {
            out().println(reply.text());
            out().flush();
        }
        return json;
    }

    /** Tells what the scheduler remarks. */
    void notes(JsonNode body) {
        body.path("mooring").path("notes").forEach(note -> messages().println("note: " + note.asText()));
        messages().flush();
    }

    static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isNull() || value.isMissingNode() ? "-" : value.asText();
    }
}
