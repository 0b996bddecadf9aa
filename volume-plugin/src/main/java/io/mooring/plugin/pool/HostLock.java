package io.mooring.plugin.pool;

import io.mooring.common.ids.MachineKey;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Held by the one plugin process that acts for a host in a pool. Two processes under one host name would each take the
 * other's attachments for their own. The kernel frees it when the process dies, however it dies.
 */
public final class HostLock implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final FileChannel channel;

    private HostLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, waiting for a predecessor that is on its way out.
     *
     * @throws VolumeException when another process has it and keeps it
     */
    static HostLock acquire(Path directory, MachineKey host, Duration patience) throws IOException, VolumeException {
        Files.createDirectories(directory);
        FileChannel channel = FileChannel.open(
                directory.resolve(host + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                if (locks(channel)) {
                    return new HostLock(channel);
                }
                if (System.nanoTime() > deadline) {
                    channel.close();
                    throw new VolumeException(
                            "another plugin process acts for host " + host + " in " + directory.getParent()
                                    + "; give each host a name of its own (key host), or stop that process");
                }
                Thread.sleep(POLL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw new VolumeException("given up because the service stops", e);
        }
    }

    private static boolean locks(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
