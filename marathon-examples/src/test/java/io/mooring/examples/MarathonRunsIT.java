package io.mooring.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that Marathon runs with Mooring's executor: real agents, executors and volumes; Marathon is a stand-in. */
final class MarathonRunsIT {
    @TempDir
    private static Path directory;

    private static Cluster cluster;
    private static MarathonStandIn marathon;
    private static Path configuration;
    private static Path lonely;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(
                List.of("-Ddw.claims.heartbeatEvery=300ms", "-Ddw.claims.suspectAfter=2s"),
                Cluster.EXECUTOR,
                Duration.ofSeconds(15));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        configuration = Files.writeString(
                directory.resolve("executor.yml"),
                "schedulers: [" + cluster.address() + "]\ndeadlines: {request: 2, claim: 20, release: 0.5}\n");
        lonely = Files.writeString(
                directory.resolve("lonely.yml"),
                "schedulers: ['http://127.0.0.1:1']\ndeadlines: {request: 1, claim: 1}\n");
        marathon = new MarathonStandIn(cluster.master());
        marathon.subscribe();
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (marathon != null) {
                marathon.close();
            }
        } finally {
            if (cluster != null) {
                cluster.close();
            }
        }
    }

    @AfterEach
    void everybodyIsAwake() throws Exception {
        signal("CONT", cluster.pid("scheduler"));
    }

    private static String launch(String fixture, String volume, String machine, Path config) throws Exception {
        return marathon.launch(
                fixture,
                machine,
                Map.of("VOLUME", volume, "CONFIG", config.toString(), "EXECUTOR", Cluster.EXECUTOR.toString()));
    }

    private static String run(String fixture, String volume, String machine) throws Exception {
        String task = launch(fixture, volume, machine, configuration);
        marathon.await(task, "TASK_RUNNING");
        cluster.mounted(volume);
        return task;
    }

    private static void signal(String name, long pid) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private static String freedBy(String volume) throws Exception {
        Cluster.await("volume " + volume + " to be released", () -> cluster.claim(volume)
                .isNull());
        return cluster.history(volume).get(0).at("/releasedBy/code").asText();
    }

    @Test
    void anAppWritesToItsVolumeNobodyElseGetsItAndMooringsOwnAppHasTheDataAfterwards() throws Exception {
        String first = run("dvdi.json", "marathon-db", "agent-1");
        JsonNode claim = cluster.claim("marathon-db");
        assertThat(claim.path("framework").asText()).isEqualTo(marathon.framework());
        assertThat(claim.path("task").asText()).isEqualTo(first);
        Cluster.await("the app to write", () -> output(first).size() >= 2);
        assertThat(output(first)).containsExactly("nobody", "it's written by " + first);
        assertThat(cluster.command("claim", "show", "marathon-db", "--url", cluster.address()))
                .contains("of framework " + marathon.framework());

        String second = launch("dvdi.json", "marathon-db", "agent-2", configuration);
        assertThat(marathon.await(second, "TASK_FAILED"))
                .contains("Mooring does not grant the volumes", first, "agent-1");

        marathon.kill(first);
        marathon.await(first, "TASK_KILLED");
        assertThat(freedBy("marathon-db")).isEqualTo("E1");
        assertThat(cluster.history("marathon-db").get(0).path("fence").asLong())
                .isEqualTo(claim.path("fence").asLong());

        cluster.post(
                "{\"id\":\"/heir\",\"cmd\":\"cat /srv/heir/log; exec sleep 1000\",\"cpus\":0.1,\"mem\":32,\"env\":{"
                        + "\"DVDI_VOLUME_NAME\":\"marathon-db\",\"DVDI_VOLUME_DRIVER\":\"loop\","
                        + "\"DVDI_VOLUME_CONTAINERPATH\":\"/srv/heir\"}}");
        JsonNode heir = cluster.mounted("marathon-db", claim.path("fence").asLong());
        Cluster.await("the heir to read", () -> !cluster.output(heir).isEmpty());
        assertThat(cluster.output(heir)).containsExactly("it's written by " + first);
        cluster.delete("/heir");
    }

    @Test
    void theExampleWritesOrdersToItsVolumeAsTheUserOfItsLabel() throws Exception {
        ObjectNode app = (ObjectNode) new ObjectMapper()
                .readTree(Files.readString(Cluster.example("marathon-run.json"))
                        .replace("/opt/mooring/bin/mooring-executor", Cluster.EXECUTOR.toString()));
        ((ObjectNode) app.path("env")).put("MOORING_EXECUTOR_CONFIG", configuration.toString());

        String task = marathon.launch(app, "agent-2");

        marathon.await(task, "TASK_RUNNING");
        Path log = cluster.mountPoint(cluster.mounted("orders")).resolve("data/log");
        Cluster.await("orders", () -> Files.exists(log) && Files.readString(log).contains("order by " + task));
        assertThat(Files.getOwner(log).getName()).isEqualTo("nobody");
        marathon.kill(task);
        marathon.await(task, "TASK_KILLED");
        assertThat(freedBy("orders")).isEqualTo("E1");
    }

    @Test
    void aKilledExecutorLeavesAClaimThatIsFreedByProofAndTheNextTaskHasTheData() throws Exception {
        String first = run("external.json", "marathon-killed", "agent-1");
        Cluster.await("the app to write", () -> !output(first).isEmpty());

        signal("KILL", cluster.executorPid("marathon-" + first));
        marathon.await(first, "TASK_FAILED");

        assertThat(freedBy("marathon-killed")).isEqualTo("E1b");
        String next = run("external.json", "marathon-killed", "agent-2");
        Cluster.await("the next one to read", () -> output(next).size() == 2);
        assertThat(output(next)).containsExactly(first, next);
        marathon.kill(next);
        marathon.await(next, "TASK_KILLED");
        freedBy("marathon-killed");
    }

    @Test
    void withoutMooringTheTaskFailsBeforeAnythingIsTouched() throws Exception {
        String task = launch("dvdi.json", "marathon-lonely", "agent-1", lonely);

        assertThat(marathon.await(task, "TASK_FAILED"))
                .contains("Mooring was not reached", "http://127.0.0.1:1", "nothing was touched");
        assertThat(cluster.api().get("/v1/volumes").body().toString()).doesNotContain("marathon-lonely");
    }

    @Test
    void anAppThatDoesNotSayWhoRunsItFails() throws Exception {
        String task = launch("without-user.json", "marathon-nobody", "agent-1", configuration);

        assertThat(marathon.await(task, "TASK_FAILED")).contains("mooring/user is missing");
    }

    @Test
    void whileMooringSleepsTheWorkloadGoesOnAndItsEndIsToldToMooringLater() throws Exception {
        String task = run("dvdi.json", "marathon-asleep", "agent-1");
        long executor = cluster.executorPid("marathon-" + task);
        signal("STOP", cluster.pid("scheduler"));
        Thread.sleep(3000); // longer than a holder may be silent
        assertThat(ProcessHandle.of(executor)).isPresent();

        marathon.kill(task);
        marathon.await(task, "TASK_KILLED");
        signal("CONT", cluster.pid("scheduler"));

        assertThat(freedBy("marathon-asleep")).isIn("E1", "E1b");
    }

    @Test
    void anAgentsRestartChangesNothing() throws Exception {
        String task = run("dvdi.json", "marathon-restart", "agent-3");
        long executor = cluster.executorPid("marathon-" + task);

        cluster.fault("restart-agent", "agent-3");
        Thread.sleep(2500); // longer than a holder may be silent

        assertThat(cluster.executorPid("marathon-" + task)).isEqualTo(executor);
        assertThat(cluster.claim("marathon-restart").path("state").asText()).isEqualTo("MOUNTED");
        marathon.kill(task);
        marathon.await(task, "TASK_KILLED");
        assertThat(freedBy("marathon-restart")).isEqualTo("E1");
    }

    private static List<String> output(String task) throws java.io.IOException {
        List<Path> stdout = cluster.sandboxFiles("stdout", "marathon-" + task + "/");
        return stdout.isEmpty() ? List.of() : Files.readAllLines(stdout.get(0));
    }
}
