package io.mooring.plugin.pool;

import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Keeps the plugin processes that share a pool out of each other's way, also when they run on different hosts. Locks
 * are kept for single reads and writes of records, never while an external program runs.
 *
 * <p>All are ranges of one file, for a program is started the slower the more files are open. The kernel drops all locks that a
 * process has on a file as soon as it closes any descriptor of that file; so it is opened once and stays open, and the threads
 * of this process exclude each other by locks of the JVM. Each range is the number of {@link Changes} that its lock guards.
 */
final class PoolLocks implements AutoCloseable {
    private static final int STRIPES = 64;
    private static final int NAMES = STRIPES;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(5);

    private final FileChannel channel;
    private final Changes changes;
    private final ReentrantLock[] threads =
            Stream.generate(() -> new ReentrantLock(true)).limit(STRIPES + 1L).toArray(ReentrantLock[]::new);

    PoolLocks(Path directory) throws IOException {
        Files.createDirectories(directory);
        this.channel = FileChannel.open(
                directory.resolve("records"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        this.changes = new Changes(channel, STRIPES + 1);
    }

    /** Tells what was changed under these locks. */
    Changes changes() {
        return changes;
    }

    /** Under which of them a volume's records are changed. */
    int of(String key) {
        return Math.floorMod(key.hashCode(), STRIPES);
    }

    /** Runs while no other process touches the records of this volume. Not reentrant. */
    <T> T lockedVolume(String key, PoolWork<T> work) throws IOException, VolumeException {
        return locked(of(key), work);
    }

    /** Runs while no other process adds a volume. */
    <T> T lockedNames(PoolWork<T> work) throws IOException, VolumeException {
        return locked(NAMES, work);
    }

    private <T> T locked(int number, PoolWork<T> work) throws IOException, VolumeException {
        try {
            if (!threads[number].tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VolumeException("given up because the service stops", e);
        }
        try {
            FileLock lock = acquire(number);
            try {
                return counted(number, work);
            } finally {
                lock.release();
            }
        } finally {
            threads[number].unlock();
        }
    }

    private <T> T counted(int number, PoolWork<T> work) throws IOException, VolumeException {
        long during = changes.begin(number);
        try {
            return work.run();
        } finally {
            changes.end(number, during);
        }
    }

    private FileLock acquire(int number) throws IOException, VolumeException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                FileLock lock = channel.tryLock((long) number * Long.BYTES, Long.BYTES, false);
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                // Another pool object of this process has it; it is waited for like another process.
            }
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new VolumeException("given up because the service stops", e);
            }
        }
        throw busy();
    }

    private static VolumeException busy() {
        return new VolumeException("the pool's lock is held by another plugin process for more than "
                + PATIENCE.toSeconds() + " s; try again");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
