package io.mooring.local.process;

import io.mooring.local.process.LocalCluster.StartException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A cluster's directory that no other cluster can take meanwhile; the kernel gives it back when the process ends. */
public final class TakenDirectory implements AutoCloseable {
    private final Layout layout;
    private final FileChannel lock;

    private TakenDirectory(Layout layout, FileChannel lock) {
        this.layout = layout;
        this.lock = lock;
    }

    /**
     * Takes the directory, and makes it if there is none.
     *
     * @throws StartException when a cluster runs in it
     */
    public static TakenDirectory take(Path directory) throws StartException, IOException {
        Layout layout = Layout.of(directory, LocalCluster.root());
        Files.createDirectories(layout.directory());
        FileChannel channel = FileChannel.open(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(channel)) {
            channel.close();
            throw new StartException("a local cluster is running in " + layout.directory()
                    + " already; stop it first, or choose another directory with --dir");
        }
        return new TakenDirectory(layout, channel);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // taken by this very process
        }
    }

    Layout layout() {
        return layout;
    }

    public Path path() {
        return layout.directory();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
