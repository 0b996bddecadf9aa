package io.mooring.executor.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the system: arguments as a list, never a shell; always with a deadline; output bounded. */
final class Commands {
    private static final int MOST_OUTPUT = 8 * 1024;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    static final String SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** A program's status and what it wrote to both of its outputs. */
    record Result(int status, String output) {}

    Result run(List<String> argv) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        builder.environment().clear();
        builder.environment().put("PATH", SYSTEM_PATH);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try (InputStream output = process.getInputStream()) {
            Thread reaper = deadline(process);
            byte[] bytes = output.readNBytes(MOST_OUTPUT);
            output.transferTo(java.io.OutputStream.nullOutputStream());
            int status = process.waitFor();
            reaper.interrupt();
            return new Result(status, new String(bytes, StandardCharsets.UTF_8).strip());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(argv.get(0) + " was interrupted", e);
        }
    }

    /** Runs a program that has to succeed. */
    void succeed(List<String> argv) throws IOException {
        Result result = run(argv);
        if (result.status() != 0) {
            throw new IOException(
                    String.join(" ", argv) + " failed with status " + result.status() + ": " + result.output());
        }
    }

    private static Thread deadline(Process process) {
        Thread thread = new Thread(
                () -> {
                    try {
                        if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                            process.destroyForcibly();
                        }
                    } catch (InterruptedException e) {
                        return; // it ended in time
                    }
                },
                "deadline");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
