package io.mooring.scheduler.placement;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a machine is to be down for maintenance, as an operator of Mesos has scheduled it.
 *
 * @param duration empty for "until it is said to be over"
 */
public record Unavailability(Instant start, Optional<Duration> duration) {
    /** Whether it is over. */
    public boolean past(Instant now) {
        return duration.isPresent() && !now.isBefore(start.plus(duration.get()));
    }
}
