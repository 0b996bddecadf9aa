package io.mooring.executor.app;

import io.mooring.executor.engine.Event;
import io.mooring.executor.engine.Timers;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers by the real clock. */
final class ClockTimers implements Timers, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClockTimers.class);

    private final Consumer<Event> inbox;
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "timers");
        thread.setDaemon(true);
        return thread;
    });

    ClockTimers(Consumer<Event> inbox) {
        this.inbox = inbox;
    }

    @Override
    public void after(Duration pause, Event event) {
        var timer = clock.schedule(() -> inbox.accept(event), pause.toMillis(), TimeUnit.MILLISECONDS);
        log.trace("{} in {}: {}", event, pause, timer);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
