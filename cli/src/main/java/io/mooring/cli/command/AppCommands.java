package io.mooring.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import io.mooring.cli.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mooring app ...}: what is run. */
@Command(name = "app", description = "Run and look after apps.", synopsisSubcommandLabel = "COMMAND")
public final class AppCommands {
    @Spec
    private CommandSpec spec;

    @Command(name = "run", description = "Run an app: a Marathon app definition from a file, or - for standard input.")
    int run(
            @Parameters(paramLabel = "FILE", description = "the definition, or -") String file,
            @Option(
                            names = "--wait",
                            paramLabel = "SECONDS",
                            description = "wait until it runs; 1 if it does not within that time")
                    Integer wait)
            throws ApiException, IOException, InterruptedException {
        if (wait != null && wait < 0) {
            throw new IllegalArgumentException("--wait is " + wait + "; it has to be a number of seconds");
        }
        Api.Reply reply = scheduler().api().post("/v2/apps", read(file));
        scheduler().notes(reply.body());
        String id = reply.body().path("id").asText();
        if (!scheduler().printed(reply)) {
            scheduler().out().println(id);
            scheduler().out().flush();
        }
        return wait == null
                ? 0
                : waitFor(
                        id, reply.body().path("deployments").path(0).path("id").asText(), wait);
    }

    @Command(name = "list", description = "List the apps.")
    void list() throws ApiException {
        Api.Reply reply = scheduler().api().get("/v2/apps");
        if (scheduler().printed(reply)) {
            return;
        }
        Table table = new Table("ID", "INSTANCES", "RUNNING", "STAGED", "CPUS", "MEM", "VERSION");
        for (JsonNode app : reply.body().path("apps")) {
            table.row(
                    app.path("id").asText(),
                    app.path("instances").asText(),
                    app.path("tasksRunning").asText(),
                    app.path("tasksStaged").asText(),
                    app.path("cpus").asText(),
                    app.path("mem").asText(),
                    app.path("version").asText());
        }
        table.print(scheduler().out());
    }

    @Command(name = "show", description = "Show an app with its tasks.")
    void show(@Parameters(paramLabel = "ID") String id) throws ApiException {
        Api.Reply reply = scheduler().api().get(path(id));
        if (scheduler().printed(reply)) {
            return;
        }
        JsonNode app = reply.body().path("app");
        scheduler().out().println("app        " + app.path("id").asText());
        scheduler()
                .out()
                .println("instances  " + app.path("instances").asText() + " wanted, "
                        + app.path("tasksRunning").asText() + " running, "
                        + app.path("tasksStaged").asText() + " starting");
        scheduler().out().println("version    " + app.path("version").asText());
        JsonNode failure = app.path("lastTaskFailure");
        if (!failure.isMissingNode()) {
            scheduler()
                    .out()
                    .println("last failure  " + failure.path("timestamp").asText() + " on "
                            + failure.path("host").asText() + ": "
                            + failure.path("state").asText() + " "
                            + failure.path("message").asText());
        }
        Table table = new Table("TASK", "STATE", "HOST", "PORTS", "STARTED");
        for (JsonNode task : app.path("tasks")) {
            table.row(
                    task.path("id").asText(),
                    task.path("state").asText(),
                    task.path("host").asText(),
                    task.path("ports").toString(),
                    ApiCommand.text(task, "startedAt"));
        }
        table.print(scheduler().out());
    }

    @Command(name = "explain", description = "Say why an app does not have all its instances.")
    void explain(@Parameters(paramLabel = "ID") String id) throws ApiException {
        Api.Reply reply = scheduler().api().get("/v1/apps/" + bare(id) + "/explain");
        if (scheduler().printed(reply)) {
            return;
        }
        scheduler().out().println(reply.body().path("summary").asText());
        if (reply.body().path("vetoes").isEmpty()) {
            scheduler().out().flush();
            return;
        }
        Table table = new Table("VETO", "COUNT", "EXAMPLE", "REASON");
        for (JsonNode veto : reply.body().path("vetoes")) {
            table.row(
                    veto.path("kind").asText(),
                    veto.path("count").asText(),
                    ApiCommand.text(veto, "agent"),
                    veto.path("reason").asText());
        }
        table.print(scheduler().out());
    }

    @Command(name = "scale", description = "Set an app's number of instances.")
    void scale(@Parameters(paramLabel = "ID") String id, @Parameters(paramLabel = "INSTANCES") int instances)
            throws ApiException {
        told(scheduler().api().put(path(id), "{\"instances\": " + instances + "}"));
    }

    @Command(name = "restart", description = "Replace an app's tasks by new ones.")
    void restart(@Parameters(paramLabel = "ID") String id) throws ApiException {
        told(scheduler().api().post(path(id) + "/restart", ""));
    }

    @Command(name = "rm", description = "Delete an app; its volumes stay unless their policy says otherwise.")
    void remove(@Parameters(paramLabel = "ID") String id) throws ApiException {
        told(scheduler().api().delete(path(id)));
    }

    @Command(name = "lint", description = "Say what each field of a definition comes to; asks no scheduler.")
    int lint(@Parameters(paramLabel = "FILE", description = "the definition, or -") String file) throws IOException {
        int result = new AppLint(scheduler().out()).lint(file.equals("-") ? "standard input" : file, read(file));
        scheduler().out().flush();
        return result;
    }

    private void told(Api.Reply reply) {
        scheduler().notes(reply.body());
        if (!scheduler().printed(reply)) {
            scheduler()
                    .out()
                    .println("deployment " + reply.body().path("deploymentId").asText());
            scheduler().out().flush();
        }
    }

    private int waitFor(String id, String deployment, int seconds) throws ApiException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            boolean open = false;
            for (JsonNode one : scheduler().api().get("/v2/deployments").body()) {
                open |= one.path("id").asText().equals(deployment);
            }
            if (!open) {
                return 0;
            }
            if (System.nanoTime() >= until) {
                scheduler()
                        .messages()
                        .println("not done within " + seconds + " s: "
                                + scheduler()
                                        .api()
                                        .get("/v1/apps/" + bare(id) + "/explain")
                                        .body()
                                        .path("summary")
                                        .asText());
                scheduler().messages().flush();
                return 1;
            }
            Thread.sleep(100);
        }
    }

    private static String read(String file) throws IOException {
        if (file.equals("-")) {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (Files.isDirectory(Path.of(file))) {
            throw new IllegalArgumentException(file + " is a directory; a file with a definition is needed");
        }
        try {
            return Files.readString(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + file, e);
        }
    }

    private static String bare(String id) {
        return id.replaceAll("^/+", "");
    }

    private static String path(String id) {
        return "/v2/apps/" + bare(id);
    }

    private ApiCommand scheduler() {
        return ApiCommand.of(spec);
    }
}
