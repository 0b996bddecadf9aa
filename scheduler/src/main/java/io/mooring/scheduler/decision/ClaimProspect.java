package io.mooring.scheduler.decision;

import io.mooring.scheduler.claim.Evidence.Code;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What would free a claim, and what is being done about it: the answer to an operator at night.
 *
 * @param waitingFor the evidence of which any one piece would release it; empty while the holder is meant to have it
 * @param next what is tried next
 */
public record ClaimProspect(List<Awaited> waitingFor, Optional<Next> next) {
    public ClaimProspect {
        waitingFor = List.copyOf(waitingFor);
    }

    /** One piece of evidence that would do. */
    public record Awaited(Code code, String what) {}

    /**
     * The next step.
     *
     * @param at when; empty if it waits for something else than time
     */
    public record Next(String what, Optional<Instant> at) {
        static Optional<Next> of(String what) {
            return Optional.of(new Next(what, Optional.empty()));
        }

        static Optional<Next> at(Instant when, String what) {
            return Optional.of(new Next(what, Optional.of(when)));
        }
    }
}
