package io.mooring.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.ApiException;
import io.mooring.examples.WriterApp.Afterwards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Agents that nobody reaches, whose executors and workloads live on and write on, on real volumes: what becomes of the
 * volume under each policy, and what becomes of the old writer when its agent is back.
 */
final class TakeoverIT {
    private static final List<String> MACHINES = List.of("agent-1", "agent-2", "agent-3");
    /** Twice the time after which a suspect with {@code takeover: fence} is cut off here. */
    private static final long LONG_ENOUGH_MILLIS = 8_000;

    @TempDir
    private static Path directory;

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(
                List.of(
                        "-Dmooring.crashpoints=" + directory,
                        "-Ddw.zookeeper.sessionTimeout=4s",
                        "-Ddw.storage.takeover.suspectGrace=4s",
                        "-Ddw.storage.takeover.observeEvery=2s",
                        "-Ddw.storage.takeover.settle=2s",
                        "-Ddw.storage.takeover.compareEvery=5s"),
                // By itself an executor would soon ask its plugin, and end its workload when it hears of another owner.
                Cluster.executorWith(directory, "mooring.glance=3600000"),
                Duration.ofSeconds(1));
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void mendEverything() throws Exception {
        for (String machine : MACHINES) {
            cluster.fault("heal", machine);
        }
        // One that came back under a new id is listed twice, as what it was and as what it is.
        Cluster.await(
                "all agents to be there",
                () -> cluster.agents().stream()
                                .map(agent -> agent.path("machine").asText())
                                .distinct()
                                .count()
                        == MACHINES.size());
        cluster.reactivateAll();
        for (JsonNode app : cluster.api().get("/v2/apps").body().path("apps")) {
            cluster.delete(app.path("id").asText());
        }
        cluster.api().put("/v1/brake", "{\"engaged\": false, \"reason\": \"the test is over\"}");
    }

    @Test
    void aFencedHolderWritesNothingMoreAndIsCleanedWhenItReturns() throws Exception {
        WriterApp app = new WriterApp(cluster, "fenced", "fence", Afterwards.LIVES_ON);
        app.post();
        JsonNode old = app.awaitWriting(0);
        List<WriterApp.Run> before = app.runs(old);
        long executor = cluster.executorPid(task(old));

        cluster.fault("partition", machine(old));

        JsonNode next = app.awaitWriting(fence(old));
        assertThat(machine(next)).isNotEqualTo(machine(old));
        assertThat(cluster.history("fenced").get(0).at("/releasedBy/code").asText())
                .isEqualTo("E3");
        assertThat(ProcessHandle.of(executor))
                .as("the old executor, which nobody reaches")
                .isPresent();
        app.dataAndClaimAgree(next, before);

        cluster.fault("heal", machine(old));

        Cluster.await(
                "the old executor to end", () -> ProcessHandle.of(executor).isEmpty());
        awaitCleaned(machine(old), "fenced");
        assertThat(app.claim().path("id")).as("the new owner is not disturbed").isEqualTo(next.path("id"));
        app.dataAndClaimAgree(next, before);

        for (String other : MACHINES) {
            if (!other.equals(machine(old))) {
                cluster.drain(other);
            }
        }
        JsonNode back = app.awaitWriting(fence(next));
        assertThat(machine(back)).isEqualTo(machine(old));
        app.dataAndClaimAgree(back, before);
    }

    /** E4: nothing of a boot survives it, so its claims are free, and the old attachment is no obstacle to anybody. */
    @ParameterizedTest
    @ValueSource(strings = {"kept", "new"})
    void aRebootFreesWhatTheMachineHeldWhateverItsAgentIsCalledThen(String agentId) throws Exception {
        WriterApp app = new WriterApp(cluster, "rebooted-" + agentId, "evidence", Afterwards.LIVES_ON);
        app.post();
        JsonNode old = app.awaitWriting(0);
        List<WriterApp.Run> before = app.runs(old);

        cluster.reboot(machine(old), agentId);

        JsonNode next = app.awaitWriting(fence(old));
        // Another machine may have been refused the volume until the plugin of the rebooted one was up again.
        assertThat(cluster.history("rebooted-" + agentId))
                .filteredOn(past -> past.path("fence").asLong() == fence(old))
                .singleElement()
                .satisfies(past -> assertThat(past.at("/releasedBy/code").asText())
                        .as("%s", past)
                        .isEqualTo("E4"));
        app.dataAndClaimAgree(next, before);
    }

