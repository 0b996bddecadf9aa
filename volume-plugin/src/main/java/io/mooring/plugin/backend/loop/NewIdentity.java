package io.mooring.plugin.backend.loop;

import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Gives the file system of a copy an id of its own, because kernels take two with one id for one, and lets it fill its
 * device, which may be larger than the original. Each step may be repeated.
 */
final class NewIdentity {
    /** e2fsck: 1 and 2 are "errors corrected"; a journal that is replayed counts. */
    private static final int E2FSCK_CORRECTED = 2;

    private final HostCommands commands;
    private final VolumeMounts mounts;

    NewIdentity(HostCommands commands, VolumeMounts mounts) {
        this.commands = commands;
        this.mounts = mounts;
    }

    /**
     * Renews what is on the device.
     *
     * @param mountPoint where it may be mounted for a moment; not mounted there before and after
     * @throws VolumeException with what went wrong; the copy is not used then
     */
    void give(FsType type, LoopDevice device, Path mountPoint) throws VolumeException, IOException {
        String node = device.node();
        switch (type) {
            case EXT4 -> {
                fillUnmounted(type, device, mountPoint);
                require(commands.check("tune2fs", type, "-U", "random", node));
            }
            case XFS -> {
                // Only mounting replays its log, and without that it gets no new id.
                fillUnmounted(type, device, mountPoint);
                require(commands.check("xfs_admin", type, "-U", "generate", node));
            }
            case BTRFS -> {
                require(commands.check("btrfstune", type, "-f", "-u", node));
                fillUnmounted(type, device, mountPoint);
            }
        }
    }

    /** Lets a file system have all of its device, where it is not mounted before and after. */
    void fillUnmounted(FsType type, LoopDevice device, Path mountPoint) throws VolumeException, IOException {
        switch (type) {
            case EXT4 -> {
                CommandResult checked = commands.check("e2fsck", type, "-f", "-p", device.node());
                if (checked.exitCode() < 0 || checked.exitCode() > E2FSCK_CORRECTED) {
                    throw new VolumeException("the ext4 is not in order: " + checked.complaint());
                }
                fill(type, device, mountPoint);
            }
            case XFS, BTRFS -> {
                mounts.mount(device, type, mountPoint);
                fill(type, device, mountPoint);
                mounts.unmount(device, mountPoint);
            }
        }
    }

    /** Lets a file system have all of its device. Mounted, except for ext4, which need not be. */
    void fill(FsType type, LoopDevice device, Path mountPoint) throws VolumeException {
        require(
                switch (type) {
                    case EXT4 -> commands.check("resize2fs", type, device.node());
                    case XFS -> commands.check("xfs_growfs", type, mountPoint.toString());
                    case BTRFS -> commands.check("btrfs", type, "filesystem", "resize", "max", mountPoint.toString());
                });
    }

    private static void require(CommandResult result) throws VolumeException {
        if (!result.succeeded()) {
            throw new VolumeException(
                    "the file system cannot be given an identity or an extent of its own: " + result.complaint());
        }
    }
}
