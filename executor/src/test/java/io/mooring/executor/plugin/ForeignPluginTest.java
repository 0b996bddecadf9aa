package io.mooring.executor.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.dvdcli.Dvdcli;
import io.mooring.executor.engine.AttachmentHere;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Flight;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import io.mooring.executor.plugin.Plugins.Patience;
import io.mooring.executor.testkit.PythonPlugin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a plugin that has nothing of ours: another language, another HTTP server, another author's rules. */
class ForeignPluginTest {
    private static final DriverName DRIVER = new DriverName("foreign");
    private static final VolumeName VOLUME = new VolumeName("data");

    @TempDir
    private Path directory;

    private Plugins plugins;
    private PythonPlugin foreign;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        boolean there = PythonPlugin.python().isPresent();
        assertThat(there || !"true".equals(System.getenv("CI")))
                .as("needs the Debian package python3")
                .isTrue();
        assumeTrue(there, "needs the Debian package python3");
        foreign = PythonPlugin.start(directory, "foreign");
        plugins =
                new Plugins(new PluginDirectories(List.of(directory), List.of()), new Patience(Duration.ofSeconds(30)));
    }

    @AfterEach
    void end() throws IOException {
        if (foreign != null) {
            plugins.close();
            foreign.close();
        }
    }

    @Test
    void takesAVolumeThroughItsLife() throws IOException {
        assertThat(plugins.generation(DRIVER)).isEqualTo(new Outcome.Done<>(Generation.DOCKER));
        assertThat(plugins.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.ABSENT));
        assertThat(plugins.mount(DRIVER, VOLUME, "one").refusedAs(Refusal.NOT_FOUND))
                .isTrue();
        assertThat(plugins.create(DRIVER, VOLUME, Map.of("size", "2"))).isEqualTo(new Outcome.Done<>(Acknowledged.YES));

        Path mounted = directory.resolve("volumes/data");
        assertThat(plugins.mount(DRIVER, VOLUME, "one")).isEqualTo(new Outcome.Done<>(mounted.toString()));
        assertThat(plugins.mount(DRIVER, VOLUME, "two")).isEqualTo(new Outcome.Done<>(mounted.toString()));
        Files.writeString(mounted.resolve("file"), "kept");
        assertThat(plugins.unmount(DRIVER, VOLUME, "one")).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        assertThat(plugins.here(DRIVER, VOLUME)).isInstanceOf(AttachmentHere.Untold.class);
        assertThat(plugins.remove(DRIVER, VOLUME).refusedAs(Refusal.IN_USE)).isTrue();
        assertThat(plugins.unmount(DRIVER, VOLUME, "two")).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        assertThat(plugins.here(DRIVER, VOLUME)).isInstanceOf(AttachmentHere.NotAttached.class);
        assertThat(mounted.resolve("file")).hasContent("kept");

        assertThat(plugins.remove(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        assertThat(plugins.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.ABSENT));
    }

    @Test
    void missesNothingThatOnlyMooringsPluginHas() {
        plugins.create(DRIVER, VOLUME, Map.of());
        assertThat(plugins.inFlight(DRIVER, VOLUME)).isEqualTo(Flight.UNTOLD);
        assertThat(plugins.handsOver(DRIVER)).isFalse();
        assertThat(plugins.unfence(VOLUME)).isEmpty();
        PluginReport report =
                new PluginSurvey(plugins, new RexRaySettings(List.of())).take().get(0);
        assertThat(report.healthy()).isTrue();
        assertThat(report.generation()).isEqualTo("Docker volume plugin");
        assertThat(report.globalScope()).isFalse();
        assertThat(report.volumes()).singleElement().satisfies(seen -> assertThat(seen.volume())
                .isEqualTo(VOLUME));
        assertThat(report.remarks()).isEmpty();
    }

    @Test
    void goesOnWithAPluginThatWasStartedAgain() throws IOException, InterruptedException {
        plugins.create(DRIVER, VOLUME, Map.of());
        foreign.close();
        try (Plugins impatient = new Plugins(new PluginDirectories(List.of(directory), List.of()), Patience.NONE)) {
            assertThat(impatient.look(DRIVER, VOLUME).refusedAs(Refusal.NOT_REACHED))
                    .isTrue();
        }
        foreign = PythonPlugin.start(directory, "foreign");
        assertThat(plugins.look(DRIVER, VOLUME))
                .as("it keeps its volumes in memory")
                .isEqualTo(new Outcome.Done<>(Existence.ABSENT));
    }

    @Test
    void isSpokenToByTheCommandLineToo() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Dvdcli dvdcli = new Dvdcli(
                plugins,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                InstantSource.system());
        assertThat(dvdcli.run(List.of("mount", "--volumedriver=foreign", "--volumename=data", "--volumeopts=size=2")))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo(directory.resolve("volumes/data").toString());
        assertThat(dvdcli.run(List.of("unmount", "--volumedriver=foreign", "--volumename=data")))
                .isZero();
        assertThat(dvdcli.run(List.of("remove", "--volumedriver=foreign", "--volumename=data")))
                .isZero();
        assertThat(dvdcli.run(List.of("get", "--volumedriver=foreign", "--volumename=data")))
                .isEqualTo(1);
    }
}