    /** Ordered and not sent; done and not on record; on record and not told to anybody. */
    static Stream<String> pointsOfAFence() {
        return "true".equals(System.getenv("CI"))
                ? Stream.of("after:T10", "before:S17", "after:S17")
                : Stream.of("after:T10");
    }

    @ParameterizedTest
    @MethodSource("pointsOfAFence")
    void aFenceIsFinishedByTheNextSchedulerWhereverItsOwnOneDies(String point) throws Exception {
        String name = "left-" + point.replace(':', '-').toLowerCase(java.util.Locale.ROOT);
        WriterApp app = new WriterApp(cluster, name, "fence", Afterwards.LIVES_ON);
        app.post();
        JsonNode old = app.awaitWriting(0);
        List<WriterApp.Run> before = app.runs(old);
        Files.createFile(directory.resolve(point + "@" + name));
        Path reached = directory.resolve(point + "@" + name + ".reached");

        cluster.fault("partition", machine(old));
        Cluster.await(point + " to be reached", () -> Files.exists(reached));
        ProcessHandle.of(cluster.pid("scheduler")).orElseThrow().destroyForcibly();
        Files.delete(reached);

        JsonNode next = app.awaitWriting(fence(old));
        assertThat(fence(next)).isEqualTo(fence(old) + 1);
        assertThat(machine(next)).isNotEqualTo(machine(old));
        assertThat(cluster.history(name)).singleElement().satisfies(past -> assertThat(
                        past.at("/releasedBy/code").asText())
                .isEqualTo("E3"));
        cluster.fault("heal", machine(old));
        awaitCleaned(machine(old), name);
        assertThat(app.claim().path("id")).isEqualTo(next.path("id"));
        app.dataAndClaimAgree(next, before);
    }

    @Test
    void withoutAFenceTheAppWaitsAndItsTaskIsKeptWhenTheAgentReturns() throws Exception {
        WriterApp app = new WriterApp(cluster, "waiting", "evidence");
        app.post();
        JsonNode claim = app.awaitWriting(0);

        cluster.fault("partition", machine(claim));

        awaitState("waiting", "SUSPECT");
        Thread.sleep(LONG_ENOUGH_MILLIS);
        assertThat(app.claim().path("state").asText()).isEqualTo("SUSPECT");
        assertThat(app.claim().path("waitingFor")).isNotEmpty();
        List<WriterApp.Run> before = app.runs(claim);

        cluster.fault("heal", machine(claim));

        awaitState("waiting", "MOUNTED");
        Cluster.await("the app to run again", () -> cluster.running(app.id()) == 1);
        assertThat(app.claim().path("id")).isEqualTo(claim.path("id"));
        assertThat(cluster.tasks(app.id()))
                .singleElement()
                .satisfies(task -> assertThat(task.path("id").asText()).isEqualTo(task(claim)));
        assertThat(cluster.history("waiting")).isEmpty();
        app.dataAndClaimAgree(app.claim(), before);
        Cluster.await(
                "the agent to be active again", () -> state(machine(claim)).equals("ACTIVE"));
    }

    @Test
    void theBrakeKeepsEverythingWhereItIsWhenAllAgentsAreLostTogether() throws Exception {
        WriterApp app = new WriterApp(cluster, "braked", "fence");
        app.post();
        JsonNode claim = app.awaitWriting(0);

        for (String machine : MACHINES) {
            cluster.fault("partition", machine);
        }

        awaitState("braked", "SUSPECT");
        Cluster.await("the brake", () -> brake().path("engaged").asBoolean());
        Thread.sleep(LONG_ENOUGH_MILLIS);
        assertThat(app.claim().path("state").asText()).isEqualTo("SUSPECT");
        assertThat(cluster.told("fence_ordered", "volume=braked")).isZero();

        for (String machine : MACHINES) {
            cluster.fault("heal", machine);
        }

        awaitState("braked", "MOUNTED");
        assertThat(app.claim().path("id")).isEqualTo(claim.path("id"));
        assertThat(brake().path("engaged").asBoolean())
                .as("a person has to let it go")
                .isTrue();
        assertThat(cluster.mooring("brake", "off", "--reason", "the switch is mended")
                        .exit())
                .isZero();
        assertThat(brake().path("engaged").asBoolean()).isFalse();
        app.dataAndClaimAgree(app.claim(), List.of());
    }

