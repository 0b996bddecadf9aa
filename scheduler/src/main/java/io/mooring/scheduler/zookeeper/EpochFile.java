package io.mooring.scheduler.zookeeper;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The last write that schedulers on this machine have seen, in a file: what ZooKeeper cannot tell after it was restored
 * from an older copy. The epoch alone would not do, because a term may last for months, and a copy is mostly of the same
 * term. Several schedulers may share the file.
 */
final class EpochFile {
    private final Path file;
    private final RecordJson json;

    EpochFile(Path file, RecordJson json) {
        this.file = file.toAbsolutePath();
        this.json = json;
    }

    /**
     * @param cluster the name that was given to the store when it was made
     * @param commit the number of the last write of that epoch; writes of the last second may not be counted
     */
    record Seen(String cluster, long epoch, long commit) {
        /** Whether that write came later. */
        boolean before(ZooKeeperStore.Mark write) {
            return epoch < write.epoch() || (epoch == write.epoch() && commit < write.number());
        }
    }

    /** Empty when this machine has seen none. */
    Optional<Seen> read() throws IOException {
        try {
            return Optional.of(json.read(Files.readAllBytes(file), Seen.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IOException(
                    file + " should hold the last write seen, and cannot be read: " + e.getMessage()
                            + "; repair it, or remove it if ZooKeeper was never restored from a copy",
                    e);
        }
    }

    /** Remembers a write, unless a later one was seen, or the file is of another cluster. On disk when it returns. */
    void saw(String cluster, ZooKeeperStore.Mark write) throws IOException {
        write(
                new Seen(cluster, write.epoch(), write.number()),
                known -> known.cluster().equals(cluster) && known.before(write));
    }

    /** Begins anew with this epoch of this cluster, whatever was seen before. On disk when it returns. */
    void adopt(String cluster, long epoch) throws IOException {
        write(new Seen(cluster, epoch, 0), before -> true);
    }

    private synchronized void write(Seen seen, Predicate<Seen> replaces) throws IOException {
        Files.createDirectories(file.getParent());
        try (FileChannel guard = FileChannel.open(
                        file.resolveSibling(file.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock held = guard.lock()) {
            Optional<Seen> before = read();
            if (held.isValid() && (before.isEmpty() || replaces.test(before.get()))) {
                replace(seen);
            }
        }
    }

    private void replace(Seen seen) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, json.write(seen));
        try (FileChannel content = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            content.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
