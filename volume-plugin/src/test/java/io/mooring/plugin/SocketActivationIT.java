package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.app.PluginMain;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.Requirements;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin whose socket is somebody else's, who listened before it was there and goes on after it ended. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketActivationIT {
    @TempDir
    private Path directory;

    private Path socket;
    private Process activation;
    private BufferedReader told;

    @BeforeEach
    void listen() throws IOException {
        Path python = Requirements.python();
        Path script = directory.resolve("socket_activation.py");
        try (InputStream source = getClass().getResourceAsStream("/fixture/socket_activation.py")) {
            Files.write(script, source.readAllBytes());
        }
        socket = directory.resolve("vfs.sock");
        activation = new ProcessBuilder(
                        python.toString(),
                        script.toString(),
                        socket.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PluginMain.class.getName(),
                        "--libstorageService=vfs",
                        "--vfsPool=" + directory.resolve("pool"),
                        "--vfsHost=a",
                        "--plugin-dir",
                        directory.toString())
                .redirectError(directory.resolve("log").toFile())
                .start();
        told = new BufferedReader(new InputStreamReader(activation.getInputStream(), StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        if (activation != null) {
            activation.getOutputStream().close();
            assertThat(activation.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void answersCallersThatCameBeforeItAndWhileItWasStartedAgain() throws IOException {
        ProcessHandle first = ProcessHandle.of(Long.parseLong(told.readLine())).orElseThrow();
        PluginClient client = new PluginClient(socket);
        assertThat(client.create("vol1", Map.of()).status()).isEqualTo(200);

        first.destroyForcibly();
        first.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(client.call("/VolumeDriver.Get", Map.of("Name", "vol1")).status())
                .as("asked while nobody is there")
                .isEqualTo(200);

        assertThat(told.readLine()).startsWith("ended");
        ProcessHandle second = ProcessHandle.of(Long.parseLong(told.readLine())).orElseThrow();
        second.destroy();
        assertThat(told.readLine()).as("asked to end").isEqualTo("ended 0");
        assertThat(socket).as("it is not the plugin's to remove").exists();
        assertThat(client.call("/VolumeDriver.Get", Map.of("Name", "vol1")).status())
                .isEqualTo(200);
    }
}
