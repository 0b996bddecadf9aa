package io.mooring.plugin.backend.loop;

import io.mooring.plugin.mounttable.MountEntry;
import io.mooring.plugin.mounttable.MountTable;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory that volumes are mounted in. It has to be a shared mount: only then does an unmount here reach the
 * namespaces of workloads, which are slaves of it, and a volume can be released while other workloads run.
 */
final class MountRoot {
    private final Path directory;
    private final HostCommands commands;
    private final MountTable mountTable;

    MountRoot(Path directory, HostCommands commands, MountTable mountTable) {
        this.directory = directory;
        this.commands = commands;
        this.mountTable = mountTable;
    }

    /** Makes the directory a shared mount, with a bind mount over itself if it is none. */
    void share() throws VolumeException, IOException {
        Files.createDirectories(directory);
        Path path = directory.toRealPath();
        Optional<MountEntry> present = mountTable.now().topmostAt(path);
        if (present.isEmpty()) {
            commands.mountRoot("--bind", "--", path.toString(), path.toString());
            // Below a shared parent the bind mount is its parent's peer, and every mount in it would show up twice.
            commands.mountRoot("--make-private", path.toString());
        }
        if (present.isEmpty() || !present.get().shared()) {
            commands.mountRoot("--make-shared", path.toString());
        }
    }

    /** Takes the bind mount back; the kernel refuses while a volume is mounted in it, and then it stays. */
    void unshare() throws VolumeException, IOException {
        Path path = directory.toRealPath();
        Optional<MountEntry> present = mountTable.now().topmostAt(path);
        if (present.isPresent()
                && present.get().shared()
                && !present.get().root().equals("/")) {
            commands.umount(path);
        }
    }

    /** Where a volume is mounted. */
    Path of(String volume) throws IOException {
        return directory.toRealPath().resolve(volume);
    }
}
