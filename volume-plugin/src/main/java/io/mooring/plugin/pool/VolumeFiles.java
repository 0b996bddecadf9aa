package io.mooring.plugin.pool;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.Standing;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two records of each volume, in a directory that is named by its key. */
final class VolumeFiles {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeFiles.class);
    private static final String VOLUME = "volume.json";
    private static final String OWNERSHIP = "ownership.json";

    private final Path root;
    private final Object identity;
    private final RecordCodec codec;
    private final OwnershipCodec owners = new OwnershipCodec();

    VolumeFiles(Path root, RecordCodec codec) throws IOException {
        this.root = root;
        this.identity = identity(root);
        this.codec = codec;
    }

    private static Object identity(Path directory) throws IOException {
        return Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    }

    /** A pool that is not there, because somebody moved or unmounted it, is no proof that a volume is not. */
    private void requireSamePool() throws IOException {
        Object present;
        try {
            present = identity(root);
        } catch (NoSuchFileException e) {
            throw new IOException(root + " is gone; bring the pool back (is its file system mounted?)", e);
        }
        if (!present.equals(identity)) {
            throw new IOException(root + " is another directory than the one that this process has opened; bring that"
                    + " one back, or start the plugin again");
        }
    }

    Path directory(VolumeName name) {
        return root.resolve(name.key());
    }

    /** The keys of all volumes. */
    List<String> keys() throws IOException {
        requireSamePool();
        List<String> keys = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(root)) {
            directories.forEach(directory -> keys.add(directory.getFileName().toString()));
        }
        return keys;
    }

    Optional<VolumeRecord> volume(VolumeName name) throws IOException {
        return volume(directory(name).resolve(VOLUME));
    }

    private Optional<VolumeRecord> volume(Path file) throws IOException {
        try {
            return Optional.of(codec.volume(RecordFile.read(file)));
        } catch (NoSuchFileException e) {
            requireSamePool();
            return Optional.empty();
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** A volume without a record of who has it is a new one. */
    Ownership ownership(VolumeName name) throws IOException {
        Path file = directory(name).resolve(OWNERSHIP);
        try {
            return owners.read(RecordFile.read(file));
        } catch (NoSuchFileException e) {
            requireSamePool();
            return new Ownership.Free(Standing.NEW);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** One damaged record must not hide the other volumes. */
    Optional<VolumeRecord> readable(String key) {
        Path file = root.resolve(key).resolve(VOLUME);
        try {
            return volume(file);
        } catch (IOException e) {
            LOG.atError().addKeyValue("file", file).setCause(e).log("Left out a volume whose record is damaged");
            return Optional.empty();
        }
    }

    /** Both records; empty when one of them is damaged. */
    Optional<Entry> entry(String key) {
        return readable(key).flatMap(volume -> {
            try {
                return Optional.of(new Entry(volume, ownership(volume.name())));
            } catch (IOException e) {
                LOG.atError().setCause(e).log("Left out a volume whose attachment record is damaged");
                return Optional.empty();
            }
        });
    }

    void write(VolumeRecord volume) throws IOException {
        RecordFile.write(directory(volume.name()).resolve(VOLUME), codec.write(volume), RecordFile.Until.ON_DISK);
    }

    void write(VolumeName name, Ownership ownership, RecordFile.Until until) throws IOException {
        RecordFile.write(directory(name).resolve(OWNERSHIP), owners.write(ownership), until);
    }

    /** Writes the records of a new volume into a directory that becomes its own. */
    void create(VolumeRecord volume, Path draft) throws IOException {
        RecordFile.create(draft.resolve(VOLUME), codec.write(volume));
        RecordFile.create(draft.resolve(OWNERSHIP), owners.write(new Ownership.Free(Standing.NEW)));
        DurableFile.syncDirectory(draft);
    }
}
