package io.mooring.plugin.backend.loop;

import io.mooring.plugin.backend.Mounted;
import io.mooring.plugin.backend.MountedVolume;
import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.mounttable.DeviceHolders;
import io.mooring.plugin.mounttable.MountTable;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.Standing;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * File systems on block devices that come from elsewhere than a loop: looked at, formatted, checked and mounted by the same
 * rules as a loop volume's.
 */
public final class BlockMounts {
    private final HostCommands commands;
    private final DeviceFormat format;
    private final VolumeMounts mounts;
    private final MountRoot mountRoot;
    private final VolumeRoot volumeRoot;
    private final FileSystemCheck check;

    /**
     * On this host.
     *
     * @param pool where it is recorded how far formatting is
     * @param mountPath the directory that volumes are mounted in
     * @param volumeRoot the directory of a volume that callers get
     */
    public BlockMounts(Pool pool, Path mountPath, VolumeRoot volumeRoot, Commands commands, Deadlines deadlines) {
        Path proc = Path.of("/proc");
        MountTable mountTable = new MountTable(proc);
        this.commands = new HostCommands(commands, deadlines);
        this.mounts = new VolumeMounts(this.commands, mountTable, new DeviceHolders(proc));
        this.format = new DeviceFormat(this.commands, pool, new NewIdentity(this.commands, mounts));
        this.mountRoot = new MountRoot(mountPath, this.commands, mountTable);
        this.volumeRoot = volumeRoot;
        this.check = new FileSystemCheck(this.commands, mounts);
    }

    /** Makes the mount root ready. */
    public void start() throws VolumeException, IOException {
        commands.requireTools();
        mountRoot.share();
    }

    /** Takes the mount root back, unless a volume is mounted in it. */
    public void stop() throws VolumeException, IOException {
        mountRoot.unshare();
    }

    /** Refuses a volume whose file system this host cannot make, or for which it is too small. */
    public void requireFeasible(VolumeRecord volume) throws VolumeException {
        FsType type = volume.fsType();
        if (!type.fits(volume.sizeBytes())) {
            throw new VolumeException("size of volume " + volume.name() + " is too small for " + type.label());
        }
        commands.requireMkfs(type);
    }

    /** File systems that cannot be made here, each with why. */
    public Map<FsType, String> cannotMake() {
        Map<FsType, String> missing = new EnumMap<>(FsType.class);
        for (FsType type : FsType.values()) {
            try {
                commands.requireMkfs(type);
            } catch (VolumeException e) {
                missing.put(type, e.getMessage());
            }
        }
        return missing;
    }

    /**
     * Mounts a device, formatted first if it is new and blank; success if it is mounted already.
     *
     * @param node the device, or a link to it
     */
    public MountedVolume mount(Target target, Path node) throws VolumeException, IOException {
        LoopDevice device = device(node);
        Path mountPoint = mountPoint(target.volume());
        if (!mounts.isMounted(device, mountPoint)) {
            FsType type = format.ensure(target.volume(), device, format.look(node), mountPoint);
            if (target.check() == Standing.Check.DUE) {
                check.pass(target.volume(), type, device, mountPoint, node);
            }
            mounts.mount(device, type, mountPoint);
        }
        return new MountedVolume(volumeRoot.ensureBelow(mountPoint), device.node());
    }

    /** Unmounts a device from where its volume belongs; success if it is not there. */
    public void unmount(VolumeRecord volume, Path node) throws VolumeException, IOException {
        Path mountPoint = mountPoint(volume);
        mounts.unmount(device(node), mountPoint);
        mounts.clear(mountPoint);
    }

    /** What is mounted here now. */
    public Mounted mounted() throws IOException {
        return mounts.below(mountRoot.of(""), volumeRoot);
    }

    private Path mountPoint(VolumeRecord volume) throws IOException {
        return mountRoot.of(volume.name().value());
    }

    private static LoopDevice device(Path node) throws IOException {
        Path real = node.toRealPath();
        String number = Files.readString(
                        Path.of("/sys/class/block", real.getFileName().toString(), "dev"))
                .strip();
        return new LoopDevice(real.toString(), number, false, false, "");
    }
}