    @Test
    void anOperatorsWordReleasesWhatNothingElseMay() throws Exception {
        WriterApp app = new WriterApp(cluster, "released", "manual");
        app.post();
        JsonNode old = app.awaitWriting(0);
        List<WriterApp.Run> before = app.runs(old);
        String other = MACHINES.stream()
                .filter(machine -> !machine.equals(machine(old)))
                .findFirst()
                .orElseThrow();

        assertThat(release(machine(old), "--confirm", "released"))
                .matches(said -> said.exit() == 1)
                .matches(said -> said.output().contains("the holder is alive"), "says that the holder is alive");

        cluster.fault("partition", machine(old));
        awaitState("released", "SUSPECT");
        Thread.sleep(LONG_ENOUGH_MILLIS);
        assertThat(app.claim().path("id")).isEqualTo(old.path("id"));

        assertThat(release(machine(old))).matches(said -> said.exit() == 2, "asks at no terminal");
        assertThat(release(machine(old), "--confirm", "relaesed")).matches(said -> said.exit() == 2);
        assertThat(release(other, "--confirm", "released"))
                .matches(said -> said.exit() == 1)
                .matches(said -> said.output().contains("is held on machine " + machine(old)), "names the holder");
        assertThat(app.claim().path("id")).isEqualTo(old.path("id"));
        assertThat(release(machine(old), "--confirm", "released")).matches(said -> said.exit() == 0);

        JsonNode next = app.awaitWriting(fence(old));
        assertThat(machine(next)).isNotEqualTo(machine(old));
        assertThat(cluster.history("released").get(0).at("/releasedBy/code").asText())
                .isEqualTo("E5");
        assertThat(cluster.history("released").get(0).at("/releasedBy/what").asText())
                .contains("it burnt");
        app.dataAndClaimAgree(next, before);

        cluster.fault("heal", machine(old));
        awaitCleaned(machine(old), "released");
        app.dataAndClaimAgree(next, before);
    }

    private static Cluster.Said release(String machine, String... confirm) throws Exception {
        String[] arguments = new String[7 + confirm.length];
        String[] command = {"volume", "release", "released", "--machine", machine, "--reason", "it burnt"};
        System.arraycopy(command, 0, arguments, 0, command.length);
        System.arraycopy(confirm, 0, arguments, command.length, confirm.length);
        return cluster.mooring(arguments);
    }

    private static void awaitState(String volume, String state) throws InterruptedException {
        Cluster.await(
                "volume " + volume + " to be " + state,
                () -> cluster.claim(volume).path("state").asText().equals(state));
    }

    private static void awaitCleaned(String machine, String volume) throws InterruptedException {
        Cluster.await(
                "machine " + machine + " to be cleaned of " + volume,
                () -> cluster.told("machine_cleaned", "machine=" + machine + ", volumes=[" + volume) > 0);
    }

    private static JsonNode brake() throws ApiException {
        return cluster.api().get("/v1/brake").body();
    }

    private static String state(String machine) throws ApiException, IOException {
        for (JsonNode agent : cluster.agents()) {
            if (agent.path("machine").asText().equals(machine)) {
                return agent.path("state").asText();
            }
        }
        return "not known";
    }

    private static String machine(JsonNode claim) {
        return claim.path("machine").asText();
    }

    private static String task(JsonNode claim) {
        return claim.path("task").asText();
    }

    private static long fence(JsonNode claim) {
        return claim.path("fence").asLong();
    }
}
