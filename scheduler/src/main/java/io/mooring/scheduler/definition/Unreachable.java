package io.mooring.scheduler.definition;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of a task that nobody reaches (Marathon's {@code unreachableStrategy}), where it has no volume: a volume is
 * handed on when there is evidence, never because time passed.
 *
 * @param inactiveAfter another task is launched in its place; empty for never
 * @param expungeAfter it is not wanted back; empty for never
 */
public record Unreachable(Optional<Duration> inactiveAfter, Optional<Duration> expungeAfter) {
    /** At once, as Marathon has it for apps that say nothing. */
    public static final Unreachable AT_ONCE = new Unreachable(Optional.of(Duration.ZERO), Optional.of(Duration.ZERO));

    /** It is waited for as long as it takes. */
    public static final Unreachable NEVER = new Unreachable(Optional.empty(), Optional.empty());
}
