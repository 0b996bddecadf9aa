package io.mooring.scheduler.app;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of the system that is run to its end, with a deadline. */
final class Program {
    private static final int MOST_SHOWN = 2000;

    private Program() {}

    /** @throws IOException if it cannot be started, fails, or does not end in time; with what it said */
    static void run(List<String> command, Map<String, String> environment, Duration longest) throws IOException {
        Path said = Files.createTempFile("mooring-program-", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(said.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.get(0) + " did not end within " + longest.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(command.get(0) + " failed with " + process.exitValue() + ": " + shown(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " ran", e);
        } finally {
            Files.deleteIfExists(said);
        }
    }

    private static String shown(Path said) throws IOException {
        String text = Files.readString(said, StandardCharsets.UTF_8).strip();
        return text.length() > MOST_SHOWN ? text.substring(text.length() - MOST_SHOWN) : text;
    }
}
