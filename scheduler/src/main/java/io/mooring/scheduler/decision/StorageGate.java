package io.mooring.scheduler.decision;

import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.volume.Volume;
import java.util.Optional;

/** Whether a volume can be granted at all now, wherever the task would go. */
final class StorageGate {
    private final ClusterState state;
    private final Prospects prospects;

    StorageGate(ClusterState state, Prospects prospects) {
        this.state = state;
        this.prospects = prospects;
    }

    /** What stands in the way of a grant; empty if nothing does. */
    Optional<Veto> check(VolumeName name) {
        Optional<Volume> found = state.volume(name);
        if (found.isEmpty()) {
            return Optional.of(new Veto(Veto.Kind.VOLUME_STATE, "volume " + name + " is not known"));
        }
        Volume volume = found.get();
        Optional<Hold> safeMode = state.hold(Hold.Kind.SAFE_MODE);
        if (safeMode.isPresent()) {
            return Optional.of(new Veto(
                    Veto.Kind.VOLUME_STATE,
                    "nothing is granted in safe mode, since " + safeMode.get().since() + ": "
                            + safeMode.get().reason()));
        }
        return switch (volume.state()) {
            case AVAILABLE -> cutOff(volume);
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

    private Optional<Veto> cutOff(Volume volume) {
        return state.cutOffFrom(volume.name())
                .map(cutOff -> new Veto(
                        Veto.Kind.CLAIM,
                        "machine " + cutOff.machine() + ", which had volume " + volume.name() + " under fence "
                                + cutOff.fence() + ", is being cut off since " + cutOff.since()));
    }

    private Optional<Veto> held(Volume volume) {
        Claim claim = state.claimsOn(volume.name()).get(0);
        return Optional.of(new Veto(
                Veto.Kind.CLAIM,
                "volume " + volume.name() + " is held by task " + claim.task() + " on machine " + claim.machine()
                        + " (" + claim.state() + " since " + claim.since() + ", fence " + claim.fence() + ")"
                        + prospects
                                .of(claim)
                                .next()
                                .map(next -> "; " + next.what())
                                .orElse("")));
    }
}
