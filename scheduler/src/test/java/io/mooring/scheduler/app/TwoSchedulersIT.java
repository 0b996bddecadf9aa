package io.mooring.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.zookeeper.LoopbackZooKeeper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedulers as processes at one real ZooKeeper: one leads, the others pass on to it and take its place. */
class TwoSchedulersIT {
    private static final String FRAMEWORK = "mooring";

    @TempDir
    private Path directory;

    private final List<SchedulerProcess> schedulers = new ArrayList<>();
    private TestingServer zooKeeper;
    private RecordedMaster master;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = LoopbackZooKeeper.start();
        master = new RecordedMaster();
    }

    @AfterEach
    void stop() throws Exception {
        schedulers.forEach(SchedulerProcess::close);
        master.close();
        zooKeeper.close();
    }

    private SchedulerProcess scheduler(String name, String framework) throws IOException {
        SchedulerProcess scheduler =
                SchedulerProcess.start(directory, name, zooKeeper.getConnectString(), master.address(), framework);
        schedulers.add(scheduler);
        return scheduler;
    }

    private SchedulerProcess leader() throws Exception {
        SchedulerProcess leader = scheduler("leader", FRAMEWORK);
        until("it leads", leader, leader::leads);
        return leader;
    }

    private SchedulerProcess standbyOf(SchedulerProcess leader) throws Exception {
        SchedulerProcess standby = scheduler("standby", FRAMEWORK);
        until("it passes on", standby, () -> leaderNamedBy(standby).equals("http://" + leader.self()));
        return standby;
    }

    private static String leaderNamedBy(SchedulerProcess standby) {
        try {
            return standby.get("/v2/info")
                    .headers()
                    .firstValue("X-Marathon-Leader")
                    .orElse("");
        } catch (Exception e) {
            return "";
        }
    }

    private static void until(String what, SchedulerProcess scheduler, BooleanSupplier condition) throws Exception {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertThat(i)
                    .as("twentieths of a second until %s; it said %s", what, scheduler.said())
                    .isLessThan(800);
            Thread.sleep(50);
        }
    }

    @Test
    void passesEveryRequestOnToTheLeader() throws Exception {
        SchedulerProcess leader = leader();
        SchedulerProcess standby = standbyOf(leader);

        HttpResponse<String> created = standby.run("/through-the-standby");

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.headers().firstValue("X-Marathon-Leader")).contains("http://" + leader.self());
        assertThat(leader.get("/v2/apps//through-the-standby").statusCode()).isEqualTo(200);
        assertThat(standby.get("/v2/apps//through-the-standby").statusCode()).isEqualTo(200);
        assertThat(standby.get("/v2/apps/none").statusCode()).isEqualTo(404);
        assertThat(standby.json("/v1/status").path("self").asText()).isEqualTo(leader.self());
        HttpResponse<String> deleted = standby.http()
                .send(standby.request("/v2/apps//through-the-standby").DELETE().build(), BodyHandlers.ofString());
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(standby.get("/ping").headers().firstValue("X-Marathon-Leader"))
                .as("every scheduler is alive for itself")
                .isEmpty();
    }

    @Test
    void passesEventsOnAsTheyHappen() throws Exception {
        SchedulerProcess leader = leader();
        SchedulerProcess standby = standbyOf(leader);
        HttpResponse<InputStream> events =
                standby.http().send(standby.request("/v1/events").build(), BodyHandlers.ofInputStream());

        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo(": connected");
            assertThat(leader.run("/seen").statusCode()).isEqualTo(201);

            CompletableFuture<String> event = CompletableFuture.supplyAsync(() -> lines.lines()
                    .filter(line -> line.startsWith("data:"))
                    .findFirst()
                    .orElse(""));
            assertThat(event.get(5, TimeUnit.SECONDS)).contains("/seen");
        }
    }

    @Test
    void passesNothingOnASecondTime() throws Exception {
        SchedulerProcess standby = standbyOf(leader());

        HttpResponse<String> answer = standby.http()
                .send(
                        standby.request("/v1/status")
                                .header("X-Marathon-Via", "127.0.0.1:1")
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("does not lead", "127.0.0.1:1");
    }

    @Test
    void takesOverFromALeaderThatWasKilled() throws Exception {
        SchedulerProcess leader = leader();
        SchedulerProcess standby = standbyOf(leader);
        assertThat(leader.run("/kept").statusCode()).isEqualTo(201);

        leader.signal("KILL");
        HttpResponse<String> meanwhile = standby.get("/v1/status");
        until("it leads", standby, standby::leads);

        assertThat(meanwhile.statusCode()).isEqualTo(503);
        assertThat(meanwhile.body()).contains("\"status\":503", "leader");
        assertThat(standby.get("/v2/apps//kept").statusCode()).isEqualTo(200);
        assertThat(standby.json("/v1/status").path("epoch").asLong()).isEqualTo(2);
    }

    @Test
    void changesNothingAfterAPauseLongerThanItsSession() throws Exception {
        SchedulerProcess paused = leader();
        SchedulerProcess standby = standbyOf(paused);
        assertThat(paused.run("/before").statusCode()).isEqualTo(201);
        paused.signal("STOP");
        // It lies in the paused scheduler's queue, and is the first thing that it sees when it wakes.
        CompletableFuture<HttpResponse<String>> late = paused.ordered("/late");
        until("the standby leads", standby, standby::leads);
        assertThat(standby.run("/after").statusCode()).isEqualTo(201);
        long calls = master.callsOf(paused.self());

        paused.signal("CONT");

        assertThat(paused.ended(Duration.ofSeconds(15))).as(paused.said()).isTrue();
        assertThat(paused.status()).isEqualTo(1);
        assertThat(paused.said()).contains("this scheduler ends: ");
        assertThat(master.callsOf(paused.self())).as("calls to Mesos").isEqualTo(calls);
        // Another's write would have cost the new leader its next commit, and with it the leadership.
        assertThat(standby.run("/and-on").statusCode()).isEqualTo(201);
        assertThat(standby.leads()).isTrue();
        assertThat(standby.json("/v1/status").path("epoch").asLong()).isEqualTo(2);
        boolean passedOn = late.handle((answer, failure) -> failure == null && answer.statusCode() == 201)
                .get(20, TimeUnit.SECONDS);
        assertThat(standby.get("/v2/apps//late").statusCode()).isEqualTo(passedOn ? 200 : 404);
    }

    @Test
    void refusesARootThatBelongsToAnotherFramework() throws Exception {
        leader();

        SchedulerProcess other = scheduler("other", "not-mooring");

        assertThat(other.ended(Duration.ofSeconds(30))).as(other.said()).isTrue();
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.said()).contains("belongs to the framework 'mooring'", "'not-mooring'", "zookeeper.connect");
    }

    @Test
    void refusesARequestWithABodyWhileNobodyLeads() throws Exception {
        SchedulerProcess leader = leader();
        SchedulerProcess standby = standbyOf(leader);
        leader.signal("KILL");
        assertThat(leader.ended(Duration.ofSeconds(5))).isTrue();
        assertThat(standby.get("/v1/status").statusCode()).isEqualTo(503);

        HttpResponse<String> answer = standby.http()
                .send(
                        standby.request("/v2/apps")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).startsWith("{\"message\":");
    }
}
