package io.mooring.executor.journal;

import io.mooring.executor.engine.JournalPort;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.VolumeStep;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A journal entry whose lock this process holds, until it is closed or the process ends. Whoever holds the lock may act
 * on the claim; nobody else does.
 */
final class HeldEntry implements JournalPort.Held {
    private final Path file;
    private final Path lockFile;
    private final FileChannel lockChannel;
    private final FileLock lock;
    private final EntryCodec codec;
    private JournalEntry entry;

    HeldEntry(Path file, Path lockFile, FileChannel lockChannel, FileLock lock, EntryCodec codec, JournalEntry entry) {
        this.file = file;
        this.lockFile = lockFile;
        this.lockChannel = lockChannel;
        this.lock = lock;
        this.codec = codec;
        this.entry = entry;
    }

    /** What the entry says. */
    @Override
    public JournalEntry entry() {
        return entry;
    }

    /** Adds a step; it is on disk when this returns. */
    @Override
    public void append(VolumeStep step, Optional<MountFacts> facts) throws IOException {
        write(codec.stepLine(step, facts));
        entry = entry.at(step, facts);
    }

    @Override
    public void container(String name) throws IOException {
        write(codec.containerLine(entry.step(), name));
        entry = entry.in(name);
    }

    private void write(byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer line = ByteBuffer.wrap(bytes);
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(false);
        }
    }

    /** By the clock of the disk; nobody's safety hangs on it. */
    @Override
    public Duration age() throws IOException {
        return Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
    }

    /** Nothing is owed any more: the entry leaves the journal, then the lock is free. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        Journal.force(file.getParent());
        Files.deleteIfExists(lockFile);
        letGo();
    }

    /** Lets go of the lock and leaves the entry to whoever finishes it. */
    @Override
    public void letGo() throws IOException {
        lock.release();
        lockChannel.close();
    }
}
