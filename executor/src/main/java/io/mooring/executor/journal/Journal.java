package io.mooring.executor.journal;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.JournalPort;
import io.mooring.executor.mount.HighWater;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.VolumeStep;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * This machine's journal: one file and one lock per claim, and per volume the highest fence acted under. It lies outside
 * of all sandboxes, because it has to outlive executors; nobody but its owner reads it.
 */
public final class Journal implements JournalPort {
    private static final String ENTRY = ".journal";
    private static final String LOCK = ".lock";

    private final Path claims;
    private final Path volumes;
    private final Path epochs;
    private final EntryCodec codec = new EntryCodec();

    public Journal(Path directory) throws IOException {
        this.claims = privateDirectory(privateDirectory(directory).resolve("claims"));
        this.volumes = privateDirectory(directory.resolve("volumes"));
        this.epochs = privateDirectory(directory.resolve("epochs"));
    }

    /** Begins a claim's entry at INTENT; it is on disk, and locked, when this returns. */
    @Override
    public HeldEntry open(JournalEntry intent) throws IOException {
        ClaimId claim = intent.volume().claim();
        Path file = claims.resolve(claim.value() + ENTRY);
        Path lockFile = claims.resolve(claim.value() + LOCK);
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw new IOException("claim " + claim + " is held by another executor of this machine");
        }
        if (Files.exists(file)) {
            // An executor attaches at most once per claim; what another one began is only ever finished.
            lock.release();
            channel.close();
            throw new IOException("claim " + claim + " is in this machine's journal already");
        }
        try (FileChannel entry = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(entry, codec.firstLine(intent));
            write(entry, codec.stepLine(VolumeStep.INTENT, Optional.empty()));
            entry.force(true);
            force(claims);
        } catch (IOException e) {
            // A full disk: nothing was touched, and half an entry would only be in the way.
            Files.deleteIfExists(file);
            Files.deleteIfExists(lockFile);
            lock.release();
            channel.close();
            throw e;
        }
        return new HeldEntry(file, lockFile, channel, lock, codec, intent);
    }

    /** Takes over the entry of a dead executor; empty if there is none or a live one holds it. */
    @Override
    public Optional<Held> take(ClaimId claim) throws IOException {
        Path file = claims.resolve(claim.value() + ENTRY);
        Path lockFile = claims.resolve(claim.value() + LOCK);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        if (!Files.exists(file)) {
            // Its holder finished between our look and our lock.
            Files.deleteIfExists(lockFile);
            lock.release();
            channel.close();
            return Optional.empty();
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        if (!text.contains("\n")) {
            // Its writer died before the claim was on disk, and so before anything was touched.
            Files.deleteIfExists(file);
            Files.deleteIfExists(lockFile);
            lock.release();
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new HeldEntry(file, lockFile, channel, lock, codec, codec.read(text)));
    }

    /** The claims that have an entry, whoever holds it. */
    @Override
    public List<ClaimId> open() throws IOException {
        List<ClaimId> open = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(claims, "*" + ENTRY)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                open.add(new ClaimId(name.substring(0, name.length() - ENTRY.length())));
            }
        }
        return open;
    }

    /** What an entry says, without its lock; it may be a step behind. Empty if it is gone. */
    @Override
    public Optional<JournalEntry> look(ClaimId claim) throws IOException {
        Path file = claims.resolve(claim.value() + ENTRY);
        return Files.exists(file)
                ? Optional.of(codec.read(Files.readString(file, StandardCharsets.UTF_8)))
                : Optional.empty();
    }

    /** The highest fence acted under for a volume on this machine. */
    @Override
    public HighWater highWater(VolumeName volume) throws IOException {
        Path file = volumes.resolve(volume.key());
        if (!Files.exists(file)) {
            return HighWater.NONE;
        }
        String[] fields = Files.readString(file, StandardCharsets.UTF_8).strip().split(" ");
        return new HighWater(Long.parseLong(fields[0]), Optional.of(new ClaimId(fields[1])));
    }

    /** Lifts the mark to a claim's fence; on disk when this returns. Before the first attach under that fence. */
    @Override
    public void raise(ClaimedVolume volume) throws IOException {
        if (highWater(volume.request().name()).fence() >= volume.fence()) {
            return;
        }
        String key = volume.request().name().key();
        Path temporary = volumes.resolve("." + key + "." + volume.claim().value());
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, (volume.fence() + " " + volume.claim() + "\n").getBytes(StandardCharsets.UTF_8));
            channel.force(true);
        }
        Files.move(temporary, volumes.resolve(key), StandardCopyOption.ATOMIC_MOVE);
        force(volumes);
    }

    /** The highest of the files, each of which is named by an epoch. */
    @Override
    public long highestEpoch() throws IOException {
        long highest = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(epochs, "[0-9]*")) {
            for (Path file : files) {
                highest = Math.max(highest, Long.parseLong(file.getFileName().toString()));
            }
        }
        return highest;
    }

    /** Several executors note epochs at once; as each adds a file of its own, none can lower another's mark. */
    @Override
    public void raiseEpoch(long epoch) throws IOException {
        if (highestEpoch() >= epoch) {
            return;
        }
        FileChannel.open(epochs.resolve(Long.toString(epoch)), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .close();
        force(epochs);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(epochs, "[0-9]*")) {
            for (Path file : files) {
                if (Long.parseLong(file.getFileName().toString()) < epoch) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another part of this very process holds it
        }
    }

    private static Path privateDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return directory;
    }
}
