package io.mooring.benchmarks;

import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.local.zookeeper.EmbeddedZooKeeper;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.decision.StatusUpdate;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.zookeeper.Leadership;
import io.mooring.scheduler.zookeeper.Leadership.Term;
import io.mooring.scheduler.zookeeper.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a cluster full of claims is without grants after its leader's session ended: election, load, the first
 * decision, an agent looked at, and the next grant durable. ZooKeeper is a process of its own; Mesos is played, so its
 * own answers are not in the figures. Budget: 10 s with 100,000 tasks and claims.
 */
public final class RecoveryBenchmark {
    private static final int TASKS_IN_A_COMMIT = 80;
    private static final int SESSION_MILLIS = 10_000;

    private final InstantSource clock = InstantSource.system();
    private final Path directory;
    private final String connect;
    private final CompletableFuture<Long> inspection = new CompletableFuture<>();
    private final CompletableFuture<Long> grant = new CompletableFuture<>();

    private RecoveryBenchmark(Path directory, String connect) {
        this.directory = directory;
        this.connect = connect;
    }

    public static void main(String[] arguments)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        if (arguments.length == 2 && arguments[0].equals("zookeeper")) {
            serve(Path.of(arguments[1]));
            return;
        }
        int tasks = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("mooring-bench-");
        Process zooKeeper = start(directory);
        try {
            String port = zooKeeper.inputReader().readLine();
            new RecoveryBenchmark(directory, "127.0.0.1:" + port + "/mooring").measure(tasks);
        } finally {
            zooKeeper.destroy();
        }
        System.exit(0);
    }

    private static Process start(Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx2g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RecoveryBenchmark.class.getName(),
                        "zookeeper",
                        directory.resolve("zookeeper").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void serve(Path directory) throws IOException, InterruptedException {
        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(0, directory)) {
            System.out.println(server.port());
            Thread.currentThread().join();
        }
    }

    private void measure(int tasks) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        CountDownLatch first = new CountDownLatch(1);
        Leadership leader = standing("one", first);
        first.await();
        fill(leader.begin().orElseThrow().store(), tasks);
        CountDownLatch second = new CountDownLatch(1);
        Leadership standby = standing("two", second);
        while (standby.leader().isEmpty()) {
            Thread.sleep(50);
        }
        Thread.sleep(2000);

        // A session that is closed is to the others what one that expired is.
        long start = System.nanoTime();
        leader.close();
        second.await();
        long elected = System.nanoTime();
        Term term = standby.begin().orElseThrow();
        long loaded = System.nanoTime();
        Engine engine = engine(term);
        engine.start();
        int claims = ask(engine, (decider, decision) -> decider.state().claims().size());
        long decided = System.nanoTime();
        reign(engine);
        long granted = grant.get(60, TimeUnit.SECONDS);

        System.out.printf("%,d claims, %,d MiB of heap in use%n", claims, heap());
        phase("session's end to election", start, elected);
        phase("epoch raised and loaded", elected, loaded);
        phase("first decision", loaded, decided);
        phase("subscribed, agent looked at", decided, inspection.join());
        phase("grant durable, ACCEPT", inspection.join(), granted);
        phase("all of it", start, granted);
        engine.close();
        standby.close();
    }

    private Leadership standing(String self, CountDownLatch elected) {
        Leadership candidate = new Leadership(
                new Leadership.Settings(
                        connect,
                        SESSION_MILLIS,
                        self,
                        new Owner("mooring", Optional.empty()),
                        directory.resolve(self + "-epoch.json")),
                clock);
        candidate.stand(new Leadership.Candidate() {
            @Override
            public void elected() {
                elected.countDown();
            }

            @Override
            public void lost(String why) {
                System.err.println(self + ": " + why);
            }

            @Override
            public void refused(String why) {
                System.err.println(self + ": " + why);
            }
        });
        return candidate;
    }

    private static void fill(Store store, int tasks) throws InterruptedException, ExecutionException, TimeoutException {
        Crowd crowd = new Crowd();
        long start = System.nanoTime();
        commit(store, crowd.surroundings(tasks));
        List<StoreRecord> batch = new ArrayList<>();
        for (int number = 0; number < tasks; number++) {
            batch.addAll(crowd.task(number));
            if ((number + 1) % TASKS_IN_A_COMMIT == 0 || number == tasks - 1) {
                commit(store, batch);
                batch = new ArrayList<>();
            }
        }
        phase("filled, " + TASKS_IN_A_COMMIT + " tasks a commit", start, System.nanoTime());
    }

    private static void commit(Store store, List<StoreRecord> records)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<Store.Outcome> outcome = new CompletableFuture<>();
        store.commit(records, outcome::complete);
        if (outcome.get(60, TimeUnit.SECONDS) instanceof Store.Outcome.Lost lost) {
            throw new IllegalStateException(lost.why());
        }
    }

    private Engine engine(Term term) {
        Policy policy = new Policy(
                term.epoch(),
                new Resources(0.05, 96, 0),
                Map.of(),
                Map.of(),
                "/{name}",
                1,
                Policy.Timing.usual(),
                Policy.Takeover.usual(),
                term.safeMode());
        Decider decider =
                new Decider(term.state(), policy, () -> UUID.randomUUID().toString());
        return new Engine(decider, term.store(), this::perform, clock, why -> System.err.println("engine: " + why));
    }

    /** An ACCEPT that launches one of an app's tasks leaves when its claim is durable. */
    private void perform(Effect effect) {
        if (effect instanceof Effect.AcceptOffers accept) {
            boolean app = accept.launches().stream()
                    .anyMatch(launch -> launch.task().value().contains("waiting"));
            (app ? grant : inspection).complete(System.nanoTime());
        }
    }

    /** What Mesos and an executor say from the subscription to the grant. */
    private void reign(Engine engine) throws InterruptedException, ExecutionException, TimeoutException {
        engine.post((decider, decision) -> decider.subscribed(new FrameworkId("framework-1"), decision));
        offer(engine);
        inspection.get(60, TimeUnit.SECONDS);
        TaskId look = ask(
                engine,
                (decider, decision) ->
                        decider.state().operations().iterator().next().id());
        PluginReport plugin = new PluginReport(
                new DriverName("loop"), true, "loop/1", true, Optional.of("B"), OptionalLong.of(100L << 30), List.of());
        StatusUpdate seen = new StatusUpdate(
                look,
                Optional.of(new AgentId("agent-new")),
                Report.FINISHED,
                StatusUpdate.Source.EXECUTOR,
                "",
                "",
                Optional.empty(),
                Optional.of(new AgentReport(
                        new MachineKey("machine-new"), new BootId("boot-1"), List.of(plugin), List.of())));
        engine.post((decider, decision) -> decider.update(seen, decision));
        offer(engine);
    }

    private static void offer(Engine engine) {
        Offer offer = new Offer(
                new OfferId("offer-" + UUID.randomUUID()),
                new AgentId("agent-new"),
                "agent-new.example",
                Optional.of(new MachineKey("machine-new")),
                Optional.of("zone-1"),
                Map.of(),
                new Resources(4, 4096, 1000),
                Optional.of(8),
                List.of(),
                List.of("*"));
        engine.post((decider, decision) -> decider.offers(List.of(offer), decision));
    }

    private static <T> T ask(Engine engine, Engine.Question<T> question)
            throws InterruptedException, ExecutionException, TimeoutException {
        return engine.ask(question).get(60, TimeUnit.SECONDS);
    }

    private static void phase(String name, long from, long to) {
        System.out.printf("%-32s %10.1f ms%n", name, (to - from) / 1e6);
    }

    private static long heap() {
        System.gc();
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
    }
}
