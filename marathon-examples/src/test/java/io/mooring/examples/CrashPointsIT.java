package io.mooring.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.cli.api.ApiException;
import io.mooring.examples.CrashPoint.Phase;
import io.mooring.examples.CrashPoint.Place;
import io.mooring.examples.CrashPoint.Victim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every step of a launch and of a stop, S1 to S18, with the scheduler and the executor killed before and after it: on
 * real processes, with ZooKeeper and loop devices. By default a sample; all of them in CI.
 *
 * <p>Each case has an app of its own, which has written to its volume before the case begins. Processes stop at
 * {@link CrashPoint}s until they are killed or let go.
 */
final class CrashPointsIT {
    private static final boolean ALL = "true".equals(System.getenv("CI"));

    /** Names the directory of armed points to every process. */
    private static final String PROPERTY = "mooring.crashpoints";

    private static Path points;
    private static Cluster cluster;
    private static final Map<String, Case> CASES = new LinkedHashMap<>();
    private static final Map<String, Throwable> TROUBLES = new HashMap<>();

    /** One app, the point it is brought to, and what it had written before. */
    private record Case(CrashPoint point, Victim victim, WriterApp app, long fence, List<WriterApp.Run> written) {
        Case ran(JsonNode claim) throws IOException {
            return new Case(point, victim, app, claim.path("fence").asLong(), app.runs(claim));
        }

        String name() {
            return nameOf(point, victim);
        }

