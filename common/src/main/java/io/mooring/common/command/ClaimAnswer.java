package io.mooring.common.command;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.ClaimId;
import java.time.Duration;
import java.util.List;

/**
 * What the claim service says of the claims under one id.
 *
 * @param epoch of the leader that answers; an older one's answer is not to be trusted
 * @param state of the whole
 * @param goal what is wanted of the holder
 * @param volumes each with its claim and fence, and with the driver and options that are on record; empty once released
 * @param heartbeatEvery how often the holder has to be heard of
 * @param suspectAfter how long it may be silent until its claims are suspect
 */
public record ClaimAnswer(
        ClaimId id,
        long epoch,
        State state,
        Goal goal,
        List<ClaimedVolume> volumes,
        Duration heartbeatEvery,
        Duration suspectAfter) {
    public ClaimAnswer {
        volumes = List.copyOf(volumes);
    }

    /** The furthest state that any of its claims is in. */
    public enum State {
        /** Granted; nothing may be touched yet. */
        RESERVED,
        /** The volumes may be attached and mounted, or are. */
        ACTIVE,
        /** The proof that the holder let go is awaited. */
        RELEASING,
        /** The holder is not heard of, or is being cut off. */
        SUSPECT,
        /** All of it is over, and history. */
        RELEASED
    }

    /** What the holder is to do. */
    public enum Goal {
        RUN,
        STOP
    }
}
