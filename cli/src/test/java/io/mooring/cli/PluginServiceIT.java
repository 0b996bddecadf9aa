package io.mooring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The plugin as a service, in the words and with the exit codes of REX-Ray's own start and stop. */
class PluginServiceIT {
    private final PrintStream systemOut = System.out;
    private final PrintStream systemErr = System.err;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    private Path directory;
    private List<String> places;

    @BeforeEach
    void prepare() throws IOException {
        directory = Files.createTempDirectory("ps").toRealPath(); // a socket's path may not be long
        places = List.of(
                "--run-dir",
                directory.resolve("run").toString(),
                "--log",
                directory.resolve("log").toString());
        System.setOut(new PrintStream(data, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(messages, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() throws IOException {
        run("stop");
        System.setOut(systemOut);
        System.setErr(systemErr);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** What it answers; what it had said before is forgotten. */
    private int run(String command, String... more) {
        data.reset();
        messages.reset();
        List<String> arguments = new ArrayList<>(List.of("plugin", command));
        arguments.addAll(places);
        arguments.addAll(List.of(more));
        return MooringMain.run(arguments.toArray(new String[0]));
    }

    private int start() throws IOException {
        Path config = Files.writeString(
                directory.resolve("config.yml"),
                "libstorage: {service: vfs}\nvfs: {pool: " + directory.resolve("pool") + ", host: h1}\n");
        return run(
                "start",
                "--config",
                config.toString(),
                "--plugin-dir",
                directory.resolve("s").toString());
    }

    @Test
    void tellsThatItHasStartedAndHowItIsStopped() throws IOException {
        assertThat(run("status")).isEqualTo(1);
        assertThat(text(messages)).contains("does not run as a service here");
        assertThat(run("stop")).isEqualTo(1);
        assertThat(text(messages)).contains("no volume plugin runs as a service here", "mooring plugin start");

        assertThat(start()).isZero();
        assertThat(text(data))
                .contains(
                        "SUCCESS!", "now running at PID ", "mooring plugin stop --run-dir " + directory.resolve("run"))
                .contains("serving ", directory.resolve("s/vfs.sock").toString());
        String pid = text(data).replaceAll("(?s).*PID (\\d+).*", "$1");
        assertThat(ProcessHandle.of(Long.parseLong(pid))).isPresent();

        assertThat(start()).isEqualTo(1);
        assertThat(text(data)).contains("FAILURE!");
        assertThat(text(messages)).contains("runs already, at PID " + pid);
        assertThat(run("status")).isZero();
        assertThat(text(data)).contains("PID " + pid);

        assertThat(run("stop")).isZero();
        assertThat(text(data)).contains("PID " + pid + " has ended");
        assertThat(run("status")).isEqualTo(1);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
