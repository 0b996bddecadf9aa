package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.Api;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
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
            names = "--token-file",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "a file with the token of a user (default: MOORING_TOKEN, or MOORING_USER and"
                    + " MOORING_PASSWORD)")
    private Path tokenFile;

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
        return new Api(url == null ? otherwise : url, authorization());
    }

    /** A token from a file or from the environment, or a name and password from there; never from the command line. */
    private Optional<String> authorization() {
        String token = System.getenv("MOORING_TOKEN");
        if (tokenFile != null) {
            token = firstLine(tokenFile);
        }
        if (token != null && !token.isBlank()) {
            return Optional.of("Bearer " + token.strip());
        }
        String user = System.getenv("MOORING_USER");
        String password = System.getenv("MOORING_PASSWORD");
        if (user == null || password == null) {
            return Optional.empty();
        }
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new IllegalArgumentException("the token cannot be read from " + file + ": " + e.getMessage(), e);
        }
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
