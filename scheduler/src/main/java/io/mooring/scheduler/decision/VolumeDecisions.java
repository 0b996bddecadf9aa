package io.mooring.scheduler.decision;

import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Volumes as objects of their own: declared and removed by name. */
final class VolumeDecisions {
    private final ClusterState state;
    private final Policy policy;
    private final PluginCheck plugins;
    private final Demand demand;

    VolumeDecisions(ClusterState state, Policy policy, PluginCheck plugins, Demand demand) {
        this.state = state;
        this.policy = policy;
        this.plugins = plugins;
        this.demand = demand;
    }

    /** Declares a volume and has it created; a known name is a conflict, whatever its driver or case. */
    Answer<Volume> declare(VolumeSpec spec, Decision decision) {
        VolumeName name = spec.request().name();
        Optional<Volume> known = state.volume(name);
        if (known.isPresent()) {
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "volume " + known.get().name() + " exists already, with driver "
                            + known.get().driver() + ", in state " + known.get().state());
        }
        List<Answer.FieldError> errors = new ArrayList<>(plugins.check("", spec, known));
        boolean shared = policy.sharing(spec.request().driver()) == Policy.Sharing.SHARED;
        if (spec.request().access() == AccessMode.MANY_WRITERS && !shared) {
            errors.add(new Answer.FieldError(
                    "/accessMode",
                    "is many-writers, and driver '" + spec.request().driver()
                            + "' is not declared a shared file system",
                    "another access mode, or 'sharing: SHARED' for the driver in the scheduler's configuration"));
        }
        if (!errors.isEmpty()) {
            return Answer.invalid(errors);
        }
        Volume volume = Volume.declared(spec, VolumeState.PROVISIONING, state.lastFence(name), decision.now());
        decision.record(new StoreRecord.PutVolume(volume));
        decision.publish("volume_declared", Facts.of("volume", name));
        demand.changed();
        return Answer.ok(volume);
    }

    /** Has a volume removed with its data. Refused while an app names it or a claim is on it. */
    Answer<Volume> remove(VolumeName name, Decision decision) {
        Optional<Volume> found = state.volume(name);
        if (found.isEmpty()) {
            return Answer.refused(Answer.Why.NOT_FOUND, "volume " + name + " is not known");
        }
        Volume volume = found.get();
        List<Claim> claims = state.claimsOn(name);
        if (!claims.isEmpty()) {
            Claim claim = claims.get(0);
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "volume " + name + " is in use: task " + claim.task() + " on machine " + claim.machine()
                            + " has it (" + claim.state() + " since " + claim.since() + ")");
        }
        List<App> users = state.appsNaming(name);
        if (!users.isEmpty()) {
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "volume " + name + " is in use by app " + users.get(0).id() + "; delete the app first");
        }
        if (volume.state() == VolumeState.QUARANTINED) {
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "volume " + name + " is in quarantine: " + volume.trouble().orElse("no reason recorded")
                            + "; somebody may use it. 'mooring volume clear' first, when that is seen to");
        }
        if (workedOn(name)) {
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "volume " + name + " is being created or removed at this moment; try again when that is done");
        }
        decision.publish("volume_removal_ordered", Facts.of("volume", name));
        if (!volume.exists() && (volume.state() == VolumeState.AVAILABLE || !anyPlugin(volume))) {
            decision.record(new StoreRecord.RemoveVolume(name));
            return Answer.ok(volume);
        }
        Volume deleting = volume.in(VolumeState.DELETING, decision.now());
        decision.record(new StoreRecord.PutVolume(deleting));
        demand.changed();
        return Answer.ok(deleting);
    }

    private boolean workedOn(VolumeName name) {
        return state.operations().stream()
                .anyMatch(task -> task.state() != TaskState.ENDED
                        && task.target().map(VolumeName::key).equals(Optional.of(name.key())));
    }

    /** Whether any agent could do something about the volume; without its plugin nobody can ever have made it. */
    private boolean anyPlugin(Volume volume) {
        return state.agents().stream()
                .anyMatch(agent -> agent.plugin(volume.driver()).isPresent());
    }
}
