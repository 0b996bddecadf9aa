package io.mooring.plugin.backend.loop;

import io.mooring.plugin.backend.Mounted;
import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.mounttable.DeviceHolders;
import io.mooring.plugin.mounttable.MountEntry;
import io.mooring.plugin.mounttable.MountInfo;
import io.mooring.plugin.mounttable.MountTable;
import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.volume.Access;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Mounts devices on directories of the mount root and takes them off, believing only the mount table. */
final class VolumeMounts {
    private final HostCommands commands;
    private final MountTable mountTable;
    private final DeviceHolders holders;

    VolumeMounts(HostCommands commands, MountTable mountTable, DeviceHolders holders) {
        this.commands = commands;
        this.mountTable = mountTable;
        this.holders = holders;
    }

    /** True when exactly this device is what one finds at the mount point: a path alone proves nothing. */
    boolean isMounted(LoopDevice device, Path mountPoint) {
        return topmost(mountPoint).filter(entry -> shows(entry, device)).isPresent();
    }

    /**
     * Mounts a device that is not mounted anywhere, to write.
     *
     * @throws VolumeException when something else is in the way at the mount point, or has the device mounted
     */
    void mount(LoopDevice device, FsType type, Path mountPoint) throws VolumeException, IOException {
        mount(device, type, Access.READ_WRITE, mountPoint);
    }

    /** Mounts it for this access. */
    void mount(LoopDevice device, FsType type, Access access, Path mountPoint) throws VolumeException, IOException {
        MountInfo present = mountTable.now();
        Optional<MountEntry> inTheWay = present.topmostAt(mountPoint);
        if (inTheWay.isPresent()) {
            throw new VolumeException(inTheWay.get().source() + " is mounted at " + mountPoint
                    + ", where the volume belongs; unmount it");
        }
        List<MountEntry> elsewhere = present.ofDevice(device.node(), device.number());
        if (!elsewhere.isEmpty()) {
            throw new VolumeException("the volume's device " + device.node() + " is mounted at "
                    + elsewhere.get(0).mountPoint() + ", not at " + mountPoint + "; unmount it there");
        }
        if (!Files.exists(mountPoint, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(mountPoint);
        }
        if (!Files.isDirectory(mountPoint, LinkOption.NOFOLLOW_LINKS)) {
            throw new VolumeException(mountPoint + " is not a directory, so nothing is mounted there; remove it");
        }
        commands.mount(type, access, device.node(), mountPoint);
        if (!isMounted(device, mountPoint)) {
            throw new VolumeException("mount answered success, but " + device.node() + " is not at " + mountPoint);
        }
    }

    /** Takes everything off the mount point that is this device, however often it is mounted there. */
    void unmount(LoopDevice device, Path mountPoint) throws VolumeException {
        unmount(device, mountPoint, commands::umount);
    }

    /** The same, and tells the kernel to detach the device; whether it has done so has to be asked. */
    void unmountAndDetach(LoopDevice device, Path mountPoint) throws VolumeException {
        unmount(device, mountPoint, commands::umountAndDetach);
    }

    private void unmount(LoopDevice device, Path mountPoint, Umount umount) throws VolumeException {
        while (isMounted(device, mountPoint)) {
            CommandResult result = umount.of(mountPoint);
            if (!result.succeeded()) {
                throw new VolumeException("cannot unmount " + mountPoint + ": " + result.complaint() + "; "
                        + holders.describe(device.node(), device.number(), mountPoint));
            }
        }
    }

    private interface Umount {
        CommandResult of(Path mountPoint) throws VolumeException;
    }

    /** Takes the empty directory away, so that nobody writes to the host's own disk by mistake. */
    void clear(Path mountPoint) throws IOException {
        if (topmost(mountPoint).isPresent() || !Files.isDirectory(mountPoint, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.deleteIfExists(mountPoint);
        } catch (DirectoryNotEmptyException e) {
            // Somebody has put files there; they are not ours to delete.
        }
    }

    /** Who still has the device, for an answer. */
    String holders(LoopDevice device, Path mountPoint) {
        return holders.describe(device.node(), device.number(), mountPoint);
    }

    /** True when any process has this node mounted at another place. */
    boolean usedElsewhere(String node, Path mountPoint) throws IOException {
        return holders.mountedElsewhere(node, mountPoint);
    }

    /** What the mount table shows at the mount points below a directory. */
    Mounted below(Path directory, VolumeRoot root) {
        Map<String, String> nodes = new HashMap<>();
        mountTable
                .now()
                .entries()
                .forEach(entry -> nodes.put(entry.mountPoint(), entry.source())); // the topmost comes last
        return (volume, attachment) -> {
            Path mountPoint = directory.resolve(volume.name().value());
            return attachment.device().equals(nodes.get(mountPoint.toString()))
                    ? Optional.of(root.below(mountPoint))
                    : Optional.empty();
        };
    }

    private Optional<MountEntry> topmost(Path mountPoint) {
        return mountTable.now().topmostAt(mountPoint);
    }

    private static boolean shows(MountEntry entry, LoopDevice device) {
        return entry.device().equals(device.number()) || entry.source().equals(device.node());
    }
}
