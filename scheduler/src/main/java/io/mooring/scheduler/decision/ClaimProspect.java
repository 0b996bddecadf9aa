package io.mooring.scheduler.decision;

import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.Evidence.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What would free a claim, and what is being done about it: the answer to an operator at night.
 *
 * @param waitingFor the evidence of which any one piece would release it; empty while the holder is meant to have it
 * @param next what is tried next, in words
 */
public record ClaimProspect(List<Awaited> waitingFor, Optional<String> next) {
    public ClaimProspect {
        waitingFor = List.copyOf(waitingFor);
    }

    /** One piece of evidence that would do. */
    public record Awaited(Code code, String what) {}

    public static ClaimProspect of(Claim claim) {
        return switch (claim.state()) {
            case RESERVED ->
                new ClaimProspect(
                        List.of(),
                        Optional.of("its executor is expected to ask for it; until then it can be taken back"));
            case ACTIVATED, MOUNTED -> new ClaimProspect(List.of(), Optional.empty());
            case RELEASING -> new ClaimProspect(releasing(claim), Optional.of(releasingNext(claim)));
            case SUSPECT ->
                new ClaimProspect(
                        suspect(claim), Optional.of("the task or its machine is expected to be heard of again"));
            case FENCING ->
                new ClaimProspect(
                        List.of(new Awaited(Code.E3, "the backend cuts machine " + claim.machine() + " off")),
                        Optional.of("the backend is asked to cut the machine off"));
        };
    }

    private static List<Awaited> releasing(Claim claim) {
        List<Awaited> awaited = new ArrayList<>();
        awaited.add(new Awaited(Code.E1, "the executor of task " + claim.task() + " reports unmounted and detached"));
        awaited.add(new Awaited(Code.E1B, "a clean-up on machine " + claim.machine() + " finds the same"));
        awaited.add(new Awaited(Code.E4, "machine " + claim.machine() + " is seen on another boot"));
        return awaited;
    }

    private static List<Awaited> suspect(Claim claim) {
        List<Awaited> awaited = releasing(claim);
        awaited.add(new Awaited(Code.E5, "an operator states that machine " + claim.machine() + " is dead"));
        return awaited;
    }

    private static String releasingNext(Claim claim) {
        return claim.trouble().isEmpty()
                ? "the task was told to stop; its record is awaited"
                : "a clean-up runs on machine " + claim.machine() + " as soon as its agent makes an offer";
    }
}
