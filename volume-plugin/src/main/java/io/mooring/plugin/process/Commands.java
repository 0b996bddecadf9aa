package io.mooring.plugin.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs external programs: an argument list, never a shell; always with a deadline; output bounded. Every program runs
 * with an empty environment but for the locale, so that messages and behaviour do not depend on who started us.
 */
public final class Commands {
    private static final int OUTPUT_LIMIT = 64 * 1024;
    private static final Duration KILL_GRACE = Duration.ofSeconds(2);

    private final Programs programs;
    private final Watch watch;
    /** Kept for the next program: a mount starts several, and two new threads for each are felt. */
    private final Executor readers = Executors.newCachedThreadPool(task -> {
        Thread reader = new Thread(task, "command-output");
        reader.setDaemon(true);
        return reader;
    });

    /** Sees each program before it is run and after it has ended, on the thread that runs it. */
    public interface Watch {
        /** It is about to be run. */
        void about(String program, List<String> arguments);

        /** It has ended, or was given up. */
        default void done(String program, List<String> arguments) {}
    }

    public Commands(Programs programs) {
        this(programs, (program, arguments) -> {});
    }

    public Commands(Programs programs, Watch watch) {
        this.programs = programs;
        this.watch = watch;
    }

    /** True when the program is installed. */
    public boolean has(String program) {
        return programs.find(program).isPresent();
    }

    /**
     * Runs a program and waits for its end.
     *
     * @throws CommandException when it is missing, cannot be started, or has not ended at the deadline; in the last
     *     case it was killed
     */
    public CommandResult run(Duration deadline, String program, String... arguments) throws CommandException {
        Path path = programs.find(program)
                .orElseThrow(() -> new CommandException(
                        program + " is not installed in any of " + programs.directories(),
                        CompletableFuture.completedFuture(null)));
        List<String> argv = new ArrayList<>();
        argv.add(path.toString());
        argv.addAll(List.of(arguments));
        watch.about(program, List.of(arguments));
        try {
            return run(deadline, program, start(argv));
        } finally {
            watch.done(program, List.of(arguments));
        }
    }

    private CommandResult run(Duration deadline, String program, Process process) throws CommandException {
        CompletableFuture<String> stdout = read(process.getInputStream());
        CompletableFuture<String> stderr = read(process.getErrorStream());
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw kill(process, program + " has not ended after " + deadline.toSeconds() + " s");
            }
            return new CommandResult(process.exitValue(), text(stdout), text(stderr));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw kill(process, program + " was given up because the service stops");
        }
    }

    private static Process start(List<String> argv) throws CommandException {
        ProcessBuilder builder = new ProcessBuilder(argv).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new CommandException("cannot start " + argv.get(0) + ": " + e.getMessage(), e);
        }
    }

    private static CommandException kill(Process process, String why) {
        process.destroyForcibly();
        boolean interrupted = Thread.interrupted();
        try {
            if (process.waitFor(KILL_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                return new CommandException(why + " and was killed", CompletableFuture.completedFuture(null));
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return new CommandException(
                why + " and does not die (pid " + process.pid() + ")",
                process.onExit().thenAccept(ended -> {}));
    }

    /** A grandchild may keep the pipe open after the program has ended; what came until then has to do. */
    private static String text(CompletableFuture<String> stream) throws InterruptedException {
        try {
            return stream.get(KILL_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return "";
        }
    }

    private CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        readers.execute(() -> {
            try (stream) {
                byte[] start = stream.readNBytes(OUTPUT_LIMIT);
                stream.transferTo(OutputStream.nullOutputStream());
                text.complete(new String(start, StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(new UncheckedIOException(e));
            }
        });
        return text;
    }
}
