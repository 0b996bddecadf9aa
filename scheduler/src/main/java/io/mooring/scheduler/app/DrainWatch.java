package io.mooring.scheduler.app;

import io.mooring.common.ids.AgentId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the leading master now and then which agents are drained. Mostly the ends of tasks there say it sooner; but a drain
 * that began while an agent or this scheduler was away is in no event.
 */
final class DrainWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DrainWatch.class);

    /** A question that may fail. */
    interface Question {
        Set<AgentId> ask(URI master) throws IOException;
    }

    private final Supplier<Optional<URI>> master;
    private final Question question;
    private final Consumer<Set<AgentId>> told;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "drains");
        thread.setDaemon(true);
        return thread;
    });
    private boolean failing;

    /**
     * @param master empty while there is no subscription
     * @param told is given all drained agents, after each question that was answered
     */
    DrainWatch(Supplier<Optional<URI>> master, Question question, Consumer<Set<AgentId>> told) {
        this.master = master;
        this.question = question;
        this.told = told;
    }

    void start(Duration every) {
        var unused =
                executor.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        Optional<URI> asked = master.get();
        if (asked.isEmpty()) {
            return;
        }
        try {
            told.accept(question.ask(asked.get()));
            failing = false;
        } catch (IOException | RuntimeException e) { // the next question may be answered
            if (!failing) {
                LOG.warn("the master is not asked which agents are drained: {}", e.getMessage());
            }
            failing = true;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
