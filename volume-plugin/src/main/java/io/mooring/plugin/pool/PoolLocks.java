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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the plugin processes that share a pool out of each other's way, also when they run on different hosts. Locks
 * are kept for single reads and writes of records, never while an external program runs.
 *
 * <p>The kernel drops all locks that a process has on a file as soon as it closes any descriptor of that file; so each
 * lock file is opened once and stays open, and the threads of this process exclude each other by a lock of the JVM.
 */
final class PoolLocks implements AutoCloseable {
    private static final int STRIPES = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(5);

    private final List<Stripe> stripes = new ArrayList<>();
    private final Stripe names;

    PoolLocks(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (int i = 0; i < STRIPES; i++) {
            stripes.add(new Stripe(open(directory.resolve(i + ".lock"))));
        }
        names = new Stripe(open(directory.resolve("names.lock")));
    }

    /** Runs while no other process touches the records of this volume. Not reentrant. */
    <T> T lockedVolume(String key, PoolWork<T> work) throws IOException, VolumeException {
        return locked(stripes.get(Math.floorMod(key.hashCode(), STRIPES)), work);
    }

    /** Runs while no other process adds a volume. */
    <T> T lockedNames(PoolWork<T> work) throws IOException, VolumeException {
        return locked(names, work);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static <T> T locked(Stripe stripe, PoolWork<T> work) throws IOException, VolumeException {
        try {
            if (!stripe.threads.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VolumeException("given up because the service stops", e);
        }
        try {
            FileLock lock = acquire(stripe.channel);
            try {
                return work.run();
            } finally {
                lock.release();
            }
        } finally {
            stripe.threads.unlock();
        }
    }

    private static FileLock acquire(FileChannel channel) throws IOException, VolumeException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                FileLock lock = channel.tryLock();
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
        for (Stripe stripe : stripes) {
            stripe.channel.close();
        }
        names.channel.close();
    }

    private record Stripe(FileChannel channel, ReentrantLock threads) {
        Stripe(FileChannel channel) {
            this(channel, new ReentrantLock(true));
        }
    }
}
