package io.mooring.common.volume;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a task asks of one volume: the common form of {@code DVDI_*} variables, Docker parameters and Marathon's external
 * volumes, so that everything after the door knows one shape only.
 *
 * @param options what the plugin's Create is given when the volume is made, keys in lower case
 * @param containerPath where the task sees it; empty means the volume's root at the configured default path
 * @param root whose the volume's root directory is made on each mount; only of volumes that may be written to
 */
public record VolumeRequest(
        DriverName driver,
        VolumeName name,
        Map<String, String> options,
        Optional<String> containerPath,
        MountMode mode,
        AccessMode access,
        CreatePolicy create,
        RootAccess root) {
    public VolumeRequest {
        Objects.requireNonNull(driver, "driver is null");
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(containerPath, "containerPath is null");
        Objects.requireNonNull(mode, "mode is null");
        Objects.requireNonNull(access, "access is null");
        Objects.requireNonNull(create, "create is null");
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        root = root == null ? RootAccess.AS_IT_IS : root; // records from before it was known
        if (root.said() && mode == MountMode.READ_ONLY) {
            throw new IllegalArgumentException("nobody may change the root of a volume that is mounted read-only");
        }
    }

    /** One that leaves the volume's root as it is. */
    public VolumeRequest(
            DriverName driver,
            VolumeName name,
            Map<String, String> options,
            Optional<String> containerPath,
            MountMode mode,
            AccessMode access,
            CreatePolicy create) {
        this(driver, name, options, containerPath, mode, access, create, RootAccess.AS_IT_IS);
    }

    /** Whether others may hold claims on the volume beside the one that this request leads to. */
    public boolean shared() {
        return switch (access) {
            case SINGLE_WRITER -> false;
            case SINGLE_WRITER_READERS, MANY_READERS -> mode == MountMode.READ_ONLY;
            case MANY_WRITERS -> true;
        };
    }

    /** The same request for the volume of another name. */
    public VolumeRequest named(VolumeName other) {
        return new VolumeRequest(driver, other, options, containerPath, mode, access, create, root);
    }

    /** The same request of another plugin. */
    public VolumeRequest on(DriverName other) {
        return new VolumeRequest(other, name, options, containerPath, mode, access, create, root);
    }
}
