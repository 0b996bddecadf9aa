package io.mooring.scheduler.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Decide, then commit, then act: with a store whose outcomes the test gives. */
@Timeout(30)
class EngineTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final PausedStore store = new PausedStore();
    private final BlockingQueue<Effect> performed = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> steppedDown = new LinkedBlockingQueue<>();
    private Engine engine;

    /** Keeps every commit until the test says what becomes of it. */
    private static final class PausedStore implements Store {
        private final BlockingQueue<Commit> commits = new LinkedBlockingQueue<>();

        private record Commit(List<StoreRecord> records, Consumer<Outcome> outcome) {}

        @Override
        public void commit(List<StoreRecord> records, Consumer<Outcome> outcome) {
            commits.add(new Commit(List.copyOf(records), outcome));
        }

        Commit next() throws InterruptedException {
            Commit commit = commits.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(commit).as("a commit").isNotNull();
            return commit;
        }
    }

    @BeforeEach
    void start() {
        Policy policy = new Policy(
                1,
                new Resources(0, 0, 0),
                Map.of(),
                Map.of(),
                "/{name}",
                1,
                Policy.Timing.usual(),
                Policy.Takeover.usual(),
                Optional.empty());
        Decider decider = new Decider(new ClusterState(), policy, () -> "name");
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
        engine = new Engine(decider, store, this::perform, clock, steppedDown::add);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    /** What the decider does by itself, such as asking for silence, is not what these tests look at. */
    private void perform(Effect effect) {
        if (effect instanceof Effect.KillTask) {
            performed.add(effect);
        }
    }

    private static StoreRecord record(String name) {
        return new StoreRecord.PutFramework(new FrameworkId(name));
    }

    private static Effect effect(String name) {
        return new Effect.KillTask(new TaskId(name), new AgentId("agent"), Optional.empty());
    }

    private static void both(String name, Decision decision) {
        decision.record(record(name));
        decision.effect(effect(name));
    }

    private CompletableFuture<String> ask(String name) {
        return engine.ask((decider, decision) -> {
            both(name, decision);
            return name;
        });
    }

    private void write(String name) {
        engine.post((decider, decision) -> both(name, decision));
    }

    private Effect next() throws InterruptedException {
        return performed.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void letsNothingOutBeforeItIsDurable() throws Exception {
        engine.start();
        CompletableFuture<String> answer = ask("one");
        PausedStore.Commit commit = store.next();
        assertThat(commit.records()).containsExactly(record("one"));

        Thread.sleep(100);
        assertThat(performed).isEmpty();
        assertThat(answer).isNotDone();

        commit.outcome().accept(new Store.Outcome.Committed());
        assertThat(next()).isEqualTo(effect("one"));
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("one");
    }

    @Test
    void answersAQuestionWithoutRecordsOnlyAfterWhatItSawIsDurable() throws Exception {
        engine.start();
        CompletableFuture<String> write = ask("one");
        PausedStore.Commit commit = store.next();

        CompletableFuture<Optional<FrameworkId>> read =
                engine.ask((decider, decision) -> decider.state().framework());
        Thread.sleep(100);
        assertThat(read).isNotDone();

        commit.outcome().accept(new Store.Outcome.Committed());
        assertThat(read.get(10, TimeUnit.SECONDS)).contains(new FrameworkId("one"));
        assertThat(write).isCompletedWithValue("one");
    }

    @Test
    void answersWithoutTheStoreWhenNothingChanges() throws Exception {
        engine.start();

        assertThat(engine.ask((decider, decision) -> 42).get(10, TimeUnit.SECONDS))
                .isEqualTo(42);

        assertThat(store.commits).isEmpty();
    }

    @Test
    void commitsTogetherWhatArrivesWhileACommitIsOnItsWay() throws Exception {
        engine.start();
        write("one");
        PausedStore.Commit first = store.next();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (String name : List.of("two", "three", "four")) {
            answers.add(ask(name));
        }
        Thread.sleep(100);
        assertThat(store.commits).as("one at a time").isEmpty();

        first.outcome().accept(new Store.Outcome.Committed());
        PausedStore.Commit second = store.next();
        assertThat(second.records()).containsExactly(record("two"), record("three"), record("four"));
        assertThat(next()).isEqualTo(effect("one"));
        assertThat(performed).isEmpty();

        second.outcome().accept(new Store.Outcome.Committed());
        assertThat(List.of(next(), next(), next())).containsExactly(effect("two"), effect("three"), effect("four"));
        for (CompletableFuture<String> answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void boundsWhatOneTransactionCarries() throws Exception {
        engine.start();
        write("one");
        PausedStore.Commit first = store.next();
        for (int i = 0; i < 1000; i++) {
            write("n" + i);
        }
        first.outcome().accept(new Store.Outcome.Committed());

        int sum = 0;
        while (sum < 1000) {
            PausedStore.Commit commit = store.next();
            assertThat(commit.records()).hasSizeLessThanOrEqualTo(400);
            sum += commit.records().size();
            commit.outcome().accept(new Store.Outcome.Committed());
        }
        assertThat(sum).isEqualTo(1000);
    }

    @Test
    void stepsDownOnceWhenACommitIsLost() throws Exception {
        engine.start();
        CompletableFuture<String> first = ask("one");
        PausedStore.Commit commit = store.next();
        CompletableFuture<String> second = ask("two");
        Thread.sleep(100);

        commit.outcome().accept(new Store.Outcome.Lost("another leader"));

        assertThat(steppedDown.poll(10, TimeUnit.SECONDS)).contains("another leader");
        refused(first, "another leader");
        refused(second, "another leader");
        refused(ask("three"), "does not lead");
        Thread.sleep(100);
        assertThat(performed).isEmpty();
        assertThat(steppedDown).isEmpty();
        assertThat(store.commits).isEmpty();
    }

    @Test
    void stepsDownWhenItBreaksInTheMiddleOfAChange() throws Exception {
        engine.start();
        CompletableFuture<String> answer = engine.ask((decider, decision) -> {
            both("half", decision);
            throw new IllegalStateException("a bug");
        });

        assertThat(steppedDown.poll(10, TimeUnit.SECONDS)).contains("a bug");
        refused(ask("later"), "does not lead");
        refused(answer, "a bug");
    }

    @Test
    void failsOnlyTheQuestionThatBreaksBeforeItChangedAnything() throws Exception {
        engine.start();

        CompletableFuture<String> broken = engine.ask((decider, decision) -> {
            throw new IllegalStateException("a bug");
        });
        CompletableFuture<String> next = engine.ask((decider, decision) -> "well");

        assertThat(next.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("well");
        assertThat(broken).isCompletedExceptionally();
        assertThat(steppedDown).isEmpty();
    }

    @Test
    void doesNotStepDownWhenItIsClosed() throws Exception {
        engine.start();
        write("one");
        store.next();

        engine.close();

        Thread.sleep(200);
        assertThat(steppedDown).isEmpty();
        assertThat(performed).isEmpty();
        refused(ask("two"), "does not lead");
    }

    @Test
    void refusesQuestionsAndOffersButNoUpdatesWhenItIsFull() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch there = new CountDownLatch(1);
        engine.post((decider, decision) -> {
            there.countDown();
            await(go);
        });
        engine.start();
        assertThat(there.await(10, TimeUnit.SECONDS)).isTrue();
        int taken = 0;
        while (engine.offer((decider, decision) -> {})) {
            taken++;
            assertThat(taken).as("there is a bound").isLessThan(1_000_000);
        }

        refused(ask("no"), "more to do than it can hold");
        Thread update = new Thread(() -> engine.post((decider, decision) -> both("update", decision)), "update");
        update.start();
        update.join(200);
        assertThat(update.isAlive()).as("waits for room").isTrue();

        go.countDown();
        PausedStore.Commit commit = store.next();
        assertThat(commit.records()).containsExactly(record("update"));
        update.join();
    }

    @Test
    void performsInTheOrderOfItsDecisions() throws Exception {
        engine.start();
        engine.post((decider, decision) -> {
            decision.record(record("one"));
            decision.effect(effect("a"));
            decision.effect(effect("b"));
        });
        PausedStore.Commit first = store.next();
        engine.post((decider, decision) -> decision.effect(effect("c")));
        Thread.sleep(100);
        assertThat(performed).as("an effect does not overtake").isEmpty();

        first.outcome().accept(new Store.Outcome.Committed());

        assertThat(List.of(next(), next(), next())).containsExactly(effect("a"), effect("b"), effect("c"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refused(CompletableFuture<?> answer, String why) {
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NotLeadingException.class)
                .hasMessageContaining(why);
    }
}
