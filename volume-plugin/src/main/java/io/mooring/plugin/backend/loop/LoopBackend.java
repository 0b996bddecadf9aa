package io.mooring.plugin.backend.loop;

import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.MountKind;
import io.mooring.plugin.backend.Mounted;
import io.mooring.plugin.backend.MountedVolume;
import io.mooring.plugin.backend.Usage;
import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.mounttable.DeviceHolders;
import io.mooring.plugin.mounttable.MountTable;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.process.CommandResult;
import io.mooring.plugin.process.Commands;
import io.mooring.plugin.volume.Access;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.FormatPhase;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.Standing;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
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

    private final Pool pool;
    private final HostCommands commands;
    private final LoopDevices devices;
    private final DeviceFormat format;
    private final VolumeMounts mounts;
    private final MountRoot mountRoot;
    private final VolumeRoot volumeRoot;
    private final Images images;
    private final Cutting cutting;
    private final FileSystemCheck check;
    private final StillCopy still;
    private final NewIdentity identity;
    private final IopsLimit iops = new IopsLimit(IopsLimit.USUAL);
    private Cutting.Means means = Cutting.Means.NONE;
    private String cannotCut = "has not been looked at yet";

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
        this.mounts = new VolumeMounts(this.commands, mountTable, new DeviceHolders(proc));
        this.identity = new NewIdentity(this.commands, mounts);
        this.format = new DeviceFormat(this.commands, pool, identity);
        this.still = new StillCopy(this.commands, mountTable);
        this.mountRoot = new MountRoot(mountPath, this.commands, mountTable);
        this.volumeRoot = volumeRoot;
        this.images = new Images(pool);
        this.cutting = new Cutting(this.commands, devices);
        this.check = new FileSystemCheck(this.commands, mounts);
    }

    @Override
    public String driver() {
        return DRIVER;
    }

    /** Attachment is exclusive everywhere; whether a holder can be cut off depends on what the pool lies on. */
    @Override
    public String backendClass() {
        return means == Cutting.Means.NONE ? "C" : "B";
    }

    @Override
    public MountKind mountKind() {
        return MountKind.DEVICE;
    }

    @Override
    public Optional<String> cannotLimitIops() {
        return iops.unable();
    }

    @Override
    public void start() throws VolumeException, IOException {
        if (!Files.isWritable(CONTROL)) {
            throw new VolumeException("driver loop needs root and loop devices: " + CONTROL
                    + " cannot be written; run as root, or use driver vfs");
        }
        commands.requireTools();
        PoolFileSystem below = PoolFileSystem.of(pool.root());
        if (below.ofOneKernel()) {
            means = cutting.find(pool.draft());
            cannotCut =
                    "lies on a file system that can neither refuse writes to an immutable file nor copy a file in one"
                            + " instant; move it to ext4, xfs or btrfs";
        } else {
            cannotCut = "lies on " + below.type() + ", which other machines may have mounted, and their writes are not"
                    + " ended from here; make sure that the machine is off, then release the claim";
        }
        LOG.atInfo()
                .addKeyValue("means", means)
                .addKeyValue("pool", below.type())
                .log("Know how to cut a holder off");
        mountRoot.share();
        still.thaw(mountRoot.of(""));
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
                Images.first(directory),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Images.extend(image, volume.sizeBytes());
    }

    @Override
    public void copy(Target source, Optional<Attachment> here, Path directory) throws VolumeException, IOException {
        if (here.isPresent()) {
            still.copy(source.volume(), mountPoint(source.volume()), images.of(source), Images.first(directory));
        } else {
            cutting.copy(images.of(source), Images.first(directory));
        }
    }

    @Override
    public void copy(Path content, Path directory) throws VolumeException, IOException {
        cutting.copy(Images.first(content), Images.first(directory));
    }

    @Override
    public void extend(VolumeRecord volume, Target target) throws IOException {
        Images.extend(images.of(target), volume.sizeBytes());
    }

    @Override
    public void grow(VolumeRecord volume, Target target) throws VolumeException, IOException {
        Path image = images.attached(target);
        Path mountPoint = mountPoint(volume);
        LoopDevice device = devices.holding(image)
                .filter(found -> mounts.isMounted(found, mountPoint))
                .orElseThrow(() -> new VolumeException(
                        "volume " + volume.name() + " is not mounted here; mount it, then grow it"));
        Images.extend(image, volume.sizeBytes());
        devices.readSizeAgain(device);
        try {
            identity.fill(volume.fsType(), device, mountPoint);
        } catch (VolumeException e) {
            throw new VolumeException(e.getMessage() + "; it grows at its next mount", e);
        }
    }

    @Override
    public void resize(VolumeRecord volume, Path directory) throws IOException {
        Images.extend(Images.first(directory), volume.sizeBytes());
    }

    /** Beside readers only readers. */
    @Override
    public void requireUnheld(Target target) throws VolumeException {
        for (LoopDevice device : devices.all(images.of(target))) {
            boolean beside = target.access() == Access.READ_ONLY && device.readOnly();
            if (!beside) {
                throw stillHeld(target, device);
            }
        }
    }

    @Override
    public MountedVolume mount(Target target, Found found) throws VolumeException, IOException {
        Path mountPoint = mountPoint(target.volume());
        Path image = images.name(target);
        Optional<LoopDevice> present = found == Found.UNHELD ? Optional.empty() : devices.holding(image);
        if (present.isPresent() && mounts.isMounted(present.get(), mountPoint)) {
            return mounted(mountPoint, present.get());
        }
        if (present.isPresent() && present.get().leaving()) {
            throw stillHeld(target, present.get());
        }
        requireFeasible(target.volume());
        return switch (target.access()) {
            case READ_WRITE -> mountToWrite(target, present, image, mountPoint);
            case READ_ONLY -> mountToRead(target, present, image, mountPoint);
        };
    }

    private MountedVolume mountToWrite(Target target, Optional<LoopDevice> present, Path image, Path mountPoint)
            throws VolumeException, IOException {
        Future<Boolean> zero = format.look(image);
        LoopDevice device = present.isPresent() ? present.get() : devices.attach(image);
        FsType type = format.ensure(target.volume(), device, zero, mountPoint);
        if (target.check() == Standing.Check.DUE) {
            check.pass(target.volume(), type, device, mountPoint, image);
        }
        mounts.mount(device, type, mountPoint);
        iops.set(device, target.volume().iops());
        return mounted(mountPoint, device);
    }

    private MountedVolume mountToRead(Target target, Optional<LoopDevice> present, Path image, Path mountPoint)
            throws VolumeException, IOException {
        VolumeRecord volume = target.volume();
        if (volume.phase() != FormatPhase.DONE || target.check() == Standing.Check.DUE) {
            throw new VolumeException("volume " + volume.name() + " cannot be mounted to read: "
                    + switch (volume.phase()) {
                        case DONE -> "it has to be checked first";
                        case COPIED, GROWN -> "its file system has to be made ready first";
                        case NEVER, BEGUN, WIPED -> "it has no file system yet";
                    }
                    + "; mount it once to write");
        }
        LoopDevice device = present.isPresent() ? present.get() : devices.attachReadOnly(image);
        mounts.mount(device, volume.fsType(), Access.READ_ONLY, mountPoint);
        iops.set(device, volume.iops());
        Path path = volumeRoot.below(mountPoint);
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new VolumeException("volume " + volume.name() + " has no directory " + volumeRoot.path()
                    + " and cannot be given one by a reader; mount it once to write");
        }
        return new MountedVolume(path, device.node());
    }

    private MountedVolume mounted(Path mountPoint, LoopDevice device) throws VolumeException, IOException {
        return new MountedVolume(volumeRoot.ensureBelow(mountPoint), device.node());
    }

    @Override
    public Mounted mounted() {
        return mounts.below(mountPoint(""), volumeRoot);
    }

    @Override
    public boolean usedElsewhere(VolumeRecord volume, Attachment attachment) throws IOException {
        return mounts.usedElsewhere(attachment.device(), mountPoint(volume));
    }

    @Override
    public void release(Target target) throws VolumeException {
        Path mountPoint = mountPoint(target.volume());
        Path image = images.attached(target);
        Optional<LoopDevice> device = devices.holding(image);
        if (device.isPresent()) {
            iops.set(device.get(), 0);
            mounts.unmountAndDetach(device.get(), mountPoint);
            Optional<LoopDevice> left = devices.detach(image);
            if (left.isPresent()) {
                throw stillHeld(target, left.get());
            }
        }
        try {
            mounts.clear(mountPoint);
            images.unname(target);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("path", mountPoint).setCause(e).log("Left an empty mount point, or a name");
        }
    }

    @Override
    public void cut(Target target, Path draft) throws VolumeException, IOException {
        switch (target.access()) {
            case READ_WRITE -> cutting.cut(means, images.of(target), draft);
            case READ_ONLY -> cutting.copy(images.of(target), draft);
        }
    }

    @Override
    public void spoil(Target former) throws VolumeException, IOException {
        if (former.access() == Access.READ_WRITE && Files.exists(images.of(former))) {
            cutting.spoil(means, images.of(former));
        }
    }

    @Override
    public void adopt(Path draft, Target target) throws IOException {
        Files.move(draft, images.of(target), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public Optional<String> cannotCut() {
        return means == Cutting.Means.NONE
                ? Optional.of("the pool " + pool.root() + " " + cannotCut)
                : Optional.empty();
    }

    @Override
    public boolean isCut(Target former, Target valid) throws IOException {
        Path old = images.of(former);
        return !Files.exists(old) || !Files.isSameFile(old, images.of(valid));
    }

    @Override
    public void forget(Target former) throws VolumeException, IOException {
        release(former);
        release(former.to(Access.READ_ONLY));
        Path image = images.of(former);
        List<LoopDevice> left = devices.all(image);
        if (!left.isEmpty()) {
            throw stillHeld(former, left.get(0));
        }
        if (Files.exists(image)) {
            cutting.unlock(means, image);
            Files.deleteIfExists(image);
        }
    }

    @Override
    public void unlock(Path directory) throws VolumeException, IOException {
        for (Path image : Images.all(directory)) {
            cutting.unlock(means, image);
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

    private VolumeException stillHeld(Target target, LoopDevice device) {
        return new VolumeException("volume " + target.volume().name() + " is not detached: " + device.node()
                + " still holds it, " + mounts.holders(device, mountPoint(target.volume())));
    }

    private Path mountPoint(VolumeRecord volume) {
        return mountPoint(volume.name().value());
    }

    private Path mountPoint(String volume) {
        try {
            return mountRoot.of(volume);
        } catch (IOException e) {
            throw new UncheckedIOException("the mount root is gone", e);
        }
    }
}
