package io.mooring.executor.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import io.mooring.executor.mounttable.Kernel;
import io.mooring.executor.mounttable.ServerMounts;
import io.mooring.executor.plugin.Plugins.Patience;
import io.mooring.executor.testkit.RexRay;
import io.mooring.executor.testkit.StubPlugin;
import io.mooring.executor.testkit.StubPlugin.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each generation of REX-Ray is told from the others, and kept from the harm that its own ways would do. */
class RexRayGenerationsTest {
    private static final DriverName DRIVER = new DriverName("rexray");
    private static final VolumeName VOLUME = new VolumeName("data");

    @TempDir
    private Path directory;

    private Plugins plugins;
    private StubPlugin stub;

    @BeforeEach
    void prepare() {
        plugins = new Plugins(new PluginDirectories(List.of(directory), List.of()), Patience.NONE);
    }

    @AfterEach
    void close() throws IOException {
        plugins.close();
        stub.close();
    }

    private RexRay serving(RexRay rexRay) throws IOException {
        stub = new StubPlugin(directory.resolve("rexray.sock"), rexRay);
        return rexRay;
    }

    private PluginReport surveyed(Path... configuration) {
        return new PluginSurvey(plugins, new RexRaySettings(List.of(configuration)))
                .take()
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "V0_3, REX-Ray 0.3",
        "V0_4, REX-Ray 0.4 to 0.9",
        "V0_11_0, REX-Ray 0.11.0 to 0.11.2",
        "V0_11, REX-Ray 0.10 or later"
    })
    void namesTheGeneration(RexRay.Version version, String words) throws IOException {
        serving(new RexRay(version));
        PluginReport report = surveyed();
        assertThat(report.generation()).isEqualTo(words);
        assertThat(report.healthy()).isTrue();
        assertThat(report.globalScope()).isTrue();
        assertThat(stub.calls()).noneMatch(call -> call.contains("Create") || call.contains("Mount"));
    }

    /** As the sources of 0.11.0 to 0.11.2 have it: after a start it knows nothing until it is asked for a List. */
    @Test
    void findsVolumesAgainThatAPluginHasForgotten() throws IOException {
        RexRay rexRay = serving(new RexRay(RexRay.Version.V0_11_0));
        plugins.create(DRIVER, VOLUME, Map.of());
        rexRay.restart();
        assertThat(plugins.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.PRESENT));
        assertThat(plugins.mount(DRIVER, VOLUME, "mooring:c:1"))
                .isEqualTo(new Outcome.Done<>("/var/lib/rexray/docker/volumes/data"));
        rexRay.restart();
        assertThat(plugins.unmount(DRIVER, VOLUME, "mooring:c:1")).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        rexRay.restart();
        assertThat(plugins.remove(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        assertThat(rexRay.volumes()).isEmpty();
        assertThat(plugins.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.ABSENT));
    }

    @Test
    void asksOnceAndSendsNoEmptyBody() throws IOException {
        serving(new RexRay(RexRay.Version.V0_4));
        plugins.create(DRIVER, VOLUME, Map.of());
        plugins.create(DRIVER, new VolumeName("other"), Map.of());
        assertThat(stub.calls())
                .filteredOn(call -> call.contains(GenerationProbe.NO_VOLUME))
                .hasSize(1);
        assertThat(stub.calls()).allMatch(call -> call.endsWith("}"));
    }

    @ParameterizedTest
    @EnumSource(RexRay.Version.class)
    void takesAVolumeThroughItsLife(RexRay.Version version) throws IOException {
        serving(new RexRay(version));
        assertThat(plugins.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.ABSENT));
        assertThat(plugins.create(DRIVER, VOLUME, Map.of("size", "5"))).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        assertThat(plugins.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.PRESENT));
        assertThat(plugins.mount(DRIVER, VOLUME, "mooring:c:1"))
                .isEqualTo(new Outcome.Done<>(
                        version == RexRay.Version.V0_11_0
                                ? "/var/lib/rexray/docker/volumes/data"
                                : "/var/lib/rexray/volumes/data/data"));
        assertThat(plugins.unmount(DRIVER, VOLUME, "mooring:c:1")).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        Outcome<Acknowledged> again = plugins.unmount(DRIVER, VOLUME, "mooring:c:1");
        assertThat(again instanceof Outcome.Done<Acknowledged>)
                .isEqualTo(Set.of(RexRay.Version.V0_3, RexRay.Version.V0_11_0).contains(version));
        assertThat(plugins.remove(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        assertThat(plugins.remove(DRIVER, VOLUME).refusedAs(Refusal.NOT_FOUND)).isTrue();
    }

    @Test
    void neverHasAVolumeFormattedThatSomebodyMadeMeanwhile() throws IOException {
        RexRay rexRay = serving(new RexRay(RexRay.Version.V0_3));
        Map<String, String> options = Map.of("size", "5", "newfstype", "xfs", "OverwriteFS", "true");
        plugins.create(DRIVER, VOLUME, options);
        assertThat(plugins.create(DRIVER, VOLUME, options)).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        assertThat(rexRay.wiped()).isEmpty();
        assertThat(stub.calls())
                .filteredOn(call -> call.contains("Create"))
                .allMatch(call -> call.contains("\"newfstype\":\"xfs\"")
                        && !call.toLowerCase(java.util.Locale.ROOT).contains("overwrite"));
    }

    @ParameterizedTest
    @CsvSource({"V0_4, volumeName", "V0_4, snapshotID", "V0_11_0, volumename", "V0_11, volumeid", "V0_11, snapshotname"
    })
    void refusesACopyThatWouldBeAnEmptyVolume(RexRay.Version version, String option) throws IOException {
        RexRay rexRay = serving(new RexRay(version));
        Outcome<Acknowledged> outcome = plugins.create(DRIVER, VOLUME, Map.of(option, "source"));
        assertThat(outcome.refusedAs(Refusal.REJECTED)).isTrue();
        assertThat(outcome.reason()).contains("ignores the option '" + option + "'");
        assertThat(rexRay.volumes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"V0_4, IN_USE", "V0_11, IN_USE"})
    void tellsAVolumeThatAnotherHostHasFromOneThatIsNotThere(RexRay.Version version, Refusal refusal)
            throws IOException {
        serving(new RexRay(version).heldElsewhere("data"));
        assertThat(plugins.mount(DRIVER, VOLUME, "mooring:c:1").refusedAs(refusal))
                .isTrue();
        assertThat(plugins.mount(DRIVER, new VolumeName("absent"), "mooring:c:1")
                        .refusedAs(Refusal.NOT_FOUND))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'libstorage: {integration: {volume: {operations: {mount: {preempt: true}}}}}'",
        "'libstorage.integration.volume.operations.mount.preempt: \"true\"'",
        "'rexray: {volume: {mount: {preempt: true}, unmount: {ignoreusedcount: true}}}'",
        "'volume: {mount: {Preempt: 1}}'",
        "'rexray: {modules: {gold: {libstorage: {integration: {volume: {operations: {mount: {preempt: true}}}}}}}}'"
    })
    void countsAPreemptingPluginAsClassD(String configuration) throws IOException {
        serving(new RexRay(RexRay.Version.V0_11));
        PluginReport report = surveyed(Files.writeString(directory.resolve("config.yml"), configuration));
        assertThat(report.fenceClass()).isEqualTo(Optional.of("D"));
        assertThat(report.remarks())
                .singleElement()
                .asString()
                .contains("every mount takes the volume from whoever writes to it", "class D");
    }

    /** Both come before what a file says, and a managed plugin of Docker has nothing else. */
    @ParameterizedTest
    @CsvSource({
        "REXRAY_PREEMPT=true, true",
        "LIBSTORAGE_INTEGRATION_VOLUME_OPERATIONS_MOUNT_PREEMPT=TRUE, true",
        "--libstorageIntegrationVolumeOperationsMountPreempt, true",
        "--libstorageIntegrationVolumeOperationsMountPreempt=1, true",
        "REXRAY_PREEMPT=false, false",
        "--service=preempt, false",
        "EBS_SECRET=MOUNT_PREEMPT, false"
    })
    void countsAPluginThatWasStartedToPreemptAsClassD(String word, boolean preempts) throws IOException {
        serving(new RexRay(RexRay.Version.V0_11));
        Path file = Files.writeString(directory.resolve("config.yml"), "libstorage: {service: ebs}");
        PluginReport report = new PluginSurvey(
                        plugins,
                        new RexRaySettings(
                                List.of(file),
                                socket ->
                                        socket.endsWith("rexray.sock") ? List.of("rexray", "start", word) : List.of()))
                .take()
                .get(0);
        assertThat(report.fenceClass()).isEqualTo(preempts ? Optional.of("D") : Optional.empty());
    }

    @Test
    void seesWhatTheProcessBehindASocketWasStartedWith() throws IOException {
        serving(new RexRay(RexRay.Version.V0_11));
        assertThat(new ServerMounts(new Kernel()).startedWith(directory.resolve("rexray.sock")))
                .contains("PATH=" + System.getenv("PATH"))
                .anyMatch(word -> word.contains("java"));
        assertThat(new ServerMounts(new Kernel()).startedWith(directory.resolve("none.sock")))
                .isEmpty();
    }

    @Test
    void saysWhenItIsNotKnownWhetherAPluginPreempts() throws IOException {
        serving(new RexRay(RexRay.Version.V0_4));
        PluginReport unknown = surveyed(directory.resolve("none.yml"));
        assertThat(unknown.fenceClass()).isEmpty();
        assertThat(unknown.remarks()).singleElement().asString().contains("is not known whether mount.preempt is on");
        Path file = directory.resolve("config.yml");
        assertThat(surveyed(Files.writeString(file, "libstorage: {service: ebs}"))
                        .remarks())
                .isEmpty();
        assertThat(surveyed(Files.writeString(file, "{[")).remarks()).hasSize(1);
    }

    @Test
    void reportsAPluginThatAnswersToItsNameOnlyAsNotHealthy() throws IOException {
        stub = new StubPlugin(directory.resolve("rexray.sock"), (method, body) -> switch (method) {
            case "Plugin.Activate" -> Answer.ok("{\"Implements\": [\"VolumeDriver\"]}");
            case "VolumeDriver.List" -> new Answer(500, "{\"Err\":\"the storage is gone\"}");
            default -> new Answer(404, "404 page not found");
        });
        PluginReport report = surveyed();
        assertThat(report.healthy()).isFalse();
        assertThat(report.remarks()).singleElement().asString().contains("the storage is gone");
    }

    @Test
    void warnsOfAPluginThatHasAVolumeOfAnyName() throws IOException {
        stub = new StubPlugin(directory.resolve("rexray.sock"), (method, body) -> switch (method) {
            case "Plugin.Activate" -> Answer.ok("{\"Implements\": [\"VolumeDriver\"]}");
            case "VolumeDriver.List" -> Answer.ok("{\"Volumes\": []}");
            case "VolumeDriver.Get" -> Answer.ok("{\"Volume\": {\"Name\": \"x\"}}");
            default -> new Answer(404, "404 page not found");
        });
        PluginReport report = surveyed();
        assertThat(report.generation()).isEqualTo("Docker volume plugin");
        assertThat(report.remarks()).singleElement().asString().contains("a volume of any name");
    }
}
