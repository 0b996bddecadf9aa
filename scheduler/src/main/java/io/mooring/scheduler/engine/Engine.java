package io.mooring.scheduler.engine;

import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
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

/** The one thread that owns all state: it brings events and the outcomes of commits to the {@link Conductor}. */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final String CLOSED = "closed";
    private static final int INBOX = 20_000;

    private final Conductor conductor;
    private final Consumer<String> stepDown;
    private final LinkedBlockingDeque<Conductor.Event> inbox = new LinkedBlockingDeque<>(INBOX);
    private final BlockingQueue<Store.Outcome> outcomes = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean leading = true;

    /** A question or order of a user, answered on the engine's thread. */
    public interface Question<T> {
        T ask(Decider decider, Decision decision);
    }

    /** What an event does. */
    public interface Reaction {
        void react(Decider decider, Decision decision);
    }

    /**
     * @param stepDown is told why, once, when this leadership is over because a commit failed or something broke; it has
     *     to end the process, because what is in memory is not to be trusted any more
     */
    public Engine(Decider decider, Store store, Performer performer, InstantSource clock, Consumer<String> stepDown) {
        this.conductor = new Conductor(decider, store, performer, clock, this::outcome);
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
            inbox.put(Conductor.reaction(reaction));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hands in something that may be refused when there is too much to do, such as an offer. */
    public boolean offer(Reaction reaction) {
        return leading && inbox.offer(Conductor.reaction(reaction));
    }

    /** Asks; the answer comes when everything it rests on is durable. */
    public <T> CompletableFuture<T> ask(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (!leading || !inbox.offer(Conductor.question(question, answer))) {
            answer.completeExceptionally(new NotLeadingException(
                    leading
                            ? "the scheduler has more to do than it can hold; try again"
                            : "this scheduler does not lead"));
        }
        return answer;
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
        if (conductor.full()) {
            settled(outcomes.take());
            return;
        }
        conductor.decide(inbox.take(), inbox::poll);
        Store.Outcome outcome = outcomes.poll();
        if (outcome != null) {
            settled(outcome);
        } else {
            conductor.send();
        }
    }

    private void outcome(Store.Outcome outcome) {
        outcomes.add(outcome);
        // Wakes the engine; an inbox that is full wakes it anyway.
        inbox.offerFirst(Conductor.reaction((d, decision) -> {}));
    }

    private void settled(Store.Outcome outcome) {
        if (!conductor.settled(outcome)) {
            leading = false;
            end("the leadership ended: " + ((Store.Outcome.Lost) outcome).why());
        }
    }

    /** Nothing is decided any more: whoever waits is told, and so is the process, unless it was this engine's close. */
    private void end(String why) {
        leading = false;
        conductor.end(why);
        List<Conductor.Event> left = new ArrayList<>();
        inbox.drainTo(left);
        left.forEach(event -> event.abandon(why));
        if (!why.equals(CLOSED)) {
            stepDown.accept(why);
        }
    }
}
