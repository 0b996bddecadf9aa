package io.mooring.scheduler.cluster;

import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import java.time.Instant;
import java.util.Optional;

/**
 * What one health check of a task came to so far.
 *
 * @param verdict the last word
 * @param failures in a row
 * @param cause what the last failure was
 */
public record CheckHealth(
        Verdict verdict,
        int failures,
        Optional<Instant> firstSuccess,
        Optional<Instant> lastSuccess,
        Optional<Instant> lastFailure,
        Optional<String> cause) {
    /** Of a check that was not answered. */
    public static final CheckHealth UNKNOWN =
            new CheckHealth(Verdict.UNKNOWN, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    CheckHealth healthy(Instant now) {
        return new CheckHealth(
                Verdict.HEALTHY, 0, firstSuccess.or(() -> Optional.of(now)), Optional.of(now), lastFailure, cause);
    }

    CheckHealth unhealthy(String why, Instant now) {
        return new CheckHealth(
                Verdict.UNHEALTHY,
                failures + 1,
                firstSuccess,
                lastSuccess,
                Optional.of(now),
                why.isEmpty() ? cause : Optional.of(why));
    }

    /** As it is said to stand; no answer more, if that is known. */
    CheckHealth standing(Verdict said, Instant now) {
        if (said == verdict) {
            return this;
        }
        return switch (said) {
            case UNKNOWN -> UNKNOWN;
            case HEALTHY -> healthy(now);
            case UNHEALTHY -> unhealthy("", now);
        };
    }
}
