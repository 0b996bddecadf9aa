package io.mooring.executor.engine;

import io.mooring.common.volume.RootAccess;
import io.mooring.executor.mount.MountCheck;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.MountForm;
import io.mooring.executor.mount.ReleaseFacts;
import java.util.Optional;

/** The kernel's word on mounts. */
public interface MountPort {
    /** Whether a path that a plugin answered may be given to a workload. */
    MountCheck check(String path, MountForm form, String volume);

    /** What is left of a volume that was mounted like this. */
    ReleaseFacts left(MountFacts facts);

    /** Who, beside the machine's own namespaces, has a copy of this mount, in words; empty if nobody has. */
    Optional<String> strangers(MountFacts facts);

    /**
     * Makes the root of a mounted volume belong to whom its task says.
     *
     * @return why that failed; empty if it is done
     */
    Optional<String> give(MountFacts facts, RootAccess access);

    /** Facts of a device that a plugin names; empty if there is no such device. */
    Optional<MountFacts> ofDevice(String device);
}
