package io.mooring.common.mesoshttp;

/** What became of one call to Mesos. A call that is accepted is queued, not done. */
public sealed interface CallOutcome {
    /** 202, or 200 for the one call that is answered at once. */
    record Accepted() implements CallOutcome {}

    /** Mesos said no; the call had no effect. */
    record Refused(int status, String reason) implements CallOutcome {}

    /** Nobody knows whether the call arrived: no answer, or a server that is not ready. Reconcile, do not repeat blindly. */
    record Unknown(String reason) implements CallOutcome {}
}
