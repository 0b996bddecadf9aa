package io.mooring.executor.engine;

import io.mooring.executor.mount.MountFacts;
import java.nio.file.Path;
import java.util.Optional;

/** The kernel's word on what others see of a mounted volume. */
public interface MountView {
    /**
     * Why somebody who serves a socket does not see the mount at its path; empty if all of them see it. In a mount
     * namespace of its own an engine would find an empty directory there, and write to the agent's disk.
     */
    Optional<String> hiddenFrom(Path socket, MountFacts facts);

    /**
     * Why nothing that is mounted here from now on can reach those who serve a socket; empty if it may, or if that cannot be
     * found out.
     */
    Optional<String> outOfReach(Path socket);

    /** Why a process does not see the volume anywhere; empty if it does, or is gone. */
    Optional<String> missingAt(long pid, MountFacts facts);
}
