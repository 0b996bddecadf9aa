package io.mooring.executor.engine;

import java.time.Duration;

/**
 * How long the executor waits for what.
 *
 * @param firstRequest until the activation request is repeated; it doubles up to {@code lastRequest}
 * @param silence without any answer, after which the claims are given up
 * @param stuckReport between two reports of what does not get done
 * @param release until a volume that cannot be released is reported as it is
 * @param acknowledgement of the terminal update, after which the process ends anyway
 * @param glance between two questions to the plugins whether the claims of a running task still stand
 */
public record Timings(
        Duration firstRequest,
        Duration lastRequest,
        Duration silence,
        Duration stuckReport,
        Duration release,
        Duration acknowledgement,
        Duration glance) {
    /** With the usual pause between two glances at the plugins. */
    public Timings(
            Duration firstRequest,
            Duration lastRequest,
            Duration silence,
            Duration stuckReport,
            Duration release,
            Duration acknowledgement) {
        this(firstRequest, lastRequest, silence, stuckReport, release, acknowledgement, Duration.ofSeconds(10));
    }

    /** The product's own. */
    public static final Timings STANDARD = new Timings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofMinutes(5));
}
