package io.mooring.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scheduler as a framework of a cluster: how its executor comes to agents, and what becomes of it when Mesos removes it, or
 * another scheduler takes it over. */
@Timeout(180)
class FrameworkIT {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path EXECUTOR = ROOT.resolve("executor/target/mooring-executor");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private Processes processes;
    private int api;
    private int master;

    @TempDir
    private Path home;

    @BeforeEach
    void prepare() {
        processes = new Processes(home);
    }

    @AfterEach
    void stop() throws InterruptedException {
        processes.close();
    }

    @Test
    void runsATaskByAnExecutorThatTheAgentFetchedWithItsJava() throws Exception {
        cluster("delivery: served, runtime: bundled, home: " + EXECUTOR);
        scheduler();

        run("/served");

        assertThat(commands()).as("the executor's Java").anyMatch(command -> command.contains("/runtime/bin/java"));
        assertThat(sandboxes())
                .as("what was fetched")
                .anyMatch(path -> path.endsWith("mooring-executor/runtime/bin/java"));
        HttpResponse<Void> other = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api + "/v1/executor/other.tar.gz"))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(other.statusCode()).isEqualTo(404);
    }

    @Test
    void neverRegistersAnewByItselfOnceMesosRemovedIt() throws Exception {
        cluster("command: " + EXECUTOR.resolve("bin/mooring-executor"));
        scheduler();
        run("/web");
        String removed = framework();

        post(
                master,
                "/api/v1",
                "{\"type\":\"TEARDOWN\",\"teardown\":{\"framework_id\":{\"value\":\"" + removed + "\"}}}");

        Process first = processes.forgetLast();
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).isEqualTo(4);
        assertThat(processes.said("scheduler")).contains("--start-over " + removed);
        start();
        Process again = processes.forgetLast();
        assertThat(again.waitFor(60, TimeUnit.SECONDS))
                .as("a start changes nothing")
                .isTrue();
        assertThat(again.exitValue()).isEqualTo(4);

        scheduler("--start-over", removed);
        assertThat(framework()).isNotEqualTo(removed);
        awaitTask("/web");
    }

    @Test
    void standsByWhenAnotherSchedulerTakesItsFrameworkOver() throws Exception {
        cluster("command: " + EXECUTOR.resolve("bin/mooring-executor"));
        scheduler();
        run("/web");
        String id = framework();
        long epoch = epoch();

        HttpResponse<InputStream> taken = subscribe(id);

        assertThat(taken.statusCode()).isEqualTo(200);
        processes.await(() -> processes.said("scheduler").contains("stands for election again in"), "it to stand by");
        processes.await(() -> epoch() > epoch, "the same process to lead again");
        assertThat(framework()).isEqualTo(id);
        awaitTask("/web");
        taken.body().close();
    }

    /** Somebody who knows nothing of this ZooKeeper subscribes under the framework's id. */
    private HttpResponse<InputStream> subscribe(String framework) throws Exception {
        String info = "{\"user\":\"" + System.getProperty("user.name") + "\",\"name\":\"other\",\"id\":{\"value\":\""
                + framework + "\"}}";
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + master + "/api/v1/scheduler"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"type\":\"SUBSCRIBE\",\"framework_id\":{\"value\":\"" + framework
                                        + "\"},\"subscribe\":{\"framework_info\":" + info + "}}"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    /** That of the running term; 0 while there is none. */
    private long epoch() throws Exception {
        return get(api, "/v1/status").path("epoch").asLong();
    }

    private String framework() throws Exception {
        return get(api, "/v1/status").path("framework").path("id").asText();
    }

    private void run(String app) throws Exception {
        JsonNode posted =
                post(api, "/v2/apps", "{\"id\":\"" + app + "\",\"cmd\":\"sleep 1000\",\"cpus\":0.1,\"mem\":32}");
        assertThat(posted.path("id").asText()).isEqualTo(app);
        awaitTask(app);
    }

    private void awaitTask(String app) throws Exception {
        processes.await(
                () -> get(api, "/v2/apps/" + app)
                                .path("app")
                                .path("tasksRunning")
                                .asInt()
                        == 1,
                "the task of " + app + " to run");
    }

    /** @param executor the section of that name */
    private void cluster(String executor) throws Exception {
        api = Processes.freePort();
        master = Processes.freePort();
        int zooKeeper = Processes.freePort();
        Path agent = Files.writeString(
                home.resolve("agent.json"),
                "{\"machine\":\"agent-1\",\"journalDir\":\"" + home.resolve("journal") + "\",\"pluginSocketDirs\":[],"
                        + "\"pluginSpecDirs\":[]}");
        Path local = Files.writeString(
                home.resolve("local.json"),
                "{\"master\":{\"port\":" + master + "},\"zookeeper\":{\"port\":" + zooKeeper + ",\"dataDir\":\""
                        + home.resolve("zookeeper") + "\"},\"agents\":[{\"name\":\"agent-1\",\"port\":"
                        + Processes.freePort()
                        + ",\"workDir\":\"" + home.resolve("work") + "\",\"hostname\":\"127.0.0.1\",\"resources\":"
                        + "\"cpus:4;mem:4096;disk:10240;ports:[31000-31999]\",\"attributes\":\"machine:agent-1\","
                        + "\"executorEnvironment\":{\"MOORING_AGENT_CONFIG\":\"" + agent
                        + "\",\"JAVA_HOME\":\"/nowhere\"}}]}");
        Path scheduler = Files.writeString(home.resolve("scheduler.yml"), """
                zookeeper: {connect: "127.0.0.1:%d/mooring", sessionTimeout: 5s, epochFile: %s}
                mesos: {masters: "127.0.0.1:%d"}
                framework: {user: %s}
                executor: {%s}
                server:
                  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                logging: {level: WARN, loggers: {io.mooring: INFO}}
                """.formatted(
                        zooKeeper,
                        home.resolve("epoch.json"),
                        master,
                        System.getProperty("user.name"),
                        executor,
                        api,
                        Processes.freePort()));
        processes.java("cluster", "io.mooring.local.app.LocalMesosMain", "--config", local.toString());
        processes.await(() -> processes.said("cluster").contains("ready master="), "the local cluster");
        assertThat(scheduler).exists();
    }

    /** Starts it and waits until it is a framework. */
    private void scheduler(String... more) throws Exception {
        start(more);
        processes.await(() -> processes.said("scheduler").contains("subscribed as"), "the scheduler");
    }

    private void start(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "io.mooring.cli.MooringMain",
                "scheduler",
                "--config",
                home.resolve("scheduler.yml").toString()));
        arguments.addAll(List.of(more));
        processes.java("scheduler", arguments.toArray(String[]::new));
    }

    private JsonNode get(int port, String path) throws Exception {
        return JSON.readTree(client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private JsonNode post(int port, String path, String body) throws Exception {
        return JSON.readTree(client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .toList()) {
                try {
                    String command = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (command.contains("ExecutorMain")) {
                        commands.add(command.replace('\0', ' '));
                    }
                } catch (IOException e) {
                    assertThat(process).as("ended meanwhile").isNotNull();
                }
            }
        }
        return commands;
    }

    private List<String> sandboxes() throws IOException {
        try (Stream<Path> all = Files.walk(home.resolve("work"))) {
            return all.map(Path::toString).toList();
        }
    }
}
