package io.mooring.scheduler.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * What a task's executor said of its health so far. Not durable: a new leader asks Mesos, which tells the last word again.
 *
 * @param verdict the last word
 * @param failures in a row
 * @param cause what the last failure was
 */
public record TaskHealth(
        Verdict verdict,
        int failures,
        Optional<Instant> firstSuccess,
        Optional<Instant> lastSuccess,
        Optional<Instant> lastFailure,
        Optional<String> cause) {
    /** What is said of a task. */
    public enum Verdict {
        UNKNOWN,
        HEALTHY,
        UNHEALTHY
    }

    /** Of a task that nothing was said of. */
    public static final TaskHealth UNKNOWN =
            new TaskHealth(Verdict.UNKNOWN, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public TaskHealth healthy(Instant now) {
        return new TaskHealth(
                Verdict.HEALTHY, 0, firstSuccess.or(() -> Optional.of(now)), Optional.of(now), lastFailure, cause);
    }

    public TaskHealth unhealthy(String why, Instant now) {
        return new TaskHealth(
                Verdict.UNHEALTHY,
                failures + 1,
                firstSuccess,
                lastSuccess,
                Optional.of(now),
                why.isEmpty() ? cause : Optional.of(why));
    }
}
