package io.mooring.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.plugin.app.PluginMain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The launcher that Mesos' isolators call, against a real plugin. */
class DvdcliIT {
    private static final Path DVDCLI =
            Path.of("target/mooring-executor/bin/dvdcli").toAbsolutePath();

    private Path directory;
    private Process plugin;

    private record Ran(int code, String out, String log) {}

    @BeforeEach
    void startThePlugin() throws Exception {
        directory = Files.createTempDirectory("dv").toRealPath();
        Files.writeString(directory.resolve("agent.json"), """
                {"machine": "m", "bootId": "b", "pluginSocketDirs": ["%s"], "pluginSpecDirs": []}
                """.formatted(directory));
        plugin = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PluginMain.class.getName(),
                        "--libstorageService=vfs",
                        "--vfsPool=" + directory.resolve("pool"),
                        "--vfsHost=m",
                        "--plugin-dir",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    @AfterEach
    void end() throws Exception {
        plugin.destroy();
        plugin.waitFor(30, TimeUnit.SECONDS);
        new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
    }

    private Ran dvdcli(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(DVDCLI.toString()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path log = directory.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(log.toFile());
        builder.environment()
                .put("MOORING_AGENT_CONFIG", directory.resolve("agent.json").toString());
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8).strip(),
                Files.readString(log, StandardCharsets.UTF_8));
    }

    /** The calls of the {@code docker/volume} isolator, the first of them while the plugin is still starting. */
    @Test
    void mountsAndUnmountsForAnIsolator() throws Exception {
        Ran mounted = dvdcli("mount", "--volumedriver=vfs", "--volumename=data", "--volumeopts=size=2");
        assertThat(mounted.code()).as(mounted.log()).isZero();
        assertThat(Path.of(mounted.out())).isDirectory();
        Files.writeString(Path.of(mounted.out(), "hello"), "x");

        assertThat(dvdcli("path", "--volumedriver=vfs", "--volumename=data").out())
                .isEqualTo(mounted.out());
        assertThat(dvdcli("unmount", "--volumedriver=vfs", "--volumename=data").code())
                .isZero();
        assertThat(dvdcli("list", "--volumedriver=vfs").out()).isEqualTo("data");
        assertThat(dvdcli("remove", "--volumedriver=vfs", "--volumename=data").code())
                .isZero();
        Ran missing = dvdcli("get", "--volumedriver=vfs", "--volumename=data");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.log()).contains("level=error");
        assertThat(dvdcli("mount", "--volumedriver=vfs", "--volumename=data", "--wrong=1")
                        .code())
                .isEqualTo(1);
    }
}
