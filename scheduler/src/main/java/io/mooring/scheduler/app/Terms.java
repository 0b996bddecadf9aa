package io.mooring.scheduler.app;

import io.mooring.scheduler.rest.EngineAccess;
import io.mooring.scheduler.zookeeper.Leadership;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This scheduler's terms, one after the other: it stands for election, and while it leads there is a {@link Reign}. How a
 * term ends says whether the process ends with it. One whose framework another scheduler has subscribed has lost nothing
 * but that: it lets go of all that the term was built of, and stands again.
 */
final class Terms implements Leadership.Candidate, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Terms.class);

    /**
     * Whoever subscribes takes the framework from whoever had it. Two that know nothing of each other, because their
     * ZooKeepers differ, must not take turns at that, so each stands aside longer every time.
     */
    private static final Duration SHORTEST_ASIDE = Duration.ofSeconds(5);

    private static final int MOST_DOUBLINGS = 6;

    /** A term that lasted so long was not one of a fight. */
    private static final Duration LONG_TERM = Duration.ofMinutes(10);

    private final Supplier<Leadership> candidacies;
    private final Reigns reigns;
    private final EngineAccess engine;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Consumer<Ending> exit;
    private final AtomicBoolean over = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread term = new Thread(work, "term");
        term.setDaemon(true);
        return term;
    });
    private volatile Leadership leadership;
    private volatile Reign reign;
    private volatile boolean stopping;
    private Instant began = Instant.MIN;
    private int fights;

    /** Makes what exists for one term only. */
    interface Reigns {
        /**
         * Makes it, and does not start it yet.
         *
         * @param over is told why when the reign cannot go on
         */
        Reign begin(Leadership.Term term, Consumer<Ending> over);
    }

    /**
     * @param candidacies a fresh one for each time that this scheduler stands
     * @param engine is opened while this scheduler leads
     * @param exit ends the process; the reign has ended when it is called
     */
    Terms(
            Supplier<Leadership> candidacies,
            Reigns reigns,
            EngineAccess engine,
            InstantSource clock,
            RandomGenerator random,
            Consumer<Ending> exit) {
        this.candidacies = candidacies;
        this.reigns = reigns;
        this.engine = engine;
        this.clock = clock;
        this.random = random;
        this.exit = exit;
    }

    /** Stands for election, for the first time. */
    void stand() {
        stand(Duration.ZERO);
    }

    private void stand(Duration aside) {
        Leadership candidacy = candidacies.get();
        leadership = candidacy;
        candidacy.stand(this, aside);
    }

    @Override
    public void elected() {
        thread.execute(this::begin);
    }

    @Override
    public void lost(String why) {
        end(Ending.again(why));
    }

    @Override
    public void refused(String why) {
        end(Ending.again(why));
    }

    private void begin() {
        if (reign != null || stopping) {
            return;
        }
        try {
            Optional<Leadership.Term> term = leadership.begin();
            if (term.isEmpty()) {
                LOG.info("elected and not any more; standing by");
                return;
            }
            LOG.info("leading with epoch {}", term.get().epoch());
            began = clock.instant();
            Reign begun = reigns.begin(term.get(), this::end);
            reign = begun;
            begun.start();
            engine.open(begun.engine(), term.get().versions());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).log("the term could not begin");
            end(Ending.again("the term could not begin: " + e.getMessage()));
        }
    }

    /** Ends the term: at once, so that nothing goes to Mesos or to the store any more. Only the first reason counts. */
    void end(Ending end) {
        if (stopping || !over.compareAndSet(false, true)) {
            return;
        }
        engine.shut();
        switch (end.next()) {
            case STAND_BY -> thread.execute(() -> standAside(end));
            case START_AGAIN, REMOVED -> {
                endReign();
                exit.accept(end);
            }
        }
    }

    private void standAside(Ending end) {
        endReign();
        leadership.close();
        fights = began.plus(LONG_TERM).isBefore(clock.instant()) ? 1 : Math.min(fights + 1, MOST_DOUBLINGS);
        long longest = SHORTEST_ASIDE.toMillis() << fights;
        Duration aside = Duration.ofMillis(random.nextLong(longest / 2, longest));
        LOG.warn("{}; it stands for election again in {} s", end.why(), aside.toSeconds());
        over.set(false);
        if (!stopping) {
            stand(aside);
        }
    }

    private void endReign() {
        engine.shut();
        Reign ended = reign;
        reign = null;
        if (ended != null) {
            ended.close();
        }
    }

    /** Who leads, this scheduler or another; empty while nobody does, or it is not known. */
    Optional<String> leader() {
        return Optional.ofNullable(leadership).flatMap(Leadership::leader);
    }

    boolean connected() {
        Leadership current = leadership;
        return current != null && current.connected();
    }

    /** What there is while this scheduler leads. */
    Optional<Reign> reign() {
        return Optional.ofNullable(reign);
    }

    @Override
    public void close() {
        stopping = true;
        thread.shutdownNow();
        endReign();
        if (leadership != null) {
            leadership.close();
        }
    }
}
