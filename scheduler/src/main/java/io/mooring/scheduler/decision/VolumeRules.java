package io.mooring.scheduler.decision;

import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.decision.Policy.Sharing;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a volume that somebody asks for has to fit: its driver, what is on record of it, and the plugins that there are. */
final class VolumeRules {
    private final ClusterState state;
    private final Policy policy;
    private final PluginCheck plugins;

    VolumeRules(ClusterState state, Policy policy, PluginCheck plugins) {
        this.state = state;
        this.policy = policy;
        this.plugins = plugins;
    }

    /** What the access mode asks of the driver and of the mount's mode. */
    List<FieldError> sharing(String path, VolumeSpec spec) {
        List<FieldError> errors = new ArrayList<>();
        AccessMode access = spec.request().access();
        MountMode mode = spec.request().mode();
        DriverName driver = spec.request().driver();
        if (access == AccessMode.MANY_WRITERS && policy.sharing(driver) != Sharing.SHARED) {
            errors.add(new FieldError(
                    path + "/access",
                    "is many-writers, and driver '" + driver + "' is not declared a shared file system",
                    "another access mode, or 'sharing: SHARED' for the driver in the scheduler's configuration"));
        }
        if (access == AccessMode.MANY_READERS && mode != MountMode.READ_ONLY) {
            errors.add(new FieldError(path + "/mode", "is RW, and nobody may write under many-readers", "RO"));
        }
        return errors;
    }

    /** What is on record under its name, and whether any agent could have it. */
    List<FieldError> known(String path, VolumeSpec spec) {
        VolumeName name = spec.request().name();
        List<FieldError> errors = new ArrayList<>();
        Optional<Volume> known = state.volume(name);
        if (known.isPresent() && !known.get().driver().equals(spec.request().driver())) {
            errors.add(new FieldError(
                    path + "/driver",
                    "volume " + known.get().name() + " exists with driver '"
                            + known.get().driver() + "'",
                    "that driver, or another name: names are unique across drivers"));
        }
        if (known.isPresent() && !known.get().name().equals(name)) {
            errors.add(new FieldError(
                    path + "/name",
                    "differs from the known volume '" + known.get().name() + "' in letter case only",
                    "'" + known.get().name() + "', or another name"));
        }
        if (known.isPresent()
                && known.get().access() != spec.request().access()
                && !state.claimsOn(name).isEmpty()) {
            errors.add(new FieldError(
                    path + "/access",
                    "is " + spec.request().access().word() + ", and volume " + name + " is in use under "
                            + known.get().access().word(),
                    "the same, or the change while nobody has the volume"));
        }
        if (known.isPresent() && known.get().state() == VolumeState.DELETING) {
            errors.add(
                    new FieldError(path + "/name", "volume " + name + " is being removed", "another name, or later"));
        }
        errors.addAll(plugins.check(path, spec, known));
        return errors;
    }

    /** Whether both the app and whoever asks say that the volume is shared, and how. */
    static boolean together(App app, VolumeSpec spec) {
        return together(app.definition().volumes(), spec);
    }

    /** The same of the volumes of an app that there is not yet. */
    static boolean together(List<VolumeSpec> volumes, VolumeSpec spec) {
        AccessMode access = spec.request().access();
        return access != AccessMode.SINGLE_WRITER
                && volumes.stream()
                        .filter(theirs -> theirs.names(spec.request().name()))
                        .allMatch(theirs -> theirs.request().access() == access);
    }
}
