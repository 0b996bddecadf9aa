package io.mooring.scheduler.decision;

import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.decision.Policy.Sharing;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.volume.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether a volume can be granted at all now, wherever the task would go. */
final class StorageGate {
    private final ClusterState state;
    private final Policy policy;
    private final Prospects prospects;
    private final HandOvers handOvers;
    private final UnknownTasks unknown;
    private Instant closedUntil = Instant.EPOCH;

    StorageGate(ClusterState state, Policy policy, Prospects prospects, HandOvers handOvers, UnknownTasks unknown) {
        this.unknown = unknown;
        this.handOvers = handOvers;
        this.state = state;
        this.policy = policy;
        this.prospects = prospects;
    }

    /** Nothing is granted before that time. */
    void closeUntil(Instant time) {
        closedUntil = time;
    }

    /** What stands in the way of a grant; empty if nothing does. */
    Optional<Veto> check(VolumeSpec spec, AppId app, Instant now) {
        return check(spec, handOvers.leaving(spec.request().name(), app), now);
    }

    /** The same for a task that belongs to no app of Mooring's: nobody leaves a volume for it. */
    Optional<Veto> check(VolumeSpec spec, Instant now) {
        return check(spec, Optional.empty(), now);
    }

    /** Where a task without an app can have the volume; empty if anywhere. */
    Optional<MachineKey> onlyMachine(VolumeSpec spec) {
        return joinsWriter(spec) ? writer(spec.request().name()).map(Claim::machine) : Optional.empty();
    }

    private Optional<Veto> check(VolumeSpec spec, Optional<Claim> leaving, Instant now) {
        VolumeName name = spec.request().name();
        Optional<Volume> found = state.volume(name);
        if (found.isEmpty()) {
            return Optional.of(new Veto(Veto.Kind.VOLUME_STATE, "volume " + name + " is not known"));
        }
        Volume volume = found.get();
        Optional<Veto> closed = closed(now);
        if (closed.isPresent()) {
            return closed;
        }
        return switch (volume.state()) {
            case AVAILABLE -> cutOff(volume).or(() -> alone(volume, spec));
            case IN_USE -> cutOff(volume).or(() -> beside(volume, spec, leaving));
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

    /** Why no volume at all is granted now; empty if they are. */
    Optional<Veto> closed(Instant now) {
        if (now.isBefore(closedUntil)) {
            return Optional.of(new Veto(
                    Veto.Kind.VOLUME_STATE,
                    "this scheduler knows no earlier term of its store, and listens to Mesos until " + closedUntil
                            + " before it grants anything"));
        }
        Optional<Hold> safeMode = state.hold(Hold.Kind.SAFE_MODE);
        if (safeMode.isPresent()) {
            return Optional.of(new Veto(
                    Veto.Kind.VOLUME_STATE,
                    "nothing is granted in safe mode, since " + safeMode.get().since() + ": "
                            + safeMode.get().reason()));
        }
        Optional<String> inTheWay = unknown.inTheWay();
        if (inTheWay.isPresent()) {
            return Optional.of(new Veto(Veto.Kind.VOLUME_STATE, inTheWay.get()));
        }
        return Optional.empty();
    }

    private Optional<Veto> cutOff(Volume volume) {
        return state.cutOffFrom(volume.name())
                .map(cutOff -> new Veto(
                        Veto.Kind.CLAIM,
                        "machine " + cutOff.machine() + ", which had volume " + volume.name() + " under fence "
                                + cutOff.fence() + ", is being cut off since " + cutOff.since()
                                + "; a clean-up there ends that, too, and so does mooring volume release "
                                + volume.name() + " --machine " + cutOff.machine()));
    }

    /**
     * The only machine where the volume can be joined: a reader beside a writer shares the writer's mount, because a block
     * device has one file system with one owner, and a successor finds the mount where it was left. Empty if any machine will do.
     */
    Optional<MachineKey> onlyMachine(VolumeSpec spec, AppId app) {
        if (joinsWriter(spec)) {
            return writer(spec.request().name()).map(Claim::machine);
        }
        return handOvers.leaving(spec.request().name(), app).map(Claim::machine);
    }

    private boolean joinsWriter(VolumeSpec spec) {
        return spec.request().access() == AccessMode.SINGLE_WRITER_READERS
                && spec.request().mode() == MountMode.READ_ONLY
                && policy.sharing(spec.request().driver()) == Sharing.EXCLUSIVE;
    }

    private Optional<Claim> writer(VolumeName volume) {
        return state.claimsOn(volume).stream().filter(claim -> !claim.shared()).findFirst();
    }

    private Optional<Veto> alone(Volume volume, VolumeSpec spec) {
        return joinsWriter(spec)
                ? Optional.of(new Veto(
                        Veto.Kind.CLAIM,
                        "volume " + volume.name() + " has no writer now, and readers join the writer's mount"))
                : Optional.empty();
    }

    /** Whether the claim that the task would get can stand beside those that are there. */
    private Optional<Veto> beside(Volume volume, VolumeSpec spec, Optional<Claim> leaving) {
        List<Claim> claims = state.claimsOn(volume.name());
        Optional<Claim> writer = writer(volume.name());
        boolean reads = spec.request().mode() == MountMode.READ_ONLY;
        return switch (volume.access()) {
            case SINGLE_WRITER -> leaving.isPresent() ? Optional.empty() : held(volume, claims.get(0));
            case SINGLE_WRITER_READERS -> {
                if (!reads) {
                    boolean block = policy.sharing(volume.driver()) == Sharing.EXCLUSIVE;
                    yield writer.or(() -> block ? Optional.of(claims.get(0)) : Optional.empty())
                            .flatMap(holder -> held(volume, holder));
                }
                yield joinsWriter(spec)
                        ? writer.map(holder -> holder.state() == ClaimState.MOUNTED
                                        ? Optional.<Veto>empty()
                                        : held(volume, holder))
                                .orElseGet(() -> alone(volume, spec))
                        : Optional.empty();
            }
            case MANY_READERS -> reads ? Optional.empty() : held(volume, claims.get(0));
            case MANY_WRITERS -> Optional.empty();
        };
    }

    private Optional<Veto> held(Volume volume, Claim claim) {
        return Optional.of(new Veto(
                Veto.Kind.CLAIM,
                "volume " + volume.name() + " is held by task " + claim.task()
                        + claim.framework()
                                .map(other -> " of framework " + other)
                                .orElse("") + " on machine " + claim.machine()
                        + " (" + claim.state() + " since " + claim.since() + ", fence " + claim.fence() + ")"
                        + prospects
                                .of(claim)
                                .next()
                                .map(next -> "; " + next.what())
                                .orElse("")));
    }
}
