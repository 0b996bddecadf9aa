package io.mooring.plugin.backend.platform;

import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.MountKind;
import io.mooring.plugin.backend.Mounted;
import io.mooring.plugin.backend.MountedVolume;
import io.mooring.plugin.backend.Usage;
import io.mooring.plugin.backend.loop.BlockMounts;
import io.mooring.plugin.pool.DurableFile;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Access;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A volume is one of a storage platform's, attached to this machine by the platform and mounted as any block device. The
 * pool has the records, and for each volume the platform's id; it has to be shared by the hosts that share the platform. The
 * platform refuses a second attachment, but nobody can be cut off through it here: class C.
 */
public final class PlatformBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(PlatformBackend.class);
    private static final String ID = "platform.id";
    private static final Duration POLL = Duration.ofMillis(100);

    private final Platform platform;
    private final Pool pool;
    private final BlockMounts blocks;
    private final Duration patience;

    /**
     * Over a pool that this host has opened.
     *
     * @param patience how long a device may take to appear after it was attached
     */
    public PlatformBackend(Platform platform, Pool pool, BlockMounts blocks, Duration patience) {
        this.platform = platform;
        this.pool = pool;
        this.blocks = blocks;
        this.patience = patience;
    }

    @Override
    public String driver() {
        return platform.driver();
    }

    @Override
    public String backendClass() {
        return "C";
    }

    @Override
    public MountKind mountKind() {
        return MountKind.DEVICE;
    }

    @Override
    public Optional<String> cannotLimitIops() {
        return Optional.of("driver " + driver() + " leaves them to the platform");
    }

    @Override
    public void start() throws VolumeException, IOException {
        platform.start();
        blocks.start();
    }

    @Override
    public void stop() {
        try {
            blocks.stop();
        } catch (VolumeException | IOException e) {
            LOG.atWarn().setCause(e).log("Left the mount root as it is");
        }
    }

    @Override
    public Map<FsType, String> cannotMake() {
        return blocks.cannotMake();
    }

    @Override
    public void requireFeasible(VolumeRecord volume) throws VolumeException {
        blocks.requireFeasible(volume);
    }

    /** A volume of that name that the platform has already is taken as it is: its content is not ours to make anew. */
    @Override
    public void provision(VolumeRecord volume, Path directory) throws IOException {
        try {
            Optional<PlatformVolume> present = platform.named(volume.name());
            if (present.isPresent() && present.get().bytes() < volume.sizeBytes()) {
                throw new IOException(driver() + " has a volume " + volume.name() + " already, of "
                        + (present.get().bytes() >> 30) + " GB; ask for that size, or choose another name");
            }
            String id = present.isPresent() ? present.get().id() : platform.create(volume.name(), volume.sizeBytes());
            write(directory, id);
        } catch (VolumeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void copy(Target source, Optional<Attachment> here, Path directory) throws VolumeException, IOException {
        if (here.isPresent()) {
            throw new VolumeException("volume " + source.volume().name() + " is in use, and driver " + driver()
                    + " cannot hold it still while it is copied; unmount it first");
        }
        copy(pool.directory(source.volume().name()), directory);
    }

    @Override
    public void copy(Path content, Path directory) throws VolumeException, IOException {
        write(directory, platform.copy(id(content)));
    }

    @Override
    public void extend(VolumeRecord volume, Target target) throws IOException {
        throw new IOException("driver " + driver() + " makes no volume larger; use the platform's own tools");
    }

    @Override
    public void grow(VolumeRecord volume, Target target) throws VolumeException {
        throw new VolumeException("driver " + driver() + " makes no volume larger; use the platform's own tools");
    }

    @Override
    public void resize(VolumeRecord volume, Path directory) throws IOException {
        try {
            platform.adapt(id(directory), volume.name(), volume.sizeBytes());
        } catch (VolumeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void requireUnheld(Target target) throws VolumeException {
        PlatformVolume volume = platform.get(idOf(target.volume()));
        if (!volume.attachedTo().isEmpty()) {
            throw new VolumeException("volume " + target.volume().name() + " is attached to " + volume.attachedTo()
                    + ", as " + driver() + " says; detach it there first");
        }
    }

    @Override
    public MountedVolume mount(Target target, Found found) throws VolumeException, IOException {
        if (target.access() == Access.READ_ONLY) {
            throw new VolumeException("driver " + driver() + " attaches a volume to one machine, to write");
        }
        String id = idOf(target.volume());
        PlatformVolume volume = platform.get(id);
        boolean attached = volume.attachedTo().contains(platform.here());
        if (volume.attachedTo().size() > (attached ? 1 : 0)) {
            throw new VolumeException("volume " + target.volume().name() + " is attached to " + volume.attachedTo()
                    + ", as " + driver() + " says; detach it there first");
        }
        if (!attached) {
            platform.attach(id);
        }
        return blocks.mount(target, awaitDevice(target.volume(), id));
    }

    private Path awaitDevice(VolumeRecord volume, String id) throws VolumeException {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<Path> device = platform.device(id);
        while (device.isEmpty() && System.nanoTime() < deadline) {
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new VolumeException("given up because the service stops", e);
            }
            device = platform.device(id);
        }
        return device.orElseThrow(() -> new VolumeException("volume " + volume.name() + " was attached, but its device"
                + " did not appear within " + patience.toSeconds() + " s"));
    }

    @Override
    public Mounted mounted() {
        try {
            return blocks.mounted();
        } catch (IOException e) {
            throw new UncheckedIOException("the mount root is gone", e);
        }
    }

    @Override
    public void release(Target target) throws VolumeException {
        String id = idOf(target.volume());
        try {
            Optional<Path> device = platform.device(id);
            if (device.isPresent()) {
                blocks.unmount(target.volume(), device.get());
            }
        } catch (IOException e) {
            throw new VolumeException("cannot unmount volume " + target.volume().name() + ": " + e.getMessage(), e);
        }
        String here = platform.here();
        if (platform.get(id).attachedTo().contains(here)) {
            platform.detach(id);
            if (platform.get(id).attachedTo().contains(here)) {
                throw new VolumeException(
                        "volume " + target.volume().name() + " is not detached, as " + driver() + " says");
            }
        }
    }

    @Override
    public void cut(Target target, Path draft) throws VolumeException {
        throw new VolumeException(whyNot());
    }

    @Override
    public void adopt(Path draft, Target target) throws IOException {
        throw new IOException(whyNot());
    }

    @Override
    public void spoil(Target former) {}

    @Override
    public Optional<String> cannotCut() {
        return Optional.of(whyNot());
    }

    @Override
    public boolean isCut(Target former, Target valid) {
        return false;
    }

    @Override
    public void forget(Target former) {}

    /** The last step of a removal: what the platform has of a volume that was taken out of the pool. */
    @Override
    public void unlock(Path directory) throws VolumeException, IOException {
        platform.remove(id(directory));
    }

    @Override
    public Usage usage() throws VolumeException {
        return platform.usage();
    }

    private String whyNot() {
        return "driver " + driver()
                + " is of class C: it does not cut a machine off; detach the volume with the platform's"
                + " own tools, or let an operator release the claim when the machine is known to be off";
    }

    private String idOf(VolumeRecord volume) throws VolumeException {
        try {
            return id(pool.directory(volume.name()));
        } catch (IOException e) {
            throw new VolumeException(
                    "it is not recorded which volume of " + driver() + " volume " + volume.name() + " is", e);
        }
    }

    private static String id(Path directory) throws IOException {
        return Files.readString(directory.resolve(ID), StandardCharsets.UTF_8).strip();
    }

    private static void write(Path directory, String id) throws IOException {
        DurableFile.write(directory.resolve(ID), id.getBytes(StandardCharsets.UTF_8));
    }
}
