package io.mooring.scheduler.engine;

import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.effect.Effect;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one conductor: per event decide, then commit, then perform. One thread owns all state. While a commit is on its
 * way the next events are decided into the next batch, so that many decisions share one transaction; no effect and no
 * answer leaves before everything it was decided on is durable.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final String CLOSED = "closed";
    private static final int INBOX = 20_000;
    /** Keeps a transaction well below ZooKeeper's 1 MiB. */
    private static final int BATCH_WEIGHT = 400;

    private final Decider decider;
    private final Store store;
    private final Performer performer;
    private final InstantSource clock;
    private final Consumer<String> stepDown;
    private final LinkedBlockingDeque<Event> inbox = new LinkedBlockingDeque<>(INBOX);
    private final BlockingQueue<Store.Outcome> outcomes = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean leading = true;

    private Batch onItsWay;
    private Batch next = new Batch();

    /** Something that happened, with what it means to the decider. */
    private interface Event {
        void decide(Batch batch, Decision decision);

        /** Nobody will decide it any more. */
        default void abandon(String why) {}
    }

    /** What is committed together: decisions, and the answers that wait for them. */
    private static final class Batch {
        private final List<Decision> decisions = new ArrayList<>();
        private final List<Runnable> answers = new ArrayList<>();
        private final List<Consumer<String>> refusals = new ArrayList<>();
        private int weight;

        boolean empty() {
            return decisions.isEmpty() && answers.isEmpty();
        }
    }

    /** A question or order of a user, answered on the engine's thread. */
    public interface Question<T> {
        T ask(Decider decider, Decision decision);
    }

    /**
     * @param stepDown is told why, once, when this leadership is over because a commit failed or something broke; it has
     *     to end the process, because what is in memory is not to be trusted any more
     */
    public Engine(Decider decider, Store store, Performer performer, InstantSource clock, Consumer<String> stepDown) {
        this.decider = decider;
        this.store = store;
        this.performer = performer;
        this.clock = clock;
        this.stepDown = stepDown;
        this.thread = new Thread(this::run, "engine");
    }

    public void start() {
        post((d, decision) -> d.start(decision));
        thread.start();
    }

    /** Hands in something that happened. Waits for room: what Mesos reports must not be lost. */
    public void post(Reaction reaction) {
        try {
            inbox.put((batch, decision) -> reaction.react(decider, decision));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hands in something that may be refused when there is too much to do, such as an offer. */
    public boolean offer(Reaction reaction) {
        return leading && inbox.offer((batch, decision) -> reaction.react(decider, decision));
    }

    /** What an event does. */
    public interface Reaction {
        void react(Decider decider, Decision decision);
    }

    /** Asks; the answer comes when everything it rests on is durable. */
    public <T> CompletableFuture<T> ask(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!leading || !inbox.offer(new Asked<>(question, answer, decider))) {
            answer.completeExceptionally(new NotLeadingException(
                    leading
                            ? "the scheduler has more to do than it can hold; try again"
                            : "this scheduler does not lead"));
        }
        return answer;
    }

    private record Asked<T>(Question<T> question, CompletableFuture<T> answer, Decider decider) implements Event {
        @Override
        public void decide(Batch batch, Decision decision) {
            batch.refusals.add(this::abandon);
            T result;
            try {
                result = question.ask(decider, decision);
            } catch (RuntimeException e) {
                if (!decision.records().isEmpty()) {
                    throw e; // half a change stands in the state, so nothing here is to be trusted any more
                }
                answer.completeExceptionally(e);
                return;
            }
            batch.answers.add(() -> answer.complete(result));
        }

        @Override
        public void abandon(String why) {
            answer.completeExceptionally(new NotLeadingException(why));
        }
    }

    /** How many events wait. */
    public int depth() {
        return inbox.size();
    }

    @Override
    public void close() {
        leading = false;
        thread.interrupt();
    }

    private void run() {
        String why = CLOSED;
        try {
            while (leading) {
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("the engine broke");
            why = "the engine broke: " + e;
        }
        end(why);
    }

    private void turn() throws InterruptedException {
        if (onItsWay != null && next.weight >= BATCH_WEIGHT) {
            settled(outcomes.take());
            return;
        }
        Event event = inbox.take();
        while (event != null && next.weight < BATCH_WEIGHT) {
            decide(event);
            event = next.weight < BATCH_WEIGHT ? inbox.poll() : null;
        }
        Store.Outcome outcome = outcomes.poll();
        if (outcome != null) {
            settled(outcome);
        } else {
            send();
        }
    }

    private void decide(Event event) {
        Decision decision = new Decision(decider.state(), clock.instant());
        event.decide(next, decision);
        decider.settle(decision);
        next.weight += decision.weight();
        if (!decision.records().isEmpty() || !decision.effects().isEmpty()) {
            next.decisions.add(decision);
        }
    }

    /** Commits the next batch if none is on its way. */
    private void send() {
        if (onItsWay != null || next.empty()) {
            return;
        }
        Batch batch = next;
        next = new Batch();
        List<StoreRecord> records = new ArrayList<>();
        batch.decisions.forEach(decision -> records.addAll(decision.records()));
        if (records.isEmpty()) {
            perform(batch);
            return;
        }
        onItsWay = batch;
        store.commit(records, outcome -> {
            outcomes.add(outcome);
            // Wakes the engine; an inbox that is full wakes it anyway.
            inbox.offerFirst((b, d) -> {});
        });
    }

    private void settled(Store.Outcome outcome) {
        Batch batch = onItsWay;
        onItsWay = null;
        if (outcome instanceof Store.Outcome.Lost lost) {
            leading = false;
            next.refusals.addAll(0, batch.refusals);
            end("the leadership ended: " + lost.why());
            return;
        }
        perform(batch);
        send();
    }

    private void perform(Batch batch) {
        for (Decision decision : batch.decisions) {
            for (Effect effect : decision.effects()) {
                log(effect);
                performer.perform(effect);
            }
        }
        batch.answers.forEach(Runnable::run);
    }

    private static void log(Effect effect) {
        if (effect instanceof Effect.Publish publish) {
            LOG.atInfo().log("{} {}", publish.notice().type(), publish.notice().facts());
        } else {
            LOG.atDebug().log("{}", effect);
        }
    }

    /** Nothing is decided any more: whoever waits is told, and so is the process, unless it was this engine's close. */
    private void end(String why) {
        leading = false;
        next.refusals.forEach(refusal -> refusal.accept(why));
        if (onItsWay != null) {
            onItsWay.refusals.forEach(refusal -> refusal.accept(why));
        }
        List<Event> left = new ArrayList<>();
        inbox.drainTo(left);
        left.forEach(event -> event.abandon(why));
        if (!why.equals(CLOSED)) {
            stepDown.accept(why);
        }
    }
}
