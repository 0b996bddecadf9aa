package io.mooring.scheduler.definition;

import java.time.Duration;

/** How long an app waits after a failed task: each failure multiplies the delay (Marathon's backoff fields). */
public record Backoff(Duration first, double factor, Duration most) {
    /** The delay after this many failures in a row; zero for none. */
    public Duration after(int failures) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        double millis = first.toMillis() * Math.pow(factor, Math.min(failures - 1, 1000));
        return millis >= most.toMillis() ? most : Duration.ofMillis((long) millis);
    }
}
