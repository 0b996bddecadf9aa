package io.mooring.plugin.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.plugin.config.ConfigException;
import io.mooring.plugin.daemon.PluginDaemon.Result;
import io.mooring.plugin.docker.Endpoint;
import io.mooring.plugin.pool.FileTree;
import io.mooring.plugin.site.PluginClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as people use it, with real processes; nothing of it needs root. */
class PluginDaemonIT {
    // A socket's path may not be long.
    private Path directory;
    private PluginDaemon daemon;

    @BeforeEach
    void prepare() throws IOException {
        directory = Files.createTempDirectory("pd").toRealPath();
        daemon = new PluginDaemon(directory.resolve("run"), directory.resolve("log"));
    }

    @AfterEach
    void end() throws Exception {
        daemon.stop();
        FileTree.delete(directory);
    }

    private List<String> configured(String... lines) throws IOException {
        Path config = Files.write(directory.resolve("config.yml"), List.of(lines));
        return List.of(
                "--config",
                config.toString(),
                "--plugin-dir",
                directory.resolve("s").toString(),
                "--vfsPool",
                directory.resolve("pool").toString(),
                "--vfsHost",
                "h1");
    }

    @Test
    void startsOnceAndStopsOnce() throws Exception {
        List<String> arguments = configured("libstorage.service: vfs");
        Path socket = directory.resolve("s/vfs.sock");
        assertThat(daemon.stop()).isInstanceOf(Result.NotRunning.class);

        Result started = daemon.start(arguments);

        assertThat(started).isInstanceOf(Result.Started.class);
        long pid = ((Result.Started) started).pid();
        assertThat(((Result.Started) started).endpoints()).containsExactly(new Endpoint.Socket(socket));
        assertThat(daemon.start(arguments)).isEqualTo(new Result.Already(pid));
        assertThat(daemon.running().map(ProcessHandle::pid)).contains(pid);
        assertThat(new PluginClient(socket).call("/VolumeDriver.List", "{}").status())
                .isEqualTo(200);
        assertThat(daemon.stop()).isEqualTo(new Result.Stopped(pid));
        assertThat(socket).doesNotExist();
        assertThat(daemon.running()).isEmpty();
    }

    /** Whoever started it: its answers are not those of the one that is to be started. */
    @Test
    void startsNothingBesideOneThatServesAlready() throws Exception {
        List<String> arguments = configured("libstorage.service: vfs");
        daemon.start(arguments);
        PluginDaemon other = new PluginDaemon(directory.resolve("run2"), directory.resolve("log2"));

        Result second = other.start(arguments);

        assertThat(second).isInstanceOf(Result.Failed.class);
        assertThat(((Result.Failed) second).why()).contains("serves unix://", "already");
        assertThat(other.running()).isEmpty();
        assertThat(daemon.running()).isPresent();
    }

    @Test
    void comesUpAgainAfterItWasKilled() throws Exception {
        List<String> arguments = configured("libstorage.service: vfs");
        daemon.start(arguments);
        ProcessHandle killed = daemon.running().orElseThrow();
        killed.destroyForcibly();
        killed.onExit().get(10, TimeUnit.SECONDS);

        assertThat(daemon.running()).isEmpty();
        assertThat(daemon.start(arguments)).isInstanceOf(Result.Started.class);
    }

    @Test
    void endsNoProcessThatOnlyHasTheNumberOfOurs() throws Exception {
        Path run = Files.createDirectories(directory.resolve("run"));
        Files.writeString(run.resolve("plugin.pid"), ProcessHandle.current().pid() + " 2001-01-01T00:00:00Z\n");

        assertThat(daemon.running()).isEmpty();
        assertThat(daemon.stop()).isInstanceOf(Result.NotRunning.class);
        assertThat(run.resolve("plugin.pid")).doesNotExist();
    }

    @Test
    void saysWhyItDidNotStart() throws Exception {
        assertThatThrownBy(() -> daemon.start(configured("libstorage.service: vfs", "vfs.overcommit: perhaps")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("vfs.overcommit");
        Result failed = daemon.start(configured("libstorage.service: floppy"));
        assertThat(failed).isInstanceOf(Result.Failed.class);
        assertThat(((Result.Failed) failed).why()).contains("it ended", "'floppy', which is not built in");
        assertThat(daemon.running()).isEmpty();
    }

    @Test
    void servesOnePoolAtSeveralEndpoints() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path spec = directory.resolve("etc/port.spec");
        daemon.start(configured(
                "libstorage.service: vfs",
                "rexray.modules.vb1.libstorage.integration.volume.operations.remove.disable: true",
                "rexray.modules.port.host: tcp://127.0.0.1:" + port,
                "rexray.modules.port.spec: " + spec));
        PluginClient vfs = new PluginClient(directory.resolve("s/vfs.sock"));
        PluginClient vb1 = new PluginClient(directory.resolve("s/vb1.sock"));

        assertThat(vb1.call("/VolumeDriver.Create", "{\"Name\": \"data\"}").status())
                .isEqualTo(200);
        assertThat(vb1.call("/VolumeDriver.Remove", "{\"Name\": \"data\"}").status())
                .as("disabled for this module alone")
                .isEqualTo(200);
        assertThat(vfs.call("/VolumeDriver.Get", "{\"Name\": \"data\"}").status())
                .isEqualTo(200);
        assertThat(Files.readString(spec).strip()).isEqualTo("tcp://127.0.0.1:" + port);
        HttpResponse<String> listed = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/VolumeDriver.List"))
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(listed.body()).contains("\"data\"");
        assertThat(vfs.call("/VolumeDriver.Remove", "{\"Name\": \"data\"}").status())
                .isEqualTo(200);
        assertThat(vb1.call("/VolumeDriver.Get", "{\"Name\": \"data\"}").status())
                .isNotEqualTo(200);
        daemon.stop();
        assertThat(spec).doesNotExist();
    }
}
