package io.mooring.common.health;

import java.time.Duration;

/**
 * When a task is asked.
 *
 * @param delay from the start of the task to the first question
 * @param interval from an answer to the next question
 * @param timeout after which a question counts as not answered; zero for never
 */
public record CheckRhythm(Duration delay, Duration interval, Duration timeout) {
    public CheckRhythm {
        if (delay.isNegative() || interval.isNegative() || timeout.isNegative()) {
            throw new IllegalArgumentException("delay " + delay + ", interval " + interval + ", timeout " + timeout
                    + ": expected none of them to be negative");
        }
    }
}
