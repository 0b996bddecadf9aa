package io.mooring.cli.command;

import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.LocalCluster.StartException;
import io.mooring.local.process.TakenDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The directories of all demos. While one looks for what earlier ones left and makes its own, another one must not take
 * that for a leftover, so only one at a time does so.
 */
final class DemoDirectories implements AutoCloseable {
    private static final long LONGEST_WAIT_SECONDS = 60;

    private final Path all;
    private final FileChannel turn;

    private DemoDirectories(Path all, FileChannel turn) {
        this.all = all;
        this.turn = turn;
    }

    /** Waits for its turn. */
    static DemoDirectories open(Path all) throws IOException, InterruptedException {
        Files.createDirectories(all);
        FileChannel turn = FileChannel.open(all.resolve("turn"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_WAIT_SECONDS);
        while (turn.tryLock() == null) {
            if (System.nanoTime() >= until) {
                turn.close();
                throw new IOException("another demo has been starting for " + LONGEST_WAIT_SECONDS
                        + " s; look for it (it holds " + all.resolve("turn") + "), then try again");
            }
            Thread.sleep(50);
        }
        return new DemoDirectories(all, turn);
    }

    /** Demos that were killed left their clusters; one that still runs is left alone. */
    void cleanUpEarlier(Consumer<String> says) throws IOException {
        List<Path> earlier;
        try (Stream<Path> entries = Files.list(all)) {
            earlier = entries.filter(Files::isDirectory).sorted().toList();
        }
        for (Path directory : earlier) {
            try {
                if (LocalCluster.cleanUp(directory)) {
                    LocalCluster.delete(directory);
                    says.accept("(an earlier demo in " + directory + " was cleaned up)");
                }
            } catch (IOException e) {
                says.accept("(an earlier demo in " + directory + " cannot be cleaned up: " + Trouble.words(e) + ")");
            }
        }
    }

    /** Makes a directory for a demo and takes it. */
    TakenDirectory take() throws IOException {
        Path directory = Files.createTempDirectory(all, "run-");
        try {
            return TakenDirectory.take(directory);
        } catch (StartException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Lets the next one have its turn. */
    @Override
    public void close() throws IOException {
        turn.close();
    }
}
