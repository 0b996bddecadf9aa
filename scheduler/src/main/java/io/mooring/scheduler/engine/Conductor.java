package io.mooring.scheduler.engine;

import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.effect.Effect;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Per event decide, then commit, then perform. While a commit is on its way the next events are decided into the next
 * batch, so that many decisions share one transaction; no effect and no answer leaves before everything it was decided
 * on is durable. It has no thread and knows no time but the clock it is given: all calls come from one thread, and the
 * outcomes of commits are brought back to it.
 */
public final class Conductor {
    private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
    /** Keeps a transaction well below ZooKeeper's 1 MiB. */
    private static final int BATCH_WEIGHT = 400;

    private final Decider decider;
    private final Store store;
    private final Performer performer;
    private final InstantSource clock;
    private final Consumer<Store.Outcome> outcomes;

    private Batch onItsWay;
    private Batch next = new Batch();

    /** Something that happened, with what it means to the decider. */
    public interface Event {
        /** Decides what comes of it; {@code answers} leave with the decision's effects. */
        void decide(Decider decider, Decision decision, Answers answers);

        /** Nobody will decide it any more. */
        default void abandon(String why) {}
    }

    /** Where an event leaves what it has to say. */
    public interface Answers {
        /** Said once everything that was decided so far is durable. */
        void whenDurable(Runnable answer);

        /** Said instead when this leadership ends before that. */
        void otherwise(Consumer<String> refusal);
    }

    /** What is committed together: decisions, and the answers that wait for them. */
    private static final class Batch implements Answers {
        private final List<Decision> decisions = new ArrayList<>();
        private final List<Runnable> answers = new ArrayList<>();
        private final List<Consumer<String>> refusals = new ArrayList<>();
        private int weight;

        @Override
        public void whenDurable(Runnable answer) {
            answers.add(answer);
        }

        @Override
        public void otherwise(Consumer<String> refusal) {
            refusals.add(refusal);
        }

        boolean empty() {
            return decisions.isEmpty() && answers.isEmpty();
        }

        List<StoreRecord> records() {
            List<StoreRecord> records = new ArrayList<>();
            decisions.forEach(decision -> records.addAll(decision.records()));
            return records;
        }

        /**
         * Whether it says something to an executor. A leader that was deposed and does not know it yet must not: so
         * even if nothing is to be recorded, the store is asked whether this leadership still stands.
         */
        boolean speaksToExecutors() {
            return decisions.stream()
                    .flatMap(decision -> decision.effects().stream())
                    .anyMatch(effect -> effect instanceof Effect.SendMessage || effect instanceof Effect.Acknowledge);
        }
    }

    /** @param outcomes takes the store's outcomes, on any thread, and has {@link #settled} called with them */
    public Conductor(
            Decider decider, Store store, Performer performer, InstantSource clock, Consumer<Store.Outcome> outcomes) {
        this.decider = decider;
        this.store = store;
        this.performer = performer;
        this.clock = clock;
        this.outcomes = outcomes;
    }

    /** An event that only reacts. */
    static Event reaction(Engine.Reaction reaction) {
        return (decider, decision, answers) -> reaction.react(decider, decision);
    }

    /** An event whose answer somebody waits for. */
    static <T> Event question(Engine.Question<T> question, CompletableFuture<T> answer) {
        return new Asked<>(question, answer);
    }

    private record Asked<T>(Engine.Question<T> question, CompletableFuture<T> answer) implements Event {
        @Override
        public void decide(Decider decider, Decision decision, Answers answers) {
            answers.otherwise(this::abandon);
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
            answers.whenDurable(() -> answer.complete(result));
        }

        @Override
        public void abandon(String why) {
            answer.completeExceptionally(new NotLeadingException(why));
        }
    }

    /** Whether the outcome of the commit that is on its way has to come before anything else can be decided. */
    public boolean full() {
        return onItsWay != null && next.weight >= BATCH_WEIGHT;
    }

    /** Decides the event and those that follow, as many as one transaction holds. Not while {@link #full}. */
    public void decide(Event first, Supplier<Event> more) {
        Event event = first;
        while (event != null) {
            decide(event);
            event = next.weight < BATCH_WEIGHT ? more.get() : null;
        }
        Decision last = new Decision(decider.state(), clock.instant());
        decider.settleDemand(last);
        keep(last);
    }

    private void decide(Event event) {
        Decision decision = new Decision(decider.state(), clock.instant());
        event.decide(decider, decision, next);
        decider.settle(decision);
        keep(decision);
    }

    private void keep(Decision decision) {
        next.weight += decision.weight();
        if (!decision.records().isEmpty() || !decision.effects().isEmpty()) {
            next.decisions.add(decision);
        }
    }

    /** Commits what was decided, if no commit is on its way; at once performs what needs none. */
    public void send() {
        if (onItsWay != null || next.empty()) {
            return;
        }
        Batch batch = next;
        next = new Batch();
        List<StoreRecord> records = batch.records();
        if (records.isEmpty() && !batch.speaksToExecutors()) {
            perform(batch);
            return;
        }
        onItsWay = batch;
        store.commit(records, outcomes);
    }

    /**
     * What became of the commit that was on its way.
     *
     * @return whether this leadership goes on; if not, {@link #end} is what is left to do
     */
    public boolean settled(Store.Outcome outcome) {
        if (outcome instanceof Store.Outcome.Lost) {
            return false;
        }
        Batch batch = onItsWay;
        onItsWay = null;
        perform(batch);
        send();
        return true;
    }

    /** Nothing is decided any more: whoever waits is told why. */
    public void end(String why) {
        if (onItsWay != null) {
            onItsWay.refusals.forEach(refusal -> refusal.accept(why));
        }
        next.refusals.forEach(refusal -> refusal.accept(why));
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
}
