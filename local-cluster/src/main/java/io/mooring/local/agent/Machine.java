package io.mooring.local.agent;

import java.nio.file.Path;
import java.util.List;

/**
 * The machine that an agent plays, as far as a reboot ends it.
 *
 * @param runDir what does not outlive a boot: sockets, and mounts of volumes
 * @param bootIdFiles configurations in which this machine's boot id stands, of executors and of the volume plugin
 */
public record Machine(Path runDir, List<Path> bootIdFiles) {
    public Machine {
        runDir = runDir.toAbsolutePath().normalize();
        bootIdFiles = List.copyOf(bootIdFiles);
    }
}
