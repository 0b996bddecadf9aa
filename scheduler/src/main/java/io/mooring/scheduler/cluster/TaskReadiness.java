package io.mooring.scheduler.cluster;

import java.util.Optional;

/**
 * What a task answered when it was asked whether it is ready. Not durable: a new leader asks again.
 *
 * @param name of the check
 * @param last answer, if there was one
 */
public record TaskReadiness(String name, State state, Optional<Response> last) {
    /** How far it is. */
    public enum State {
        WAITING,
        READY
    }

    /** An answer as it is shown. */
    public record Response(int status, String contentType, String body) {}

    public boolean ready() {
        return state == State.READY;
    }
}
