package io.mooring.plugin.backend.vfs;

import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.MountKind;
import io.mooring.plugin.backend.Mounted;
import io.mooring.plugin.backend.MountedVolume;
import io.mooring.plugin.backend.Usage;
import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.pool.FileTree;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A volume is a directory of the pool. It needs no privilege, sizes and file systems are recorded but mean nothing, and
 * nothing but the attachment record keeps a second host out: class D.
 */
public final class VfsBackend implements Backend {
    /** Name of the driver. */
    public static final String DRIVER = "vfs";

    private static final String CONTENT = "content";
    private static final String WHY_NOT = "driver vfs is of class D: a volume is a directory, and whoever has opened a"
            + " file in it can write to it for as long as he likes; use driver loop, or let an operator release the claim"
            + " when the host is known to be off";

    private final Pool pool;
    private final VolumeRoot root;

    public VfsBackend(Pool pool, VolumeRoot root) {
        this.pool = pool;
        this.root = root;
    }

    @Override
    public String driver() {
        return DRIVER;
    }

    @Override
    public String backendClass() {
        return "D";
    }

    @Override
    public MountKind mountKind() {
        return MountKind.DIRECTORY;
    }

    @Override
    public Optional<String> cannotLimitIops() {
        return Optional.of("a directory has no device of its own");
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public void requireFeasible(VolumeRecord volume) {}

    /** A directory is asked for no file system. */
    @Override
    public Map<FsType, String> cannotMake() {
        return Map.of();
    }

    @Override
    public void provision(VolumeRecord volume, Path directory) throws IOException {
        Files.createDirectory(directory.resolve(CONTENT));
    }

    @Override
    public void copy(Target source, Optional<Attachment> here, Path directory) throws VolumeException, IOException {
        if (here.isPresent()) {
            throw new VolumeException("volume " + source.volume().name() + " is in use, and driver vfs cannot hold a"
                    + " directory still while it is copied; unmount it first");
        }
        copy(pool.directory(source.volume().name()), directory);
    }

    @Override
    public void copy(Path content, Path directory) throws IOException {
        FileTree.copy(content.resolve(CONTENT), directory.resolve(CONTENT));
    }

    @Override
    public void extend(VolumeRecord volume, Target target) {}

    @Override
    public void grow(VolumeRecord volume, Target target) {}

    /** A directory has no size. */
    @Override
    public void resize(VolumeRecord volume, Path directory) {}

    @Override
    public void requireUnheld(Target target) {}

    @Override
    public MountedVolume mount(Target target, Found found) throws VolumeException, IOException {
        return new MountedVolume(root.ensureBelow(content(target.volume())), "");
    }

    @Override
    public Mounted mounted() {
        return (volume, attachment) -> Optional.of(root.below(content(volume)));
    }

    @Override
    public void release(Target target) {}

    @Override
    public void cut(Target target, Path draft) throws VolumeException {
        throw new VolumeException(WHY_NOT);
    }

    @Override
    public void adopt(Path draft, Target target) throws IOException {
        throw new IOException(WHY_NOT);
    }

    @Override
    public void spoil(Target former) {}

    @Override
    public Optional<String> cannotCut() {
        return Optional.of(WHY_NOT);
    }

    @Override
    public boolean isCut(Target former, Target valid) {
        return false;
    }

    @Override
    public void forget(Target former) {}

    @Override
    public void unlock(Path directory) {}

    @Override
    public Usage usage() throws IOException {
        FileStore store = Files.getFileStore(pool.root());
        return new Usage(store.getTotalSpace(), store.getTotalSpace() - store.getUsableSpace());
    }

    private Path content(VolumeRecord volume) {
        return pool.directory(volume.name()).resolve(CONTENT);
    }
}
