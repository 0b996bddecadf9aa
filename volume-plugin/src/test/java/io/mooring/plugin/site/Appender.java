package io.mooring.plugin.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Appends numbered lines to a file, each synced, from a mount namespace of its own that no unmount reaches, in a child
 * whose parent has ended: the worst that a workload may leave behind. When it can write no more it still keeps its file
 * and its namespace.
 */
public final class Appender implements AutoCloseable {
    /** Opens the file once; so not even its disappearance would stop it. */
    private static final String SCRIPT = """
            ( exec 3>>"$1"
              n=0
              while :; do
                n=$((n+1))
                echo "line $n" >&3 || break
                sync "$1" || break
                echo "$n" >"$2"
              done
              echo over >"$2.end"
              exec sleep 600 ) </dev/null >/dev/null 2>&1 &
            echo $! >"$2.pid"
            """;

    private final Path progress;

    private Appender(Path progress) {
        this.progress = progress;
    }

    /** Starts one and waits until it has written something. */
    public static Appender on(Path file, Path progress) throws IOException, InterruptedException {
        Process starter = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "setsid",
                        "/bin/sh",
                        "-c",
                        SCRIPT,
                        "appender",
                        file.toString(),
                        progress.toString())
                .start();
        if (!starter.waitFor(10, TimeUnit.SECONDS) || starter.exitValue() != 0) {
            throw new AssertionError("the appender did not start");
        }
        Appender appender = new Appender(progress);
        appender.awaitLines(5);
        return appender;
    }

    /** The last line that was synced. */
    public long lines() throws IOException {
        String text = Files.exists(progress) ? Files.readString(progress).strip() : "";
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** Waits until this many lines were synced. */
    public void awaitLines(long wanted) throws IOException, InterruptedException {
        await(() -> lines() >= wanted, "the appender does not write");
    }

    /** Waits until it gave up because a write failed. */
    public void awaitFailure() throws IOException, InterruptedException {
        await(() -> Files.exists(progress.resolveSibling(progress.getFileName() + ".end")), "the appender goes on");
    }

    private static void await(Check check, String complaint) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!check.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(complaint);
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() throws IOException {
        long pid = Long.parseLong(Files.readString(progress.resolveSibling(progress.getFileName() + ".pid"))
                .strip());
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
    }

    /** The numbers that a file has, which have to be 1, 2, 3 and so on. */
    public static long gaplessLines(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).equals("line " + (i + 1))) {
                throw new AssertionError("line " + (i + 1) + " is '" + lines.get(i) + "'");
            }
        }
        return lines.size();
    }

    private interface Check {
        boolean holds() throws IOException;
    }
}
