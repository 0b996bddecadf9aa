package io.mooring.plugin.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    @TempDir
    Path directory;

    private Path file;
    private PidFile pidFile;

    @BeforeEach
    void prepare() {
        file = directory.resolve("run/plugin.pid");
        pidFile = new PidFile(file);
    }

    @Test
    void findsTheProcessThatItNames() throws IOException {
        assertThat(pidFile.process()).isEmpty();
        pidFile.write(ProcessHandle.current());
        assertThat(pidFile.process()).contains(ProcessHandle.current());
        pidFile.remove();
        assertThat(pidFile.process()).isEmpty();
    }

    /** A time of day would be another one after the clock was set. */
    @Test
    void namesTheStartByTheBootAndItsTicks() throws IOException {
        pidFile.write(ProcessHandle.current());
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        assertThat(file).content().matches(ProcessHandle.current().pid() + " " + boot + ":[0-9]+\n");
    }

    /** In a container there may be nobody who asks about the ended children of others. */
    @Test
    void takesAProcessThatNobodyHasAskedAboutForEnded() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "sleep 0.2 & echo $!; exec sleep 100").start();
        try {
            long child;
            try (BufferedReader reader = shell.inputReader()) {
                child = Long.parseLong(reader.readLine());
            }
            pidFile.write(ProcessHandle.of(child).orElseThrow());
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (pidFile.process().isPresent()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.sleep(20);
            }
            assertThat(Path.of("/proc", String.valueOf(child))).exists();
        } finally {
            shell.destroyForcibly();
        }
    }

    @Test
    void takesNoProcessOfAnotherBootOrAnotherStartForIts() throws IOException {
        pidFile.write(ProcessHandle.current());
        String text = Files.readString(file);
        Files.writeString(file, text.replaceAll(" [0-9a-f]{8}-", " 00000000-"));
        assertThat(pidFile.process()).isEmpty();
        Files.writeString(file, text.replaceAll(":[0-9]+", ":1"));
        assertThat(pidFile.process()).isEmpty();
        Files.writeString(file, "garbage");
        assertThat(pidFile.process()).isEmpty();
    }
}
