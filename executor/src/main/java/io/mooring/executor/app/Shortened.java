package io.mooring.executor.app;

import java.time.Duration;

/** A wait that a system property, in milliseconds, may shorten. */
final class Shortened {
    private Shortened() {}

    static Duration of(String property, Duration standard) {
        Long millis = Long.getLong(property);
        return millis == null || millis <= 0 ? standard : Duration.ofMillis(millis);
    }
}
