package io.mooring.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked where somebody would install it. */
@Timeout(120)
class DistributionIT {
    @TempDir
    private static Path directory;

    private static Path installed;
    private static Path archive;

    @BeforeAll
    static void unpack() throws Exception {
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            archive = built.filter(file -> file.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
        assertThat(run(List.of("tar", "-xzf", archive.toString(), "-C", directory.toString())))
                .isEmpty();
        try (Stream<Path> unpacked = Files.list(directory)) {
            installed = unpacked.findFirst().orElseThrow();
        }
    }

    @Test
    void tellsItsVersion() throws Exception {
        assertThat(run(List.of(program("mooring"), "--version"))).startsWith("mooring 0.");
    }

    @Test
    void tellsWhatTheExecutorIs() throws Exception {
        assertThat(run(List.of(program("mooring-executor"), "--help"))).contains("MESOS_AGENT_ENDPOINT");
    }

    @Test
    void speaksDvdcli() throws Exception {
        assertThat(run(List.of(program("dvdcli"), "version"))).isNotEmpty();
    }

    @Test
    void worksThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link-to-mooring"), installed.resolve("bin/mooring"));

        assertThat(run(List.of(link.toString(), "help", "scheduler"))).contains("--start-over");
        Files.delete(link);
    }

    @Test
    void hasExamplesUnitsAndPages() {
        assertThat(List.of(
                        "etc/scheduler.yml",
                        "etc/config.yml",
                        "etc/agent.json",
                        "etc/users.yml",
                        "systemd/mooring-scheduler.service",
                        "systemd/mooring-plugin.service",
                        "systemd/mooring-plugin.socket",
                        "docs/installing.md",
                        "docs/mesos.md",
                        "README.md",
                        "LICENSE",
                        "executor/lib/mooring-executor.jar"))
                .allSatisfy(name -> assertThat(installed.resolve(name)).exists());
        assertThat(installed.resolve("executor/lib/mooring-executor.jsa")).doesNotExist();
    }

    @Test
    void startsTheSchedulerOfTheExampleAsFarAsItsFilesGo() throws Exception {
        String said = fail(List.of(
                program("mooring"),
                "scheduler",
                "--config",
                installed.resolve("etc/scheduler.yml").toString()));

        assertThat(said).as("it was read, and what it names is not there").contains("/etc/mooring/");
    }

    /** As systemd hands it over: descriptor 3, and a variable that says so. */
    @Test
    void takesTheSocketThatActivationHandsOver() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        assertThat(Files.isExecutable(python) || !"true".equals(System.getenv("CI")))
                .as("needs the Debian package python3")
                .isTrue();
        assumeTrue(Files.isExecutable(python), "needs the Debian package python3");
        Path socket = directory.resolve("vfs.sock");
        String activate = """
                import os, socket, sys
                listening = socket.socket(socket.AF_UNIX)
                listening.bind(sys.argv[1])
                listening.listen(4)
                os.dup2(listening.fileno(), 3)
                os.set_inheritable(3, True)
                os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
                os.execv(sys.argv[2], sys.argv[2:])
                """;
        ProcessBuilder builder = new ProcessBuilder(
                        python.toString(),
                        "-c",
                        activate,
                        socket.toString(),
                        program("mooring"),
                        "plugin",
                        "--plugin-dir",
                        directory.toString(),
                        "--libstorageService=vfs",
                        "--vfsPool=" + directory.resolve("pool"),
                        "--vfsHost=a")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("plugin.log").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process plugin = builder.start();
        try {
            while (!Files.exists(socket)) {
                assertThat(plugin.isAlive()).isTrue();
                Thread.sleep(10);
            }
            assertThat(activated(socket)).contains("200 OK", "VolumeDriver");
        } finally {
            plugin.destroy();
            assertThat(plugin.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(socket).exists();
    }

    private static String activated(Path socket) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                String request =
                        "POST /Plugin.Activate HTTP/1.1\r\nHost:\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
                channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
                return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            } catch (ConnectException e) {
                if (attempt > 100) {
                    throw e;
                }
                Thread.sleep(20); // bound, and not listening yet
            }
        }
    }

    /** The names, modes, owners and times of an archive are no accident of the machine that made it. */
    @Test
    void holdsNothingOfTheMachineThatMadeIt() throws Exception {
        String listing = run(List.of("tar", "--numeric-owner", "--utc", "--full-time", "-tvzf", archive.toString()));

        List<String> lines = listing.lines().toList();
        assertThat(lines)
                .hasSizeGreaterThan(50)
                .allSatisfy(line -> assertThat(line).contains(" 0/0 ").contains(" 2026-01-01 00:00:00 "));
        List<String> names = lines.stream()
                .map(line -> line.substring(line.indexOf("mooring-")))
                .toList();
        assertThat(names).isEqualTo(names.stream().sorted().toList());
    }

    private static String program(String name) {
        return installed.resolve("bin").resolve(name).toString();
    }

    private static String run(List<String> command) throws Exception {
        return run(command, 0);
    }

    private static String fail(List<String> command) throws Exception {
        return run(command, 1);
    }

    private static String run(List<String> command, int expected) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(command);
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
        builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "HOSTNAME", "here"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s said: %s", command, said).isEqualTo(expected);
        return said;
    }
}
