package io.mooring.common.health;

import java.time.Duration;

/**
 * How answers are judged.
 *
 * @param grace from the start of the task; failures in it do not count until the task was healthy once
 * @param consecutiveFailures that many in a row kill the task
 */
public record HealthRules(Duration grace, int consecutiveFailures) {
    public HealthRules {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace " + grace + ": expected no negative time");
        }
        if (consecutiveFailures < 0) {
            throw new IllegalArgumentException(
                    "consecutive failures " + consecutiveFailures + ": expected no negative number");
        }
    }
}
