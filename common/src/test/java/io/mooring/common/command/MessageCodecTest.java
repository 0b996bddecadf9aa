package io.mooring.common.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.AttachmentSeen;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.ExecutorReport.CheckState;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.common.command.ExecutorReport.Existence;
import io.mooring.common.command.ExecutorReport.Failure;
import io.mooring.common.command.ExecutorReport.FenceOutcome;
import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.command.ExecutorReport.HealthReport;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.MountedVolume;
import io.mooring.common.command.ExecutorReport.PluginHealth;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.ExecutorReport.VolumeOperationDone;
import io.mooring.common.command.ExecutorReport.VolumeSeen;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.command.SchedulerMessage.HandOver;
import io.mooring.common.command.SchedulerMessage.Superseded;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.CreateVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.command.TaskOrder.Predecessor;
import io.mooring.common.command.TaskOrder.RemoveVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.container.DockerContainer;
import io.mooring.common.container.DockerContainer.Network;
import io.mooring.common.container.DockerContainer.Privilege;
import io.mooring.common.container.DockerContainer.Pull;
import io.mooring.common.container.DockerOption;
import io.mooring.common.container.DockerParameter;
import io.mooring.common.container.PortMapping;
import io.mooring.common.container.PortMapping.Transport;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.HealthRules;
import io.mooring.common.health.Probe;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.RootAccess;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MessageCodecTest {
    private static final ClaimId CLAIM = new ClaimId("0b0e0000-0000-4000-8000-000000000001");
    private static final TaskId TASK = new TaskId("hello.1");
    private static final VolumeName VOLUME = new VolumeName("test12345");
    private static final MachineKey MACHINE = new MachineKey("agent-1");
    private static final BootId BOOT = new BootId("b1");
    private static final ClaimedVolume CLAIMED = new ClaimedVolume(
            CLAIM,
            7,
            new VolumeRequest(
                    new DriverName("loop"),
                    VOLUME,
                    Map.of("size", "5"),
                    Optional.of("/data"),
                    MountMode.READ_WRITE,
                    AccessMode.SINGLE_WRITER,
                    CreatePolicy.IF_MISSING,
                    new RootAccess(Optional.of(26), Optional.empty(), Optional.of(0750))));

    private final MessageCodec codec = new MessageCodec();

    private static HealthCheck asked(Probe probe) {
        CheckRhythm rhythm = new CheckRhythm(Duration.ofMillis(1), Duration.ofSeconds(2), Duration.ofSeconds(3));
        return new HealthCheck(probe, rhythm, new HealthRules(Duration.ofMinutes(4), Integer.MAX_VALUE));
    }

    static List<TaskOrder> orders() {
        Workload shell = new Workload(
                Optional.of("touch x; sleep 1"),
                List.of(),
                Optional.of("web"),
                Map.of("A", "b"),
                "/v/{name}",
                Duration.ofSeconds(3));
        Workload direct = new Workload(
                Optional.empty(), List.of("/bin/true", "a b"), Optional.empty(), Map.of(), "/v/{name}", Duration.ZERO);
        Workload container = new Workload(
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of(),
                "/v/{name}",
                Duration.ZERO,
                Optional.of(new DockerContainer(
                        "million12/nginx",
                        Pull.ALWAYS,
                        Network.BRIDGE,
                        List.of(new PortMapping(80, 31005, Transport.BOTH)),
                        List.of(new DockerParameter(DockerOption.ENV, "A=b=c")),
                        Privilege.FULL)),
                Optional.of(new Limits(0.2, 32)));
        return List.of(
                new RunWorkload(3, container, List.of(CLAIMED)),
                new RunWorkload(3, shell, List.of(CLAIMED)),
                new RunWorkload(3, direct, List.of()),
                new RunWorkload(
                        3,
                        direct,
                        List.of(),
                        List.of(
                                asked(new Probe.Http("https", Probe.Family.IPV6, 8443, "/up")),
                                asked(new Probe.Tcp(Probe.Family.IPV4, 80)),
                                asked(new Probe.Program(List.of("/bin/sh", "-c", "test -e ok"), Map.of("A", "b"))))),
                new InspectAgent(4),
                new CreateVolume(4, new DriverName("loop"), VOLUME, Map.of("size", "1")),
                new RemoveVolume(4, new DriverName("loop"), VOLUME),
                new CleanUp(5, List.of(CLAIMED), List.of(VOLUME)),
                new RunWorkload(
                        3,
                        direct,
                        List.of(new ClaimedVolume(CLAIM, 8, CLAIMED.request(), Optional.of(new ClaimId("before"))))),
                new FenceHolder(
                        6,
                        "op-1",
                        new DriverName("loop"),
                        VOLUME,
                        MACHINE,
                        Optional.of(BOOT),
                        CLAIM,
                        7,
                        Optional.empty()),
                new FenceHolder(
                        6,
                        "op-1",
                        new DriverName("loop"),
                        VOLUME,
                        MACHINE,
                        Optional.empty(),
                        CLAIM,
                        7,
                        Optional.of(new Predecessor(new ClaimId("before"), 6))),
                new ObserveVolumes(6, new DriverName("loop"), List.of(VOLUME)));
    }

    static List<SchedulerMessage> messages() {
        return List.of(
                new Go(TASK, 3, List.of(new Grant(CLAIM, 7))),
                new Deny(TASK, 3, "another launch has it"),
                new Superseded(TASK, 4, VOLUME, 8),
                new HandOver(TASK, 4));
    }

    static List<ExecutorReport> reports() {
        return List.of(
                new ActivationRequest(
                        TASK,
                        MACHINE,
                        BOOT,
                        List.of(
                                new ClaimToActivate(CLAIM, VOLUME, 7, 6, Optional.of(CLAIM)),
                                new ClaimToActivate(CLAIM, VOLUME, 7, 0, Optional.empty())),
                        9),
                new MountReport(List.of(
                        new MountedVolume(
                                CLAIM, 7, Optional.of("/dev/loop1"), "/m/test12345", Optional.of("xfs"), true),
                        new MountedVolume(CLAIM, 7, Optional.empty(), "/m/test12345", Optional.empty(), false))),
                new ReleaseRecord(
                        MACHINE,
                        BOOT,
                        List.of(new ReleasedVolume(CLAIM, 7, false, true, true, true, true, true, Optional.of("slow"))),
                        List.of(VOLUME)),
                new ReleaseRecord(
                        MACHINE,
                        BOOT,
                        List.of(new ReleasedVolume(
                                CLAIM, 7, false, true, false, false, false, false, true, Optional.empty()))),
                new FenceReport("op-1", VOLUME, MACHINE, 7, FenceOutcome.CUT_OFF, "cut off"),
                new VolumesObserved(
                        MACHINE,
                        new DriverName("loop"),
                        Instant.parse("2026-01-02T03:04:05Z"),
                        List.of(
                                new VolumeObserved(VOLUME, Existence.EXISTS, new AttachmentView.None()),
                                new VolumeObserved(VOLUME, Existence.UNKNOWN, new AttachmentView.NotTold()),
                                new VolumeObserved(
                                        VOLUME,
                                        Existence.EXISTS,
                                        new AttachmentView.At(List.of(new AttachmentSeen(
                                                MACHINE,
                                                Optional.empty(),
                                                OptionalLong.of(7),
                                                Optional.empty(),
                                                Instant.parse("2026-01-02T03:04:05Z"))))))),
                new AgentReport(
                        MACHINE,
                        BOOT,
                        List.of(),
                        List.of(),
                        Optional.of(new EngineReport(true, "20.10", Optional.of("apart")))),
                new AgentReport(
                        MACHINE,
                        BOOT,
                        List.of(new PluginReport(
                                new DriverName("loop"),
                                true,
                                "mooring 0.1",
                                true,
                                Optional.of("B"),
                                OptionalLong.of(1L << 33),
                                List.of(
                                        new VolumeSeen(VOLUME, OptionalLong.of(5), Optional.empty()),
                                        new VolumeSeen(
                                                VOLUME,
                                                OptionalLong.empty(),
                                                Optional.of(new AttachmentSeen(
                                                        MACHINE,
                                                        Optional.of(BOOT),
                                                        OptionalLong.of(7),
                                                        Optional.of(CLAIM),
                                                        Instant.parse("2026-01-02T03:04:05Z"))))),
                                Map.of("xfs", "mkfs.xfs is not installed"),
                                List.of("mount.preempt is on"))),
                        List.of(VOLUME)),
                new PluginHealth(new DriverName("loop"), Optional.of("nobody is there")),
                new PluginHealth(new DriverName("loop"), Optional.empty()),
                new HealthReport(1, List.of(CheckState.UNKNOWN, CheckState.HEALTHY, CheckState.UNHEALTHY)),
                new VolumeOperationDone(VOLUME),
                new Failure("no plugin 'loop'"));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void anOrderArrivesAsItWasSent(TaskOrder order) throws MalformedMessageException {
        assertThat(codec.decodeOrder(codec.encode(order))).isEqualTo(order);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageArrivesAsItWasSent(SchedulerMessage message) throws MalformedMessageException {
        assertThat(codec.decodeMessage(codec.encode(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("reports")
    void aReportArrivesAsItWasSent(ExecutorReport report) throws MalformedMessageException {
        assertThat(codec.decodeReport(codec.encode(report))).isEqualTo(report);
    }

    @Test
    void everyFormOfMessageIsInTheseTests() {
        assertThat(orders().stream().map(Object::getClass).distinct()).hasSize(subtypes(TaskOrder.class));
        assertThat(messages().stream().map(Object::getClass).distinct()).hasSize(subtypes(SchedulerMessage.class));
        assertThat(reports().stream().map(Object::getClass).distinct()).hasSize(subtypes(ExecutorReport.class));
    }

    @Test
    void aReleaseIsCompleteOnlyWithEveryStepSeen() {
        assertThat(released(false, true, true, true, true, true).complete()).isTrue();
        assertThat(released(true, false, false, false, false, true).complete()).isTrue();
        assertThat(released(true, false, false, false, false, false).complete()).isFalse();
        assertThat(released(false, false, true, true, true, true).complete()).isFalse();
        assertThat(released(false, true, false, true, true, true).complete()).isFalse();
        assertThat(released(false, true, true, false, true, true).complete()).isFalse();
        assertThat(released(false, true, true, true, false, true).complete()).isFalse();
        assertThat(released(false, true, true, true, true, false).complete()).isFalse();
    }

    @Test
    void readsMessagesOfSendersThatDoNotKnowTheNewerFields() throws MalformedMessageException {
        assertThat(codec.decodeOrder(bytes("{\"v\":1,\"type\":\"cleanUp\",\"epoch\":2,\"volumes\":[]}")))
                .isEqualTo(new CleanUp(2, List.of()));
        assertThat(codec.decodeReport(bytes("{\"v\":1,\"type\":\"activate\",\"task\":\"hello.1\","
                        + "\"machine\":\"agent-1\",\"boot\":\"b1\",\"claims\":[]}")))
                .isEqualTo(new ActivationRequest(TASK, MACHINE, BOOT, List.of()));
        assertThat(codec.decodeReport(bytes(
                        "{\"v\":1,\"type\":\"released\",\"machine\":\"agent-1\",\"boot\":\"b1\"," + "\"volumes\":[]}")))
                .isEqualTo(new ReleaseRecord(MACHINE, BOOT, List.of()));
    }

    @Test
    void aVolumeThatIsHandedOverIsNoCompleteRelease() {
        assertThat(new ReleasedVolume(CLAIM, 7, false, true, false, false, false, false, true, Optional.empty())
                        .complete())
                .isFalse();
    }

    @Test
    void anUnknownWordNamesTheOnesThatAreKnown() {
        assertThatThrownBy(
                        () -> codec.decodeReport(
                                bytes(
                                        "{\"v\":1,\"type\":\"fenced\",\"operation\":\"o\","
                                                + "\"volume\":\"test12345\",\"holder\":\"agent-1\",\"fence\":7,\"outcome\":\"MAYBE\",\"what\":\"w\"}")))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("'outcome'")
                .hasMessageContaining("CUT_OFF");
    }

    @Test
    void anUnknownFieldIsIgnoredAndAMissingOneIsNamed() throws MalformedMessageException {
        assertThat(codec.decodeOrder(bytes("{\"v\":1,\"type\":\"inspect\",\"epoch\":2,\"later\":[]}")))
                .isEqualTo(new InspectAgent(2));
        assertThatThrownBy(() -> codec.decodeOrder(bytes("{\"v\":1,\"type\":\"inspect\"}")))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("'epoch'");
    }

    @Test
    void whatIsNoJsonIsRefusedWithTheReasonAndThePlace() {
        assertThatThrownBy(() -> codec.decodeReport(bytes("{\"v\": 1,\n \"fence\": ,}")))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("expected a value")
                .hasMessageEndingWith("at line 2, column 11");
    }

    @Test
    void garbageIsRefused() {
        for (String text : List.of("", "null", "[]", "{", "{\"v\":2,\"type\":\"inspect\",\"epoch\":1}", "\u0000")) {
            assertThatThrownBy(() -> codec.decodeOrder(bytes(text))).isInstanceOf(MalformedMessageException.class);
            assertThatThrownBy(() -> codec.decodeMessage(bytes(text))).isInstanceOf(MalformedMessageException.class);
            assertThatThrownBy(() -> codec.decodeReport(bytes(text))).isInstanceOf(MalformedMessageException.class);
        }
    }

    private static ReleasedVolume released(
            boolean never, boolean gone, boolean unmounted, boolean closed, boolean detached, boolean journal) {
        return new ReleasedVolume(CLAIM, 7, never, gone, unmounted, closed, detached, journal, Optional.empty());
    }

    private static int subtypes(Class<?> sealed) {
        return sealed.getPermittedSubclasses().length;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
