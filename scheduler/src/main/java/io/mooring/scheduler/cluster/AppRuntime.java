package io.mooring.scheduler.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * How an app has been doing. Not durable: a new leader starts without grudges.
 *
 * @param failures failed tasks in a row
 * @param notBefore when the next task may be launched
 * @param waitingSince since when a task is missing
 */
public record AppRuntime(
        int failures, Optional<Instant> notBefore, Optional<Instant> waitingSince, Optional<TaskFailure> lastFailure) {
    /** The last task that ended unasked. */
    public record TaskFailure(
            String task, String host, String agent, String state, String message, Instant at, Instant appVersion) {}

    static AppRuntime fresh() {
        return new AppRuntime(0, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public AppRuntime failed(TaskFailure failure, Instant retry) {
        return new AppRuntime(failures + 1, Optional.of(retry), waitingSince, Optional.of(failure));
    }

    /** The app as if it had not failed, for a new version or on demand. */
    public AppRuntime forgiven() {
        return new AppRuntime(0, Optional.empty(), waitingSince, lastFailure);
    }

    public AppRuntime waiting(Optional<Instant> since) {
        return new AppRuntime(failures, notBefore, since, lastFailure);
    }
}
