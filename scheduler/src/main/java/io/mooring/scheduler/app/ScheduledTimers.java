package io.mooring.scheduler.app;

import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.engine.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Timers on the process's clock. */
final class ScheduledTimers implements Timers, AutoCloseable {
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "timers"));
    private final Map<Timer, ScheduledFuture<?>> running = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Consumer<Timer> fired;

    ScheduledTimers(InstantSource clock, Consumer<Timer> fired) {
        this.clock = clock;
        this.fired = fired;
    }

    @Override
    public void start(Timer timer, Instant at) {
        long delay = Math.max(0, Duration.between(clock.instant(), at).toMillis());
        running.compute(timer, (name, earlier) -> {
            if (earlier != null) {
                earlier.cancel(false);
            }
            return executor.schedule(() -> fire(name), delay, TimeUnit.MILLISECONDS);
        });
    }

    private void fire(Timer timer) {
        running.remove(timer);
        fired.accept(timer);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
