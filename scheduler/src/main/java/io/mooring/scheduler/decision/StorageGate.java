package io.mooring.scheduler.decision;

import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.volume.Volume;
import java.util.Optional;

/** Whether a volume can be granted at all now, wherever the task would go. */
final class StorageGate {
    private final ClusterState state;

    StorageGate(ClusterState state) {
        this.state = state;
    }

    /** What stands in the way of a grant; empty if nothing does. */
    Optional<Veto> check(VolumeName name) {
        Optional<Volume> found = state.volume(name);
        if (found.isEmpty()) {
            return Optional.of(new Veto(Veto.Kind.VOLUME_STATE, "volume " + name + " is not known"));
        }
        Volume volume = found.get();
        return switch (volume.state()) {
            case AVAILABLE -> Optional.empty();
            case IN_USE -> held(volume);
            case PROVISIONING ->
                Optional.of(new Veto(
                        Veto.Kind.VOLUME_STATE, "volume " + name + " is being created since " + volume.since()));
            case DELETING ->
                Optional.of(new Veto(
                        Veto.Kind.VOLUME_STATE, "volume " + name + " is being removed since " + volume.since()));
            case QUARANTINED, FAILED ->
                Optional.of(new Veto(
                        Veto.Kind.VOLUME_STATE,
                        "volume " + name + " is " + volume.state() + " since " + volume.since() + ": "
                                + volume.trouble().orElse("no reason recorded")));
        };
    }

    private Optional<Veto> held(Volume volume) {
        Claim claim = state.claimsOn(volume.name()).get(0);
        return Optional.of(new Veto(
                Veto.Kind.CLAIM,
                "volume " + volume.name() + " is held by task " + claim.task() + " on machine " + claim.machine()
                        + " (" + claim.state() + " since " + claim.since() + ", fence " + claim.fence() + ")"
                        + ClaimProspect.of(claim)
                                .next()
                                .map(next -> "; " + next)
                                .orElse("")));
    }
}
