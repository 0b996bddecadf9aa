package io.mooring.scheduler.definition;

import java.util.Optional;

/**
 * How an app's tasks are looked after once they are launched.
 *
 * @param health how the executor finds out whether a task is well; empty for a task that is well as long as it runs
 */
public record Upkeep(Optional<AppHealthCheck> health) {
    /** Of an app that says nothing of it. */
    public static final Upkeep USUAL = new Upkeep(Optional.empty());
}
