package io.mooring.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.executor.testkit.ClaimsStub;
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
                {"machine": "m", "bootId": "b", "pluginSocketDirs": ["%s"], "pluginSpecDirs": [],
                 "journalDir": "%s/journal"}
                """.formatted(directory, directory));
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
        Path claims = directory.resolve("executor.yml");
        if (Files.exists(claims)) {
            builder.environment().put("MOORING_EXECUTOR_CONFIG", claims.toString());
        }
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

    @Test
    void claimsBeforeItMountsAndReleasesWithTheKernelsProof() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "secret-of-agents\n");
        try (ClaimsStub mooring = new ClaimsStub()) {
            Files.writeString(
                    directory.resolve("executor.yml"),
                    "schedulers: [" + mooring.address() + "]\ntokenFile: " + token + "\ndeadlines: {request: 5}\n");

            Ran mounted = dvdcli("mount", "--volumedriver=vfs", "--volumename=data", "--volumeopts=size=2");
            Ran again = dvdcli("mount", "--volumedriver=vfs", "--volumename=data", "--volumeopts=size=2");
            assertThat(mounted.code()).as(mounted.log()).isZero();
            assertThat(again.out()).isEqualTo(mounted.out());
            assertThat(mooring.orders()).hasSize(2);
            assertThat(mooring.orders().get(0).asks(mooring.orders().get(1))).isTrue();
            assertThat(mooring.orders().get(0).task().value()).isEqualTo("dvdcli.m.data");
            assertThat(mooring.tokens()).containsOnly("Bearer secret-of-agents");

            Ran unmounted = dvdcli("unmount", "--volumedriver=vfs", "--volumename=data");
            assertThat(unmounted.code()).as(unmounted.log()).isZero();
            assertThat(mooring.records()).hasSize(1);
            assertThat(mooring.records().get(0).volumes().get(0).complete())
                    .as("%s", mooring.records())
                    .isTrue();
            assertThat(mooring.records().get(0).volumes().get(0).fence()).isEqualTo(7);

            mooring.refuse();
            Ran refused = dvdcli("mount", "--volumedriver=vfs", "--volumename=data");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.log()).contains("task other on machine m9 has it");
        }
        Ran alone = dvdcli("mount", "--volumedriver=vfs", "--volumename=data");
        assertThat(alone.code()).isEqualTo(1);
        assertThat(alone.log()).contains("Mooring was not reached, and nothing was touched");
        assertThat(dvdcli("path", "--volumedriver=vfs", "--volumename=data").out())
                .isEmpty();
    }

    @Test
    void bringsARecordThatMooringDidNotTakeWithTheNextMount() throws Exception {
        ClaimsStub mooring = new ClaimsStub();
        Path configuration = directory.resolve("executor.yml");
        Files.writeString(configuration, "schedulers: [" + mooring.address() + "]\n");
        assertThat(dvdcli("mount", "--volumedriver=vfs", "--volumename=data").code())
                .isZero();
        mooring.close();

        Ran unmounted = dvdcli("unmount", "--volumedriver=vfs", "--volumename=data");
        assertThat(unmounted.code()).isZero();
        assertThat(unmounted.log()).contains("Mooring is told of it later");

        try (ClaimsStub back = new ClaimsStub()) {
            Files.writeString(configuration, "schedulers: [" + back.address() + "]\n");
            dvdcli("mount", "--volumedriver=vfs", "--volumename=other");
            assertThat(back.records()).hasSize(1);
            assertThat(back.records().get(0).volumes().get(0).claim().value()).isEqualTo("claim-data");
        }
    }
}
