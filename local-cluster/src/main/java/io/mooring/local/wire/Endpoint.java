package io.mooring.local.wire;

import java.util.Optional;

/** What serves the requests of one port. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers one request.
     *
     * @return the answer, or empty when a stream was opened
     * @throws RefusedException with the answer to give
     */
    Optional<Answer> serve(Exchange exchange) throws RefusedException;
}
