package io.mooring.plugin.backend.loop;

import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Looks at the file system of a volume whose last writer was cut off, as after a power cut. Journals are replayed, and
 * what the file system's own tool repairs without asking is repaired; anything else is for a person to decide.
 */
final class FileSystemCheck {
    /** e2fsck: 1 is "errors corrected", and 2 asks for a reboot after corrections of a mounted file system. */
    private static final int E2FSCK_CORRECTED = 2;

    private final HostCommands commands;
    private final VolumeMounts mounts;

    FileSystemCheck(HostCommands commands, VolumeMounts mounts) {
        this.commands = commands;
        this.mounts = mounts;
    }

    /**
     * Passes when the file system may be used.
     *
     * @param image for what is said to an operator
     * @throws VolumeException with what was found and what to do
     */
    void pass(VolumeRecord volume, FsType type, LoopDevice device, Path mountPoint, Path image)
            throws VolumeException, IOException {
        CommandResult result =
                switch (type) {
                    case EXT4 -> commands.check("e2fsck", type, "-p", device.node());
                    case XFS -> {
                        // Only mounting replays its log.
                        mounts.mount(device, type, mountPoint);
                        mounts.unmount(device, mountPoint);
                        yield commands.check("xfs_repair", type, "-n", device.node());
                    }
                    case BTRFS -> commands.check("btrfs", type, "check", "--readonly", device.node());
                };
        boolean passed = type == FsType.EXT4
                ? result.exitCode() >= 0 && result.exitCode() <= E2FSCK_CORRECTED
                : result.succeeded();
        if (!passed) {
            throw new VolumeException("volume " + volume.name() + " was cut off from its last holder, and its "
                    + type.label() + " is not in order: " + result.complaint() + "; repair it (" + repair(type) + " "
                    + image + ") or restore it, then mount it again");
        }
    }

    private static String repair(FsType type) {
        return switch (type) {
            case EXT4 -> "e2fsck -f";
            case XFS -> "xfs_repair -f";
            case BTRFS -> "btrfs check --repair";
        };
    }
}
