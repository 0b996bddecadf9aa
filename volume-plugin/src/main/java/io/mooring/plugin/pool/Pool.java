package io.mooring.plugin.pool;

import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that holds volumes and the record of who has each of them. Several plugin processes share it, on one host
 * or on many.
 *
 * <pre>
 * driver                    which driver made the pool; no other may use it
 * hosts/HOST.lock           held by the process that acts for that host
 * locks/records             ranges of it are locked while records are read and written, and count their changes
 * volumes/KEY/volume.json   what the volume is; KEY is the lower-cased name
 * volumes/KEY/ownership.json  who has it, and the highest fence so far
 * volumes/KEY/...           the driver's content
 * snapshots/KEY/            what a volume was once: a record and a content
 * work/HOST.RANDOM          a volume on its way in or out; what a dead process left is cleared at the next start
 * </pre>
 */
public final class Pool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pattern RANDOM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Path root;
    private final MachineKey host;
    private final HostLock hostLock;
    private final PoolLocks locks;
    private final VolumeFiles files;
    private final Snapshots snapshots;
    private final KnownEntries entries;

    private Pool(Path root, MachineKey host, HostLock hostLock, PoolLocks locks) throws IOException {
        this.root = root;
        this.host = host;
        this.hostLock = hostLock;
        this.locks = locks;
        RecordCodec codec = new RecordCodec();
        this.files = new VolumeFiles(root.resolve("volumes"), codec);
        this.snapshots = new Snapshots(root.resolve("snapshots"), codec);
        this.entries = new KnownEntries(locks, files, System::nanoTime);
    }

    /**
     * Opens a pool on behalf of a host, and makes it if there is none.
     *
     * @throws VolumeException when another driver made it, or another process acts for this host
     */
    public static Pool open(Path directory, String driver, MachineKey host) throws IOException, VolumeException {
        // Volumes are for their users only, and so is the raw image of one: others may pass through, not look around.
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        Path root = directory.toRealPath();
        Files.createDirectories(root.resolve("volumes"));
        Files.createDirectories(root.resolve("work"));
        requireDriver(root, driver, host);
        HostLock hostLock = HostLock.acquire(root.resolve("hosts"), host, PATIENCE);
        Pool pool = new Pool(root, host, hostLock, new PoolLocks(root.resolve("locks")));
        pool.clearLeftovers();
        return pool;
    }

    /** Plugins of many hosts may find a new pool at the same moment: the first one's word counts for all. */
    private static void requireDriver(Path root, String driver, MachineKey host) throws IOException, VolumeException {
        Path file = root.resolve("driver");
        if (!Files.exists(file)) {
            Path draft = root.resolve(
                    "driver." + host + "." + ProcessHandle.current().pid());
            DurableFile.write(draft, driver.getBytes(StandardCharsets.UTF_8));
            try {
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException e) {
                // Another was first.
            }
            Files.delete(draft);
            DurableFile.syncDirectory(root);
        }
        String maker = Files.readString(file).strip();
        if (!maker.equals(driver)) {
            throw new VolumeException("pool " + root + " belongs to driver " + maker + ", not to " + driver
                    + "; give each driver a pool of its own");
        }
    }

    /** The directory itself. */
    public Path root() {
        return root;
    }

    /** Where the driver keeps the content of a volume. */
    public Path directory(VolumeName name) {
        return files.directory(name);
    }

    /** All volumes, by name. */
    public List<VolumeRecord> volumes() throws IOException {
        List<VolumeRecord> volumes = new ArrayList<>();
        for (String key : files.keys()) {
            files.readable(key).ifPresent(volumes::add);
        }
        volumes.sort(Comparator.comparing(VolumeRecord::name));
        return volumes;
    }

    /**
     * All volumes and who has them, by name, for a list that somebody reads: only what has changed is read. On a local file
     * system that is what there is; elsewhere it may be two seconds old.
     */
    public List<Entry> entries() throws IOException {
        return entries.all();
    }

    /** The volume of this name, in any case. */
    public Optional<VolumeRecord> find(VolumeName name) throws IOException {
        return files.volume(name);
    }

    /** The volume of this name, or a refusal that says that there is none. */
    public VolumeRecord require(VolumeName name) throws IOException, VolumeException {
        return find(name).orElseThrow(() -> new VolumeException("no such volume: " + name));
    }

    /** Who has it. Without the volume's lock the answer may be old when it arrives. */
    public Ownership ownership(VolumeName name) throws IOException {
        return files.ownership(name);
    }

    /** Runs while no other process changes this volume. Never run a program in it. */
    public <T> T locked(VolumeName name, PoolWork<T> work) throws IOException, VolumeException {
        return locks.lockedVolume(name.key(), work);
    }

    /** Writes who has it, on disk when this returns; call it with the volume's lock. */
    public void save(VolumeName name, Ownership ownership) throws IOException {
        files.write(name, ownership, RecordFile.Until.ON_DISK);
    }

    /**
     * Writes who has it, for all processes to see at once and on disk soon. For what may be forgotten when the machine fails,
     * because its attachments end with it: which device it is on, one use less, none any more.
     */
    public void saveForThisBoot(VolumeName name, Ownership ownership) throws IOException {
        files.write(name, ownership, RecordFile.Until.SEEN);
    }

    /**
     * Writes what it is. Only the host that has it attached to write may; one that was cut off meanwhile must not undo
     * what its successor recorded.
     *
     * @throws VolumeException when this host has it no more
     */
    public void save(VolumeRecord volume) throws IOException, VolumeException {
        locked(volume.name(), () -> {
            if (!(ownership(volume.name()) instanceof Ownership.Attached attached)
                    || !attached.attachment().host().host().equals(host)) {
                throw new VolumeException("volume " + volume.name() + " is not attached to this host any more");
            }
            files.write(volume);
            return volume;
        });
    }

    /**
     * Does something to the content of a volume that nobody has, and writes what it is then.
     *
     * @throws VolumeException when somebody has it
     */
    public void saveUnheld(VolumeRecord volume, Change change) throws IOException, VolumeException {
        locked(volume.name(), () -> {
            Ownership ownership = ownership(volume.name());
            if (!(ownership instanceof Ownership.Free)) {
                throw new VolumeException("volume " + volume.name() + " is "
                        + ownership.attachments().iterator().next().describe()
                        + "; ask the plugin there, or unmount it");
            }
            change.make();
            files.write(volume);
            return volume;
        });
    }

    /** A short change of a content, without any program. */
    public interface Change {
        void make() throws IOException;
    }

    /** On whose behalf this process acts. */
    public MachineKey host() {
        return host;
    }

    /** A name, outside of all volumes, for what is being made for one; a leftover of it is cleared at the next start. */
    public Path draft() {
        return workDirectory();
    }

    /**
     * Adds a volume: all of it appears at once, or nothing. If another process was faster, that one's volume stays.
     *
     * @param admission decides, with all volumes there are, whether there is room; nobody adds another one meanwhile
     * @param provision makes the driver's content in an empty directory
     */
    public void add(VolumeRecord volume, Admission admission, Provision provision) throws IOException, VolumeException {
        locks.lockedNames(() -> {
            Path target = directory(volume.name());
            if (Files.exists(target)) {
                return target;
            }
            admission.check(volumes());
            Path draft = Files.createDirectory(workDirectory());
            try {
                provision.make(draft);
                files.create(volume, draft);
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                FileTree.delete(draft);
                throw e;
            }
            DurableFile.syncDirectory(target.getParent());
            return target;
        });
    }

    /** Changes how large a volume is; nobody adds one meanwhile, or makes another larger. */
    public void admitted(Admission admission, Reservation reservation) throws IOException, VolumeException {
        locks.lockedNames(() -> {
            admission.check(volumes());
            reservation.make();
            return root;
        });
    }

    /** Records that room is taken. */
    public interface Reservation {
        void make() throws IOException, VolumeException;
    }

    /** What volumes were once. */
    public Snapshots snapshots() {
        return snapshots;
    }

    /** An empty directory for what becomes a volume or a snapshot; a leftover of it is cleared at the next start. */
    public Path prepare() throws IOException {
        return Files.createDirectory(workDirectory());
    }

    /** Keeps what was prepared as a snapshot. */
    public void addSnapshot(VolumeRecord snapshot, Path prepared) throws IOException {
        snapshots.add(snapshot, prepared);
    }

    /** Takes a snapshot away at once and for good; returns what is left to be deleted. */
    public Path takeOutSnapshot(VolumeName name) throws IOException {
        Path leftover = workDirectory();
        snapshots.takeOut(name, leftover);
        return leftover;
    }

    /** Takes a volume out, with the volume's lock held, at once and for good; returns what is left to be deleted. */
    public Path takeOut(VolumeName name) throws IOException {
        Path leftover = workDirectory();
        Files.move(directory(name), leftover, StandardCopyOption.ATOMIC_MOVE);
        DurableFile.syncDirectory(directory(name).getParent());
        return leftover;
    }

    private Path workDirectory() {
        return root.resolve("work").resolve(host + "." + UUID.randomUUID());
    }

    private void clearLeftovers() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(root.resolve("work"))) {
            for (Path leftover : leftovers) {
                if (isOfThisHost(leftover.getFileName().toString())) {
                    clear(leftover);
                }
            }
        }
    }

    /** Another host's name may begin as this one's, as that of node.rack does with node. */
    private boolean isOfThisHost(String leftover) {
        String prefix = host + ".";
        return leftover.startsWith(prefix)
                && RANDOM.matcher(leftover.substring(prefix.length())).lookingAt();
    }

    /** What cannot be deleted only takes room, such as an immutable file of a volume that was cut off and removed. */
    private static void clear(Path leftover) {
        try {
            FileTree.delete(leftover);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("path", leftover).setCause(e).log("Left something of a removed volume");
        }
    }

    @Override
    public void close() throws IOException {
        locks.close();
        hostLock.close();
    }

    /** Decides whether there is room for one more volume. */
    public interface Admission {
        void check(List<VolumeRecord> present) throws IOException, VolumeException;
    }

    /** Makes a driver's content for a new volume. */
    public interface Provision {
        void make(Path directory) throws IOException;
    }
}