        @Override
        public String toString() {
            return victim + " killed " + point;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        points = Files.createTempDirectory("mooring-points-");
        Path executor = Cluster.executorWith(points, PROPERTY + "=" + points);
        cluster = Cluster.start(
                List.of("-D" + PROPERTY + "=" + points, "-Ddw.zookeeper.sessionTimeout=4s"),
                executor,
                Duration.ofSeconds(15));
        for (CrashPoint point : CrashPoint.values()) {
            for (Victim victim : Victim.values()) {
                if (point.kills(victim) && (ALL || point.sampled(victim))) {
                    WriterApp app = new WriterApp(cluster, nameOf(point, victim), "evidence");
                    app.post();
                    CASES.put(nameOf(point, victim), new Case(point, victim, app, 0, List.of()));
                }
            }
        }
        for (Case each : List.copyOf(CASES.values())) {
            CASES.put(each.name(), each.ran(each.app().awaitWriting(0)));
            if (each.point().phase() == Phase.LAUNCH) {
                each.app().scale(0);
            }
        }
        for (Case each : CASES.values()) {
            if (each.point().phase() == Phase.LAUNCH) {
                each.app().awaitReleased();
            }
        }
        crash();
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
        try (Stream<Path> files = Files.list(points)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(points);
    }

    /**
     * Brings every case to its point and kills. Executors and plugins stand at theirs all at once; a scheduler that stands
     * at one point comes to no other, so those are one after the other.
     */
    private static void crash() throws Exception {
        for (Victim victim : Victim.values()) {
            sideBySide(cases(victim, each -> each.point().place() != Place.SCHEDULER));
        }
        for (Case each : cases(Victim.SCHEDULER, scheduled -> scheduled.point().place() == Place.SCHEDULER)) {
            sideBySide(List.of(each));
        }
        List<Case> executors = cases(Victim.EXECUTOR, each -> each.point().place() == Place.SCHEDULER);
        executors.forEach(each -> tried(each, () -> standAndKill(List.of(each))));
        executors.forEach(each -> tried(each, () -> settle(each)));
        for (Case each : CASES.values()) {
            if (each.point().phase() == Phase.STOP) {
                tried(each, () -> each.app().scale(1));
            }
        }
    }

    private static List<Case> cases(Victim victim, Predicate<Case> which) {
        return CASES.values().stream()
                .filter(each -> each.victim() == victim)
                .filter(which)
                .toList();
    }

    private static void sideBySide(List<Case> cases) {
        try {
            standAndKill(cases);
        } catch (Exception | AssertionError e) {
            cases.forEach(each -> TROUBLES.putIfAbsent(each.name(), e));
        }
        cases.forEach(each -> tried(each, () -> settle(each)));
    }

    private static void standAndKill(List<Case> cases) throws Exception {
        try {
            for (Case each : cases) {
                bring(each);
            }
            for (Case each : cases) {
                awaitReached(each);
            }
            if (!cases.isEmpty() && cases.get(0).victim() == Victim.SCHEDULER) {
                for (Case each : cases) {
                    awaitSent(each);
                }
                kill(cluster.pid("scheduler"));
            } else {
                for (Case each : cases) {
                    kill(cluster.executorOfApp(each.app().id()));
                }
            }
        } finally {
            for (Case each : cases) {
                letGo(each);
            }
        }
    }

    /** Before a scheduler is killed again, so that it dies at the point of one case and in the middle of no other. */
    private static void settle(Case of) throws Exception {
        if (of.point().phase() == Phase.LAUNCH) {
            cluster.mounted(of.app().volume(), of.fence());
        } else {
            of.app().awaitReleased();
        }
    }

    private interface Deed {
        void done() throws Exception;
    }

    /** What goes wrong with one case is that case's failure, and the others go on. */
    private static void tried(Case of, Deed deed) {
        try {
            deed.done();
        } catch (Exception | AssertionError e) {
            TROUBLES.putIfAbsent(of.name(), e);
        }
    }

    static Stream<Case> cases() {
        return CASES.values().stream();
    }

    private static void bring(Case to) throws Exception {
        Files.createFile(armed(to));
        // A scheduler that stands at its point answers nobody.
        Thread order = new Thread(() -> order(to), "order-" + to.name());
        order.setDaemon(true);
        order.start();
    }

    private static void order(Case to) {
        try {
            to.app().scale(to.point().phase() == Phase.LAUNCH ? 1 : 0);
        } catch (ApiException e) {
            // Killed under the request. Had the order not been taken, the point would not be reached.
        }
    }

    private static void awaitReached(Case at) throws InterruptedException {
        Cluster.await(at + " to be reached", () -> Files.exists(reached(at)));
    }

    /** Calls to Mesos leave on a thread of their own, on a busy machine a moment after the scheduler has come to the point. */
    private static void awaitSent(Case of) throws InterruptedException {
        if (of.point() == CrashPoint.AFTER_S2) {
            Cluster.await(
                    "the launch of " + of + " to be sent",
                    () -> cluster.hasExecutor(of.app().id()));
        }
    }

    private static void kill(long pid) throws InterruptedException {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        Cluster.await("process " + pid + " to be dead", () -> !process.isAlive());
    }

    private static void letGo(Case at) throws IOException {
        Files.deleteIfExists(armed(at));
        Files.deleteIfExists(reached(at));
    }

    /** What has to come of it, whatever happened: the app runs, with its data, and everything can be given back. */
    @ParameterizedTest
    @MethodSource("cases")
    void runsAgainWithItsDataAndGivesEverythingBack(Case of) throws Exception {
        if (TROUBLES.containsKey(of.name())) {
            throw new AssertionError(of + ": " + TROUBLES.get(of.name()), TROUBLES.get(of.name()));
        }
        WriterApp app = of.app();
        JsonNode claim = app.awaitWriting(of.fence());
        assertThat(claim.path("fence").asLong())
                .as("fence of %s; it was %s before, and its history is %s", of, of.fence(), cluster.history(of.name()))
                .isEqualTo(of.fence() + of.point().grants(of.victim()));
        long hit = of.point().phase() == Phase.STOP ? of.fence() : of.fence() + 1;
        for (JsonNode past : cluster.history(of.name())) {
            if (past.path("fence").asLong() == hit) {
                assertThat(past.at("/releasedBy/code").asText())
                        .as("what freed fence %s of %s: %s", hit, of, past)
                        .isIn(of.point().freedBy(of.victim()));
            }
        }
        app.dataAndClaimAgree(claim, of.written());
        cluster.delete(app.id());
        assertThat(app.claim().isNull()).isTrue();
        app.noWriterFoundAnother();
    }

    private static Path armed(Case at) {
        return points.resolve(at.point().at() + "@" + at.name());
    }

    private static Path reached(Case at) {
        return points.resolve(armed(at).getFileName() + ".reached");
    }

    private static String nameOf(CrashPoint point, Victim victim) {
        return (point.at().replace(':', '-') + "-" + victim).toLowerCase(java.util.Locale.ROOT);
    }
}
