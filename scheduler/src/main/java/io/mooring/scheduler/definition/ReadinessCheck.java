package io.mooring.scheduler.definition;

import java.time.Duration;
import java.util.List;

/**
 * What a new task is asked until it is ready to take an old one's place (Marathon's {@code readinessChecks}).
 *
 * @param port which of the task's ports is asked
 * @param ready answers with these status codes
 */
public record ReadinessCheck(
        String name,
        String scheme,
        String path,
        int port,
        Duration interval,
        Duration timeout,
        List<Integer> ready,
        Response response) {
    /** Whether the last answer is shown. */
    public enum Response {
        KEPT,
        DROPPED
    }

    public ReadinessCheck {
        ready = List.copyOf(ready);
    }
}
