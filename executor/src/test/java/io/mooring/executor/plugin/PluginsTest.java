package io.mooring.executor.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.executor.engine.AttachmentHere;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.CutState;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Flight;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import io.mooring.executor.plugin.Plugins.Patience;
import io.mooring.executor.testkit.ExecutorFixture;
import io.mooring.executor.testkit.StubPlugin;
import io.mooring.executor.testkit.StubPlugin.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginsTest {
    private static final DriverName DRIVER = new DriverName("stub");
    private static final VolumeName VOLUME = new VolumeName("data");
    private static final ClaimedVolume CLAIMED = claimed();
    private static final FenceHolder ORDER = new FenceHolder(
            7,
            "op-1",
            DRIVER,
            VOLUME,
            new MachineKey("other"),
            Optional.of(new BootId("b")),
            CLAIMED.claim(),
            CLAIMED.fence(),
            Optional.empty());

    @TempDir
    private Path directory;

    private static final Duration PATIENT = Duration.ofSeconds(60);

    private Plugins plugins;
    private StubPlugin stub;

    @BeforeEach
    void prepare() {
        plugins = new Plugins(new PluginDirectories(List.of(directory), List.of()), Patience.NONE);
    }

    @AfterEach
    void close() throws IOException {
        plugins.close();
        if (stub != null) {
            stub.close();
        }
    }

    private static ClaimedVolume claimed() {
        ClaimedVolume loop = ExecutorFixture.volume("data", 4, Optional.empty());
        return new ClaimedVolume(
                loop.claim(),
                loop.fence(),
                new VolumeRequest(
                        DRIVER,
                        VOLUME,
                        Map.of(),
                        Optional.empty(),
                        loop.request().mode(),
                        loop.request().access(),
                        loop.request().create()));
    }

    private void answering(StubPlugin.Behaviour behaviour) throws IOException {
        stub = new StubPlugin(directory.resolve("stub.sock"), behaviour);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    200 | {"Err":"volume x: resource not found"}        | NOT_FOUND
                    500 | {"Err":"docker-legacy: Mount: x: failed: resource not found"} | NOT_FOUND
                    500 | {"Error":"resource not found"}                | NOT_FOUND
                    500 | {"Error":"say "hello": resource not found"}   | NOT_FOUND
                    500 | no such volume                                | NOT_FOUND
                    500 | {"Err":"no such volume: timeout-db"}          | NOT_FOUND
                    500 | {"Err":"volume my_deadline.1: not found"}     | NOT_FOUND
                    500 | {"Err":"in use by host x-timeout"}            | IN_USE
                    500 | {"Err":"volume name already exists"}          | EXISTS
                    500 | {"Err":"volume name must be unique"}          | EXISTS
                    500 | {"Err":"already attached to another host"}    | IN_USE
                    500 | {"Err":"wrong state for attach"}              | IN_USE
                    400 | bad request                                   | REJECTED
                    404 | page not found                                | NO_SUCH_CALL
                    """)
    void takesAListedErrorForARefusal(int status, String body, Refusal refusal) throws IOException {
        answering((method, request) -> new Answer(status, body));
        assertThat(plugins.mount(DRIVER, VOLUME, "id").refusedAs(refusal)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    500 | {"Err":"device discovery failed"}
                    500 | {"Err":"volume did not attach"}
                    500 | {"Err":"something that nobody listed"}
                    500 | {"Err":"volume x not found: i/o timeout"}
                    500 | {"Err":"not found; context deadline exceeded."}
                    500 | {"Err":"/pool/volumes is gone; bring the pool back (is its file system mounted?)"}
                    500 | {"Error":""}
                    500 | ''
                    200 | this is no JSON
                    200 | []
                    0   | ''
                    """)
    void takesEverythingElseForUnknown(int status, String body) throws IOException {
        answering((method, request) -> new Answer(status, body));
        assertThat(plugins.mount(DRIVER, VOLUME, "id")).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void takesAnEmptyObjectForSuccessAndSendsWhatDockerSends() throws IOException {
        answering((method, request) -> Answer.ok("{}"));
        assertThat(plugins.create(DRIVER, VOLUME, Map.of("size", "5"))).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        assertThat(plugins.unmount(DRIVER, VOLUME, "mooring:c:4")).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
        assertThat(stub.calls())
                .filteredOn(call -> !call.startsWith("Mooring") && !call.contains(GenerationProbe.NO_VOLUME))
                .containsExactly(
                        "VolumeDriver.Create {\"Name\":\"data\",\"Opts\":{\"size\":\"5\"}}",
                        "VolumeDriver.Unmount {\"Name\":\"data\",\"ID\":\"mooring:c:4\"}");
    }

    @Test
    void tellsPresentFromAbsentFromNobodyKnows() throws IOException {
        answering((method, request) -> Answer.ok("{\"Volume\": {\"Name\": \"data\"}, \"Err\": \"\"}"));
        assertThat(plugins.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.PRESENT));
        stub.close();
        answering((method, request) -> Answer.ok("{\"Volume\": null}"));
        assertThat(plugins.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.ABSENT));
        stub.close();
        answering((method, request) -> new Answer(500, "{\"Err\":\"no such volume\"}"));
        assertThat(plugins.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.ABSENT));
        stub.close();
        answering((method, request) -> new Answer(500, "{\"Err\":\"the backend is on fire\"}"));
        assertThat(plugins.look(DRIVER, VOLUME)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void isNotReachedWithoutASocketOrWithASocketThatNobodyServes() throws IOException {
        assertThat(plugins.look(DRIVER, VOLUME).refusedAs(Refusal.NOT_REACHED)).isTrue();
        try (java.nio.channels.ServerSocketChannel dead =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(java.net.UnixDomainSocketAddress.of(directory.resolve("stub.sock")));
        }
        assertThat(plugins.mount(DRIVER, VOLUME, "id").refusedAs(Refusal.NOT_REACHED))
                .isTrue();
    }

    @Test
    void waitsForAPluginThatComesLate() throws Exception {
        try (Plugins patient = new Plugins(
                new PluginDirectories(List.of(directory), List.of()), new Patience(Duration.ofSeconds(10)))) {
            Thread late = new Thread(() -> {
                try {
                    Thread.sleep(300);
                    answering((method, request) -> Answer.ok("{}"));
                } catch (InterruptedException | IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            late.start();
            assertThat(patient.remove(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Acknowledged.YES));
            late.join();
        }
    }

    /** The limits of the plugin's name, and of the kind of call. */
    @Test
    void givesUpACallAtItsDeadlineAndCallsTheOutcomeUnknown() throws IOException {
        answering((method, request) -> {
            Thread.sleep(method.equals("VolumeDriver.Mount") ? 20_000 : 1_100);
            return Answer.ok("{\"Volume\": {}}");
        });
        PluginLimits hasty =
                new PluginLimits(Duration.ofSeconds(1), PATIENT, PATIENT, Duration.ZERO, 16, 3, Duration.ofSeconds(1));
        try (Plugins limited = new Plugins(
                new PluginDirectories(List.of(directory), List.of()),
                new LimitsByPlugin(Map.of(DRIVER, hasty), PluginLimits.USUAL))) {
            Outcome<String> mounted = limited.mount(DRIVER, VOLUME, "id");
            assertThat(mounted).isInstanceOf(Outcome.Unknown.class);
            assertThat(mounted.reason()).contains("within 1 s");
            assertThat(limited.look(DRIVER, VOLUME)).isEqualTo(new Outcome.Done<>(Existence.PRESENT));
        }
    }

    @Test
    void knowsAForeignPluginByItsMissingCalls() throws IOException {
        answering((method, request) -> method.equals("VolumeDriver.Get")
                ? Answer.ok("{\"Volume\": {\"Name\": \"data\", \"Mountpoint\": \"/somewhere\"}}")
                : new Answer(404, "404 page not found"));
        assertThat(plugins.inFlight(DRIVER, VOLUME)).isEqualTo(Flight.UNTOLD);
        assertThat(plugins.form(DRIVER).kind()).isEqualTo(MountKind.DEVICE);
        assertThat(plugins.here(DRIVER, VOLUME)).isInstanceOf(AttachmentHere.Untold.class);
    }

    @Test
    void readsTheAdminCallsOfMooringsOwnPlugin() throws IOException {
        answering((method, request) -> switch (method) {
            case "Mooring.InFlight" -> Answer.ok("{\"Operations\": [{\"Op\": \"Mount\"}]}");
            case "Mooring.Capabilities" ->
                Answer.ok("{\"Host\": \"here\", \"MountKind\": \"directory\", \"RootPath\": \"/inner\"}");
            default ->
                Answer.ok("{\"Volumes\": [{\"Name\": \"DATA\","
                        + " \"Attachment\": {\"Host\": \"here\", \"Device\": \"/dev/loop9\"}}]}");
        });
        assertThat(plugins.inFlight(DRIVER, VOLUME)).isEqualTo(Flight.BUSY);
        assertThat(plugins.form(DRIVER).kind()).isEqualTo(MountKind.DIRECTORY);
        assertThat(plugins.form(DRIVER).rootPath()).isEqualTo("/inner");
        assertThat(plugins.here(DRIVER, VOLUME)).isEqualTo(new AttachmentHere.Attached(Optional.of("/dev/loop9")));
        assertThat(plugins.here(DRIVER, new VolumeName("other"))).isInstanceOf(AttachmentHere.NotAttached.class);
    }

    @Test
    void expectsNothingOfAForeignPluginThatOnlyMooringsOwnCanDo() throws IOException {
        answering((method, request) -> method.equals("VolumeDriver.Get")
                ? Answer.ok("{\"Volume\": {\"Name\": \"data\", \"Mountpoint\": \"/somewhere\"}}")
                : new Answer(404, "404 page not found"));
        assertThat(plugins.cutOff(ORDER).refusedAs(Refusal.NO_SUCH_CALL)).isTrue();
        assertThat(plugins.observe(DRIVER, List.of(VOLUME)))
                .containsExactly(new VolumeObserved(
                        VOLUME, ExecutorReport.Existence.EXISTS, new ExecutorReport.AttachmentView.NotTold()));
        assertThat(plugins.overtaken(CLAIMED)).isEmpty();
        assertThat(plugins.handsOver(DRIVER)).isFalse();
        assertThat(plugins.unfence(VOLUME)).get().asString().contains("still has volume 'data' mounted at /somewhere");
    }

    @Test
    void callsAMachineCutOffOnlyWhenThePluginSaysSoAfterwards() throws IOException {
        Map<String, Answer> answers = new ConcurrentHashMap<>(Map.of(
                "Mooring.Detach", Answer.ok("{\"Err\":\"\"}"),
                "Mooring.Fence", Answer.ok("{\"Err\":\"\"}"),
                "Mooring.Verify", Answer.ok("{\"Err\":\"\",\"Attached\":false,\"Fenced\":true}")));
        answering((method, request) -> answers.get(method));
        assertThat(plugins.cutOff(ORDER)).isEqualTo(new Outcome.Done<>(new CutState(false, true)));
        assertThat(stub.calls())
                .first()
                .asString()
                .startsWith("Mooring.Detach")
                .contains("\"Host\":\"other\"", "\"Fence\":4", "\"ClaimId\":\"claim-data-4\"", "\"BootId\":\"b\"");
        answers.put("Mooring.Verify", Answer.ok("{\"Err\":\"\"}"));
        assertThat(plugins.cutOff(ORDER)).isEqualTo(new Outcome.Done<>(new CutState(true, false)));
        answers.put("Mooring.Verify", new Answer(500, "{\"Err\":\"busy\"}"));
        assertThat(plugins.cutOff(ORDER)).isInstanceOf(Outcome.Unknown.class);
        answers.put("Mooring.Fence", new Answer(409, "{\"Err\":\"it is another's\"}"));
        assertThat(plugins.cutOff(ORDER).refusedAs(Refusal.REJECTED)).isTrue();
        answers.put("Mooring.Detach", new Answer(0, ""));
        assertThat(plugins.cutOff(ORDER)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void isOvertakenByAHigherFenceOrACutAndByNothingElse() throws IOException {
        StringBuilder volume = new StringBuilder();
        answering((method, request) -> method.equals("Mooring.Capabilities")
                ? Answer.ok("{\"Host\": \"here\"}")
                : Answer.ok("{\"Volumes\": [{\"Name\": \"data\", " + volume + "}]}"));
        for (String standing : List.of(
                "\"Attachment\": null",
                "\"Attachment\": {\"Host\": \"here\", \"Fence\": 4}",
                "\"Attachment\": {\"Host\": \"other\", \"Fence\": 3}",
                "\"Fenced\": [{\"Host\": \"other\", \"Fence\": 4}]",
                "\"Fenced\": [{\"Host\": \"here\", \"Fence\": 3}]")) {
            volume.setLength(0);
            volume.append(standing);
            assertThat(plugins.overtaken(CLAIMED)).as(standing).isEmpty();
        }
        for (String standing : List.of(
                "\"Attachment\": {\"Host\": \"other\", \"Fence\": 5}",
                "\"Attachment\": {\"Host\": \"here\", \"Fence\": 5}",
                "\"Fenced\": [{\"Host\": \"here\", \"Fence\": 4}]")) {
            volume.setLength(0);
            volume.append(standing);
            assertThat(plugins.overtaken(CLAIMED)).as(standing).isPresent();
        }
    }

    @Test
    void findsPluginsInDockersOrderAndStopsAtABrokenFile() throws IOException {
        Path specs = Files.createDirectories(directory.resolve("specs"));
        PluginDirectories directories = new PluginDirectories(List.of(directory), List.of(specs));
        assertThat(directories.find(DRIVER)).isEmpty();
        Files.writeString(specs.resolve("stub.json"), "{\"Addr\": \"https://host/x\"}");
        assertThat(directories.find(DRIVER).orElseThrow().toString()).isEqualTo("https://host/x");
        Files.writeString(specs.resolve("stub.spec"), " tcp://127.0.0.1:9 \n");
        assertThat(directories.find(DRIVER).orElseThrow().toString()).isEqualTo("http://127.0.0.1:9");
        Files.writeString(directory.resolve("stub.sock"), "no socket");
        assertThat(directories.find(DRIVER).orElseThrow().toString()).isEqualTo("http://127.0.0.1:9");
        Path below = Files.createDirectories(specs.resolve("stub"));
        Files.writeString(below.resolve("stub.spec"), "tcp://127.0.0.1:8");
        assertThat(directories.find(DRIVER).orElseThrow().toString()).isEqualTo("http://127.0.0.1:9");
        Files.delete(specs.resolve("stub.spec"));
        assertThat(directories.find(DRIVER).orElseThrow().toString())
                .as("each place of a .spec comes before each of a .json")
                .isEqualTo("http://127.0.0.1:8");
        Files.writeString(specs.resolve("stub.spec"), "nothing");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> directories.find(DRIVER))
                .hasMessageContaining("stub.spec")
                .hasMessageContaining("unix://");
    }
}
