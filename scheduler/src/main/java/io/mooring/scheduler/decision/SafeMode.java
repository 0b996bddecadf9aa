package io.mooring.scheduler.decision;

import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.ClaimMachine;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Transition;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.volume.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The guard against a store that went back in time: whoever has seen a higher number than is on record proves that claims
 * are missing there. From then on nothing is granted until a person lets the scheduler go on.
 */
final class SafeMode {
    private final ClusterState state;
    private final long epoch;
    private final List<TaskId> doubted = new ArrayList<>();

    /** @param epoch of this term; what it granted itself it knows */
    SafeMode(ClusterState state, long epoch) {
        this.epoch = epoch;
        this.state = state;
    }

    /** Why nothing may be granted; empty if it may. */
    Optional<String> reason() {
        return state.hold(Hold.Kind.SAFE_MODE).map(Hold::reason);
    }

    void enter(String why, Decision decision) {
        doubtReservations(why, decision);
        if (state.hold(Hold.Kind.SAFE_MODE).isPresent()) {
            return;
        }
        decision.record(new StoreRecord.PutHold(new Hold(Hold.Kind.SAFE_MODE, true, decision.now(), "scheduler", why)));
        decision.publish("safe_mode_on", Facts.of("by", "scheduler").and("reason", why));
    }

    /** A machine has acted under a number that is not on record any more. */
    void rolledBack(String why, Decision decision) {
        state.discrepancies().put(Name.ROLLED_BACK, "", why, decision.now());
        enter(why, decision);
    }

    /**
     * The same, of a volume: it goes into quarantine, and its next grant will be above what was seen.
     *
     * @param seen the fence under which somebody acted
     */
    void rolledBack(VolumeName name, long seen, String why, Decision decision) {
        state.discrepancies().put(Name.ROLLED_BACK, name.key(), why, decision.now());
        state.volume(name)
                .map(volume -> volume.seenUnder(seen))
                .map(volume -> volume.state() == VolumeState.QUARANTINED || volume.state() == VolumeState.DELETING
                        ? volume
                        : volume.failed(VolumeState.QUARANTINED, why, decision.now()))
                .ifPresent(volume -> decision.record(new StoreRecord.PutVolume(volume)));
        enter(why, decision);
    }

    /** What was reserved in the copy may have been activated and mounted since. */
    private void doubtReservations(String why, Decision decision) {
        for (Claim claim : List.copyOf(state.claimsIn(ClaimState.RESERVED))) {
            if (claim.epoch() < epoch
                    && ClaimMachine.on(claim, new ClaimEvent.StoreWentBack(why), decision.now())
                            instanceof Transition.Move move) {
                decision.record(new StoreRecord.PutClaim(move.to()));
                doubted.add(claim.task());
            }
        }
    }

    /** The tasks whose claims are let go for that since this was asked last: they have to end. */
    List<TaskId> drainDoubted() {
        List<TaskId> tasks = List.copyOf(doubted);
        doubted.clear();
        return tasks;
    }
}
