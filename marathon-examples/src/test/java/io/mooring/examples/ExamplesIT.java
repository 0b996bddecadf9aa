package io.mooring.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.ApiException;
import io.mooring.plugin.site.Requirements;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The examples, and the main job around them, on a whole cluster of real processes. */
final class ExamplesIT {
    private static Engine engine;
    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        engine = Requirements.hasDockerEngine() ? Engine.start() : null;
        cluster = engine == null ? Cluster.start() : Cluster.start(engine.socket());
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (cluster != null) {
                cluster.close();
            }
        } finally {
            if (engine != null) {
                engine.close();
            }
        }
    }

    @AfterEach
    void leaveNothing() throws Exception {
        for (JsonNode app : cluster.api().get("/v2/apps").body().path("apps")) {
            cluster.delete(app.path("id").asText());
        }
        cluster.reactivateAll();
    }

    @Test
    void everyExampleIsTestedHere() throws Exception {
        try (Stream<Path> files = Files.list(Cluster.example("."))) {
            List<String> examples = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
            assertThat(examples)
                    .as("here, in ServersIT, and where a framework of its own runs it")
                    .containsExactly(
                            "counter.json",
                            "dvdi-slots.json",
                            "ensemble.json",
                            "hello-play.json",
                            "marathon-run.json",
                            "mooring-scheduler.json",
                            "nginx.json",
                            "postgresql.json",
                            "redis.json",
                            "rolling.json",
                            "site-publisher.json",
                            "site.json");
        }
    }

    @Test
    void theSeedsExampleWritesToItsXfsVolumeAtRexRaysPath() throws Exception {
        JsonNode answer = cluster.run("hello-play.json");
        assertThat(answer.path("mooring").path("notes").toString()).contains("'rexray'", "'loop'");
        JsonNode claim = cluster.mounted("test12345");
        Path mount = cluster.mountPoint(claim);
        Cluster.await("hello to be touched", () -> Files.exists(mount.resolve("hello")));
        assertThat(Files.getFileStore(mount).type()).isEqualTo("xfs");
        assertThat(Files.getFileStore(mount).getTotalSpace()).isBetween(4_900_000_000L, 5L << 30);
        assertThat(Path.of("/var/lib/rexray/volumes/test12345")).doesNotExist();
        JsonNode volume = cluster.api().get("/v1/volumes/test12345").body();
        assertThat(volume.path("sizeGb").asInt()).isEqualTo(5);
        assertThat(volume.path("iops").asInt()).isEqualTo(150);
        assertThat(volume.path("type").asText()).isEqualTo("io1");
        assertThat(volume.path("fsType").asText()).isEqualTo("xfs");
    }

    @Test
    void theSeedsImageServesFromItsVolumeOnAPortOfTheOfferAndMovesWithItsData() throws Exception {
        Requirements.dockerEngine();
        engine.docker()
                .importImage("million12/nginx", "CMD [\"/bin/httpd\", \"-f\", \"-p\", \"80\", \"-h\", \"/data/www\"]");
        cluster.run("nginx.json");
        JsonNode first = cluster.mounted("nginx-data");
        Files.writeString(cluster.mountPoint(first).resolve("data/index.html"), "from the volume");
        assertThat(page("/nginx")).isEqualTo("from the volume");
        String container = "mooring-" + first.path("id").asText();
        assertThat(engine.containers()).containsExactly(container);
        assertThat(engine.docker()
                        .docker("inspect", "--format", "{{.HostConfig.Memory}} {{.HostConfig.CpuShares}}", container))
                .isEqualTo((32L << 20) + " 204");

        cluster.drain(first.path("machine").asText());
        JsonNode second = cluster.mounted("nginx-data", first.path("fence").asLong());
        assertThat(second.path("machine")).isNotEqualTo(first.path("machine"));
        assertThat(page("/nginx")).isEqualTo("from the volume");
        assertThat(engine.containers())
                .containsExactly("mooring-" + second.path("id").asText());
        assertThat(cluster.history("nginx-data").get(0).at("/releasedBy/code").asText())
                .isEqualTo("E1");
        cluster.delete("/nginx");
        assertThat(engine.containers()).isEmpty();
        assertThat(cluster.claim("nginx-data").isNull()).isTrue();
    }

    /** What the app's one task serves on its first port. */
    private static String page(String app) throws Exception {
        StringBuilder page = new StringBuilder();
        Cluster.await("the page of " + app, () -> {
            int port = cluster.tasks(app).get(0).path("ports").path(0).asInt();
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/index.html")
                    .toURL()
                    .openConnection();
            page.setLength(0);
            page.append(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            return connection.getResponseCode() == 200;
        });
        return page.toString();
    }

    @Test
    void anAppMovesWithItsDataWhenItsAgentIsDrained() throws Exception {
        cluster.run("counter.json");
        JsonNode first = cluster.mounted("counter-data");
        Cluster.await("some lines", () -> written(first) >= 5);
        long written = written(first);
        cluster.drain(first.path("machine").asText());
        JsonNode second = cluster.mounted("counter-data", first.path("fence").asLong());
        assertThat(second.path("machine")).isNotEqualTo(first.path("machine"));
        Cluster.await("the data to be found", () -> found(second) >= written);
        JsonNode past = cluster.history("counter-data").get(0);
        assertThat(past.path("id")).isEqualTo(first.path("id"));
        assertThat(past.at("/releasedBy/code").asText()).isEqualTo("E1");
    }

    @Test
    void theWorkloadOutlivesItsSchedulerWhichTakesItOverAgain() throws Exception {
        cluster.run("counter.json");
        JsonNode claim = cluster.mounted("counter-data");
        String framework = framework();
        ProcessHandle.of(cluster.pid("scheduler")).orElseThrow().destroyForcibly();
        int before = cluster.output(claim).size();
        Cluster.await("the workload to write on", () -> cluster.output(claim).size() > before + 3);
        Cluster.await("the scheduler to be back", () -> framework().equals(framework));
        Cluster.await("the task to be known as running", () -> cluster.running("/counter") == 1);
        assertThat(cluster.claim("counter-data").path("id")).isEqualTo(claim.path("id"));
        cluster.drain(claim.path("machine").asText());
        cluster.mounted("counter-data", claim.path("fence").asLong());
        cluster.delete("/counter");
        assertThat(cluster.claim("counter-data").isNull()).isTrue();
    }

    @Test
    void aKilledExecutorsVolumeIsReleasedByACleanUpOnItsMachine() throws Exception {
        cluster.run("counter.json");
        JsonNode claim = cluster.mounted("counter-data");
        String task = claim.path("task").asText();
        long executor = cluster.executorPid(task);

        String said = cluster.command(
                "local",
                "fault",
                "kill-executor",
                "--agent",
                claim.path("machine").asText(),
                "--executor",
                task,
                "--dir",
                cluster.directory().toString());

        assertThat(said).contains("kill-executor: done");
        Cluster.await(
                "the executor to be gone", () -> ProcessHandle.of(executor).isEmpty());
        JsonNode next = cluster.mounted("counter-data", claim.path("fence").asLong());
        JsonNode past = cluster.history("counter-data").get(0);
        assertThat(past.path("id")).isEqualTo(claim.path("id"));
        assertThat(past.at("/releasedBy/code").asText()).isIn("E1b", "E4");
        Cluster.await("the data to be found", () -> found(next) >= 1);
    }

    @Test
    void aKilledPluginComesBackAndTheVolumeCanBeReleased() throws Exception {
        cluster.run("counter.json");
        JsonNode claim = cluster.mounted("counter-data");
        ProcessHandle.of(cluster.pid("plugin-" + claim.path("machine").asText()))
                .orElseThrow()
                .destroyForcibly();
        cluster.delete("/counter");
        assertThat(cluster.history("counter-data").get(0).path("id")).isEqualTo(claim.path("id"));
    }

    @Test
    void aClusterThatIsStartedAgainGoesOnWithTheData() throws Exception {
        cluster.run("counter.json");
        JsonNode first = cluster.mounted("counter-data");
        Cluster.await("some lines", () -> written(first) >= 3);
        long written = written(first);
        cluster.stop();
        cluster.open();
        JsonNode second = cluster.mounted("counter-data", first.path("fence").asLong());
        Cluster.await("the data to be found", () -> found(second) >= written);
    }

    @Test
    void anAppWithoutVolumesIsScaledUpAndDownAndRestarted() throws Exception {
        cluster.post("{\"id\": \"/plain\", \"cmd\": \"sleep 1000\", \"cpus\": 0.1, \"mem\": 32}");
        Cluster.await("one task", () -> cluster.running("/plain") == 1);
        cluster.api().put("/v2/apps/plain", "{\"instances\": 4}");
        Cluster.await("four tasks", () -> cluster.running("/plain") == 4);
        cluster.api().put("/v2/apps/plain", "{\"instances\": 1}");
        Cluster.await("one task again", () -> cluster.tasks("/plain").size() == 1);
        String task = cluster.tasks("/plain").get(0).path("id").asText();
        Cluster.await(
                "no deployment",
                () -> cluster.api().get("/v2/deployments").body().isEmpty());
        cluster.api().post("/v2/apps/plain/restart", "");
        Cluster.await(
                "another task",
                () -> cluster.running("/plain") == 1
                        && !cluster.tasks("/plain").get(0).path("id").asText().equals(task));
    }

    @Test
    void aFailingAppIsTriedAgainWithBackoffAndSaysWhy() throws Exception {
        cluster.post("{\"id\": \"/failing\", \"cmd\": \"exit 7\", \"cpus\": 0.1, \"mem\": 32, \"backoffSeconds\": 30}");
        Cluster.await("the failure", () -> cluster.api()
                .get("/v2/apps/failing")
                .body()
                .at("/app/lastTaskFailure/message")
                .asText()
                .contains("7"));
        JsonNode explanation = cluster.api().get("/v1/apps/failing/explain").body();
        assertThat(explanation.path("missing").asInt()).isEqualTo(1);
        assertThat(explanation.at("/vetoes/0/kind").asText()).isEqualTo("BACKOFF");
        JsonNode queued = cluster.api().get("/v2/queue").body().at("/queue/0");
        assertThat(queued.at("/app/id").asText()).isEqualTo("/failing");
        assertThat(queued.at("/delay/timeLeftSeconds").asInt()).isPositive();
    }

    @Test
    void aVolumeIsDeclaredCreatedAndRemovedByItself() throws Exception {
        cluster.api()
                .post("/v1/volumes", "{\"name\": \"alone\", \"driver\": \"rexray\", \"options\": {\"size\": \"1\"}}");
        Cluster.await("the volume to be created", () -> state("alone").equals("AVAILABLE"));
        assertThatThrownBy(() -> cluster.api().post("/v1/volumes", "{\"name\": \"ALONE\", \"driver\": \"loop\"}"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("exists already");
        cluster.api().delete("/v1/volumes/alone");
        Cluster.await("the volume to be gone", () -> {
            for (JsonNode volume : cluster.api().get("/v1/volumes").body().path("items")) {
                if (volume.path("name").asText().equals("alone")) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void whatCannotBeIsAnsweredWithWhatWouldBeRightAndNothingIsMade() throws Exception {
        cluster.run("counter.json");
        assertThatThrownBy(() -> cluster.api().delete("/v1/volumes/counter-data"))
                .hasMessageContaining("is in use");
        refused("{\"id\": \"bad\", ", "Invalid JSON");
        refused(app("nosuch", "vol-a", "size=1"), "one of loop, rexray");
        refused(app("rexray", "../x", "size=1"), "2 to 128 letters");
        refused(app("rexray", "counter-data", "size=1"), "/counter");
        refused(app("rexray", "vol-a", "size=0"), "a whole number of GB");
        refused(app("rexray", "vol-a", "size=16000"), "at most");
        assertThat(cluster.api().get("/v2/apps").body().path("apps")).hasSize(1);
        assertThat(cluster.api().get("/v1/volumes").body().toString()).doesNotContain("vol-a");
    }

    private static void refused(String body, String expected) {
        assertThatThrownBy(() -> cluster.post(body))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(expected);
    }

    private static String app(String driver, String volume, String options) {
        return "{\"id\": \"bad\", \"cmd\": \"sleep 1\", \"env\": {\"DVDI_VOLUME_DRIVER\": \"" + driver
                + "\", \"DVDI_VOLUME_NAME\": \"" + volume + "\", \"DVDI_VOLUME_OPTS\": \"" + options + "\"}}";
    }

    private static String state(String volume) throws ApiException {
        return cluster.api().get("/v1/volumes/" + volume).body().path("state").asText();
    }

    private static String framework() throws ApiException {
        return cluster.api().get("/v1/status").body().at("/framework/id").asText();
    }

    /** The number of the last line that the task says it wrote. */
    private static long written(JsonNode claim) throws java.io.IOException {
        return cluster.output(claim).stream()
                .filter(line -> line.startsWith("wrote line "))
                .mapToLong(line -> Long.parseLong(line.substring("wrote line ".length())))
                .max()
                .orElse(0);
    }

    /** How many lines the task found when it began; -1 if it has not said so yet. */
    private static long found(JsonNode claim) throws java.io.IOException {
        return cluster.output(claim).stream()
                .filter(line -> line.startsWith("found "))
                .map(line -> Long.parseLong(line.split(" ")[1]))
                .findFirst()
                .orElse(-1L);
    }
}
