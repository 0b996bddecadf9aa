package io.mooring.plugin.backend.loop;

import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.MountKind;
import io.mooring.plugin.backend.MountedVolume;
import io.mooring.plugin.backend.Usage;
import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.mounttable.DeviceHolders;
import io.mooring.plugin.mounttable.MountTable;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.FormatPhase;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A volume is a sparse file of the pool, attached to a loop device and mounted with a file system of its own. Needs root
 * and loop devices. The attachment record keeps other hosts out, and the kernel says whether the file is really free.
 */
public final class LoopBackend implements Backend {
    /** Name of the driver. */
    public static final String DRIVER = "loop";

    private static final Logger LOG = LoggerFactory.getLogger(LoopBackend.class);
    private static final Path CONTROL = Path.of("/dev/loop-control");
    private static final String IMAGE = "image";

    private final Pool pool;
    private final HostCommands commands;
    private final LoopDevices devices;
    private final DeviceFormat format;
    private final VolumeMounts mounts;
    private final MountRoot mountRoot;
    private final VolumeRoot volumeRoot;

    /**
     * Over a pool that this host has opened.
     *
     * @param pool where the files are
     * @param mountPath the directory that volumes are mounted in
     * @param volumeRoot the directory of a volume that callers get
     * @param commands runs losetup, mkfs, mount and the like
     * @param deadlines how long those may take
     */
    public LoopBackend(Pool pool, Path mountPath, VolumeRoot volumeRoot, Commands commands, Deadlines deadlines) {
        Path proc = Path.of("/proc");
        MountTable mountTable = new MountTable(proc);
        this.pool = pool;
        this.commands = new HostCommands(commands, deadlines);
        this.devices = new LoopDevices(this.commands);
        this.format = new DeviceFormat(this.commands, pool);
        this.mounts = new VolumeMounts(this.commands, mountTable, new DeviceHolders(proc));
        this.mountRoot = new MountRoot(mountPath, this.commands, mountTable);
        this.volumeRoot = volumeRoot;
    }

    @Override
    public String driver() {
        return DRIVER;
    }

    @Override
    public String backendClass() {
        return "B";
    }

    @Override
    public MountKind mountKind() {
        return MountKind.DEVICE;
    }

    @Override
    public void start() throws VolumeException, IOException {
        if (!Files.isWritable(CONTROL)) {
            throw new VolumeException("driver loop needs root and loop devices: " + CONTROL
                    + " cannot be written; run as root, or use driver vfs");
        }
        commands.requireTools();
        mountRoot.share();
    }

    @Override
    public void stop() {
        try {
            mountRoot.unshare();
        } catch (VolumeException | IOException e) {
            LOG.atWarn().setCause(e).log("Left the mount root as it is");
        }
    }

    @Override
    public void requireFeasible(VolumeRecord volume) throws VolumeException {
        FsType type = volume.fsType();
        if (!type.fits(volume.sizeBytes())) {
            throw new VolumeException("size of volume " + volume.name() + " is " + (volume.sizeBytes() >> 20)
                    + " MiB, but " + type.label() + " needs at least " + type.minimumMib() + " MiB");
        }
        if (volume.phase() != FormatPhase.DONE) {
            commands.requireMkfs(type);
        }
    }

    @Override
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

    @Override
    public void provision(VolumeRecord volume, Path directory) throws IOException {
        Path image = Files.createFile(
                directory.resolve(IMAGE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(volume.sizeBytes());
            file.getFD().sync();
        }
    }

    @Override
    public void requireUnheld(VolumeRecord volume) throws VolumeException {
        Optional<LoopDevice> device = devices.holding(image(volume));
        if (device.isPresent()) {
            throw stillHeld(volume, device.get());
        }
    }

    @Override
    public MountedVolume mount(VolumeRecord volume) throws VolumeException, IOException {
        Path mountPoint = mountPoint(volume);
        Optional<LoopDevice> present = devices.holding(image(volume));
        if (present.isPresent() && mounts.isMounted(present.get(), mountPoint)) {
            return mounted(mountPoint, present.get());
        }
        if (present.isPresent() && present.get().leaving()) {
            throw stillHeld(volume, present.get());
        }
        requireFeasible(volume);
        LoopDevice device = present.isPresent() ? present.get() : devices.attach(image(volume));
        mounts.mount(device, format.ensure(volume, device), mountPoint);
        return mounted(mountPoint, device);
    }

    private MountedVolume mounted(Path mountPoint, LoopDevice device) throws VolumeException, IOException {
        return new MountedVolume(volumeRoot.ensureBelow(mountPoint), device.node());
    }

    @Override
    public Optional<Path> mountedAt(VolumeRecord volume, Attachment attachment) {
        Path mountPoint = mountPoint(volume);
        return mounts.shows(mountPoint, attachment.device())
                ? Optional.of(volumeRoot.below(mountPoint))
                : Optional.empty();
    }

    @Override
    public void release(VolumeRecord volume) throws VolumeException {
        Path mountPoint = mountPoint(volume);
        Optional<LoopDevice> device = devices.holding(image(volume));
        if (device.isPresent()) {
            mounts.unmount(device.get(), mountPoint);
            Optional<LoopDevice> left = devices.detach(image(volume));
            if (left.isPresent()) {
                throw stillHeld(volume, left.get());
            }
        }
        try {
            mounts.clear(mountPoint);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("path", mountPoint).setCause(e).log("Left an empty mount point");
        }
    }

    @Override
    public Usage usage() throws VolumeException, IOException {
        CommandResult result = commands.du(pool.root().resolve("volumes"));
        try {
            long used = Long.parseLong(result.stdout().split("\\s", 2)[0]);
            return new Usage(used + Files.getFileStore(pool.root()).getUsableSpace(), used);
        } catch (NumberFormatException e) {
            throw new VolumeException("cannot ask how full the pool is: " + result.complaint(), e);
        }
    }

    private VolumeException stillHeld(VolumeRecord volume, LoopDevice device) {
        return new VolumeException("volume " + volume.name() + " is not detached: " + device.node()
                + " still holds it, " + mounts.holders(device, mountPoint(volume)));
    }

    private Path image(VolumeRecord volume) {
        return pool.directory(volume.name()).resolve(IMAGE);
    }

    private Path mountPoint(VolumeRecord volume) {
        try {
            return mountRoot.of(volume.name().value());
        } catch (IOException e) {
            throw new UncheckedIOException("the mount root is gone", e);
        }
    }
}
