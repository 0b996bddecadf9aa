package io.mooring.common.taskcheck;

import java.time.Duration;

/** Times of checks: seconds with a fraction. */
final class Seconds {
    private static final double NANOS = 1e9;

    private Seconds() {}

    static Duration of(String field, double seconds) {
        if (seconds < 0) {
            throw new IllegalArgumentException("Expecting '" + field + "' to be non-negative");
        }
        return Duration.ofNanos((long) (seconds * NANOS));
    }
}
