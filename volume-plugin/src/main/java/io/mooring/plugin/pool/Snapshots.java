package io.mooring.plugin.pool;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What volumes were once, beside the volumes: {@code snapshots/KEY/} with a record and a content as a volume has them. A
 * snapshot never changes, so nobody needs a lock for it; it appears at once and goes at once.
 */
public final class Snapshots {
    private static final String RECORD = "volume.json";

    private final Path directory;
    private final RecordCodec codec;

    Snapshots(Path directory, RecordCodec codec) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.codec = codec;
    }

    /** Where the content of a snapshot is. */
    public Path content(VolumeName snapshot) {
        return directory.resolve(snapshot.key());
    }

    /** The volume as it was, under the snapshot's name. */
    public Optional<VolumeRecord> find(VolumeName snapshot) throws IOException {
        return read(content(snapshot));
    }

    private Optional<VolumeRecord> read(Path content) throws IOException {
        try {
            return Optional.of(codec.volume(RecordFile.read(content.resolve(RECORD))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** All of them, by name. */
    public List<VolumeRecord> all() throws IOException {
        List<VolumeRecord> all = new ArrayList<>();
        try (DirectoryStream<Path> contents = Files.newDirectoryStream(directory)) {
            for (Path content : contents) {
                read(content).ifPresent(all::add);
            }
        }
        all.sort(Comparator.comparing(VolumeRecord::name));
        return all;
    }

    /**
     * Adds what was prepared in a directory of the pool.
     *
     * @throws FileAlreadyExistsException when there is one of that name
     */
    void add(VolumeRecord snapshot, Path prepared) throws IOException {
        DurableFile.write(prepared.resolve(RECORD), codec.write(snapshot));
        if (Files.exists(content(snapshot.name()))) {
            throw new FileAlreadyExistsException(snapshot.name().value());
        }
        // A rename onto a directory that somebody made meanwhile fails, because that one is not empty.
        Files.move(prepared, content(snapshot.name()), StandardCopyOption.ATOMIC_MOVE);
        DurableFile.syncDirectory(directory);
    }

    /** Takes it away at once; returns what is left to be deleted. */
    void takeOut(VolumeName snapshot, Path leftover) throws IOException {
        Files.move(content(snapshot), leftover, StandardCopyOption.ATOMIC_MOVE);
        DurableFile.syncDirectory(directory);
    }
}
