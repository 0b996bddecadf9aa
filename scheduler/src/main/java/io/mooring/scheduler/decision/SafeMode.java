package io.mooring.scheduler.decision;

import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.volume.VolumeState;
import java.util.Optional;

/**
 * The guard against a store that went back in time: whoever has seen a higher number than is on record proves that claims
 * are missing there. From then on nothing is granted until a person lets the scheduler go on.
 */
final class SafeMode {
    private final ClusterState state;

    SafeMode(ClusterState state) {
        this.state = state;
    }

    /** Why nothing may be granted; empty if it may. */
    Optional<String> reason() {
        return state.hold(Hold.Kind.SAFE_MODE).map(Hold::reason);
    }

    void enter(String why, Decision decision) {
        if (state.hold(Hold.Kind.SAFE_MODE).isPresent()) {
            return;
        }
        decision.record(new StoreRecord.PutHold(new Hold(Hold.Kind.SAFE_MODE, true, decision.now(), "scheduler", why)));
        decision.publish("safe_mode_on", Facts.of("by", "scheduler").and("reason", why));
    }

    /** A machine has acted under a number that is not on record any more. */
    void rolledBack(Optional<VolumeName> volume, String why, Decision decision) {
        state.discrepancies().put(Name.ROLLED_BACK, volume.map(VolumeName::key).orElse(""), why, decision.now());
        volume.flatMap(state::volume)
                .filter(known -> known.state() != VolumeState.QUARANTINED)
                .ifPresent(known -> decision.record(
                        new StoreRecord.PutVolume(known.failed(VolumeState.QUARANTINED, why, decision.now()))));
        enter(why, decision);
    }
}
