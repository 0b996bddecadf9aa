package io.mooring.plugin.backend.loop;

import io.mooring.plugin.mounttable.MountEntry;
import io.mooring.plugin.mounttable.MountTable;
import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the image of a volume that is in use on this host. Its file system is held still, so that everything is written
 * back and nothing changes, and the copy is made in one instant, or not at all: a workload may notice a pause of its
 * writes, not a stop.
 */
final class StillCopy {
    private static final Logger LOG = LoggerFactory.getLogger(StillCopy.class);

    private final HostCommands commands;
    private final MountTable mountTable;

    StillCopy(HostCommands commands, MountTable mountTable) {
        this.commands = commands;
        this.mountTable = mountTable;
    }

    /**
     * Copies it.
     *
     * @throws VolumeException when the pool's file system cannot copy a file in one instant
     */
    void copy(VolumeRecord volume, Path mountPoint, Path image, Path draft) throws VolumeException, IOException {
        CommandResult frozen = commands.fsfreeze("--freeze", mountPoint);
        if (!frozen.succeeded()) {
            throw new VolumeException(
                    "volume " + volume.name() + " cannot be held still to be copied: " + frozen.complaint());
        }
        CommandResult copied;
        try {
            copied = commands.reflink(image, draft);
        } finally {
            thawOne(mountPoint);
        }
        if (!copied.succeeded()) {
            throw new VolumeException("volume " + volume.name() + " is in use, and the pool's file system cannot copy a"
                    + " file in one instant (" + copied.complaint() + "); unmount the volume first, or move the pool to"
                    + " xfs or btrfs");
        }
        try (FileChannel copy = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            copy.force(true);
        }
    }

    private void thawOne(Path mountPoint) throws VolumeException {
        CommandResult thawed = commands.fsfreeze("--unfreeze", mountPoint);
        if (!thawed.succeeded()) {
            LOG.atError()
                    .addKeyValue("path", mountPoint)
                    .log(
                            "A file system is held still and cannot be let go: {}; fsfreeze -u does it",
                            thawed.complaint());
        }
    }

    /** What a process held still that was killed just then, writes again. On any other mount this does nothing. */
    void thaw(Path mountRoot) throws VolumeException {
        for (MountEntry entry : mountTable.now().entries()) {
            Path mountPoint = Path.of(entry.mountPoint());
            if (mountPoint.startsWith(mountRoot) && !mountPoint.equals(mountRoot)) {
                commands.fsfreeze("--unfreeze", mountPoint);
            }
        }
    }
}
