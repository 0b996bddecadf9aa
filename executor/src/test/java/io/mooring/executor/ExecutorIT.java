package io.mooring.executor;

import static io.mooring.executor.testkit.ExecutorFixture.TASK;
import static io.mooring.executor.testkit.ExecutorFixture.go;
import static io.mooring.executor.testkit.ExecutorFixture.order;
import static io.mooring.executor.testkit.ExecutorFixture.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.Failure;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.ExecutorReport.VolumeOperationDone;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.CreateVolume;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.RemoveVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.executor.testkit.ExecutorFixture;
import io.mooring.executor.testkit.FakeAgent;
import io.mooring.executor.testkit.LoopPlugin.Shell;
import io.mooring.executor.testkit.StubPlugin;
import io.mooring.executor.testkit.StubPlugin.Answer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real executor process against an agent over TCP and a plugin on a unix socket that really mounts ext4. */
class ExecutorIT {
    private Path directory;
    private ExecutorFixture fixture;

    @BeforeEach
    void prepare() throws Exception {
        Parts.needLoopDevices();
        directory = Files.createTempDirectory("mooring-it-");
        fixture = new ExecutorFixture(directory);
    }

    @AfterEach
    void cleanUp() throws Exception {
        if (fixture != null) {
            fixture.close();
            Shell.run("rm", "-rf", "--one-file-system", directory.toString());
        }
    }

    @Test
    void runsAWorkloadOnItsVolumeAndReleasesItWhenKilled() throws Exception {
        RunWorkload order = order(
                "id -u; pwd; echo $GREETING > $MOORING_VOLUME_0_PATH/hello; echo up; sleep 1000",
                volume("data1", 3, Optional.empty()));
        fixture.start();
        fixture.agent().launch(TASK, order);
        TaskStatus starting = fixture.agent().await(TaskState.TASK_STARTING);
        ActivationRequest request = fixture.agent().report(starting, ActivationRequest.class);
        assertThat(request.claims()).singleElement().satisfies(claim -> {
            assertThat(claim.fence()).isEqualTo(3);
            assertThat(claim.highWater()).isZero();
        });
        assertThat(fixture.loop().attached("data1")).isFalse();
        fixture.agent().tell(go(order));
        TaskStatus running = fixture.agent().await(TaskState.TASK_RUNNING);
        MountReport mounts = fixture.agent().report(running, MountReport.class);
        assertThat(mounts.volumes()).singleElement().satisfies(mount -> {
            assertThat(mount.fsType()).contains("ext4");
            assertThat(mount.created()).isTrue();
        });
        Parts.until("the workload has written", () -> fixture.output("stdout").contains("up"));
        assertThat(fixture.loop().mountPoint("data1").resolve("hello")).hasContent("hello world");
        assertThat(Path.of("/var/lib/rexray/volumes/data1")).doesNotExist();
        fixture.agent().kill(TASK, Optional.of(Duration.ofSeconds(3)));
        TaskStatus killed = fixture.agent().await(TaskState.TASK_KILLED);
        ReleaseRecord record = fixture.agent().report(killed, ReleaseRecord.class);
        assertThat(record.volumes()).singleElement().satisfies(volume -> assertThat(volume.complete())
                .isTrue());
        assertThat(fixture.loop().attached("data1")).isFalse();
        assertThat(fixture.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(fixture.process().exitValue()).isZero();
    }

    @Test
    void unmountsOnlyWhenADaemonisedChildIsDead() throws Exception {
        RunWorkload order = order(
                "setsid sh -c 'while :; do date >> $MOORING_VOLUME_0_PATH/log; done' & sleep 0.3; exit 0",
                volume("data2", 1, Optional.empty()));
        launchAndGo(order);
        TaskStatus finished = fixture.agent().await(TaskState.TASK_FINISHED);
        ReleaseRecord record = fixture.agent().report(finished, ReleaseRecord.class);
        assertThat(record.volumes().get(0).complete()).isTrue();
        assertThat(fixture.loop().attached("data2")).isFalse();
        assertThat(Parts.processesWith("/data2/log")).isEmpty();
        assertThat(fixture.journal().resolve("claims")).isEmptyDirectory();
    }

    @Test
    void givesTheWorkloadItsUserItsSandboxAndExactlyItsEnvironment() throws Exception {
        RunWorkload order = order(
                "id -un; pwd; env | sort; touch mine $MOORING_VOLUME_DATA_3_PATH/mine; stat -c %U mine",
                Optional.of("nobody"), volume("data-3", 1, Optional.of("in/side")));
        fixture.start();
        fixture.agent().launch(TASK, order);
        fixture.agent().await(TaskState.TASK_STARTING);
        fixture.agent().tell(go(order));
        fixture.agent().await(TaskState.TASK_FINISHED);
        String output = fixture.output("stdout");
        assertThat(output.lines())
                .startsWith("nobody", fixture.sandbox().toString())
                .endsWith("nobody");
        assertThat(output)
                .contains("GREETING=hello world\n")
                .contains("MESOS_TASK_ID=" + TASK)
                .contains("MESOS_SANDBOX=" + fixture.sandbox())
                .contains("MOORING_VOLUME_0_PATH=" + fixture.sandbox().resolve("in/side"))
                .doesNotContain("secret")
                .doesNotContain("MOORING_AGENT_CONFIG")
                .doesNotContain("MOORING_CARRIED");
        assertThat(fixture.agent().authorizations()).containsOnly("Bearer secret");
    }

    @Test
    void tellsAStatusAndASignalApart() throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, order("exit 137"));
        assertThat(failure().getMessage()).isEqualTo("the workload exited with status 137");
        fixture.process().waitFor(10, TimeUnit.SECONDS);
        fixture.start();
        // Not one that a build in the background of a shell has ignored, and passes on.
        fixture.agent().launch(TASK, order("kill -USR1 $$"));
        assertThat(failure().getMessage()).isEqualTo("the workload ended by signal 10");
    }

    @Test
    void keepsTheOutputOfTheWorkloadApartFromItsOwn() throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, order("echo to-out; echo to-err >&2; kill -9 $$"));
        failure();
        assertThat(fixture.output("stdout")).isEqualTo("to-out\n");
        assertThat(fixture.output("stderr")).contains("to-err\n").doesNotContain("exit normally");
    }

    @Test
    void leavesNothingRunningWhenItIsKilledAndTheNextOneCleansUp() throws Exception {
        RunWorkload order = order(
                "setsid sh -c 'while :; do date > $MOORING_VOLUME_0_PATH/now; sleep 0.1; done' & sleep 1000",
                volume("data4", 5, Optional.empty()));
        launchAndGo(order);
        fixture.agent().await(TaskState.TASK_RUNNING);
        Parts.until(
                "it writes",
                () -> Files.exists(fixture.loop().mountPoint("data4").resolve("now")));
        fixture.process().destroyForcibly().waitFor();
        Parts.until(
                "the workload is dead", () -> Parts.processesWith("/data4/now").isEmpty());
        assertThat(fixture.loop().attached("data4")).isTrue();
        assertThat(fixture.journal().resolve("claims/claim-data4-5.journal"))
                .content()
                .contains("MOUNTED");

        fixture.start();
        fixture.agent().launch("clean-1", new CleanUp(8, order.volumes()));
        TaskStatus finished = fixture.agent().await(TaskState.TASK_FINISHED);
        ReleaseRecord record = fixture.agent().report(finished, ReleaseRecord.class);
        assertThat(record.volumes().get(0).complete()).isTrue();
        assertThat(fixture.loop().attached("data4")).isFalse();
        assertThat(fixture.journal().resolve("claims")).isEmptyDirectory();
        assertThat(fixture.journal().resolve("volumes/data4")).hasContent("5 claim-data4-5");
    }

    @Test
    void cleansUpAClaimThatAnotherExecutorOnlyLookedAt() throws Exception {
        RunWorkload order = order("sleep 1000", volume("data41", 1, Optional.empty()));
        launchAndGo(order);
        fixture.agent().await(TaskState.TASK_RUNNING);
        fixture.process().destroyForcibly().waitFor();

        // Every executor that starts locks the entry for a moment, to see whether it is a dead one's.
        Path lockFile = fixture.journal().resolve("claims/claim-data41-1.lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock look = channel.lock()) {
            fixture.start();
            fixture.agent().launch("clean-3", new CleanUp(8, order.volumes()));
            fixture.agent().await(TaskState.TASK_STARTING);
            Thread.sleep(1000);
            assertThat(look.isValid()).isTrue();
        }

        TaskStatus finished = fixture.agent().await(TaskState.TASK_FINISHED);
        ReleaseRecord record = fixture.agent().report(finished, ReleaseRecord.class);
        assertThat(record.volumes().get(0).complete()).isTrue();
        assertThat(fixture.loop().attached("data41")).isFalse();
    }

    @Test
    void reportsAClaimThatALiveExecutorHoldsAsNotCleanedUp() throws Exception {
        RunWorkload order = order("sleep 1000", volume("data5", 1, Optional.empty()));
        launchAndGo(order);
        fixture.agent().await(TaskState.TASK_RUNNING);
        try (FakeAgent second = new FakeAgent()) {
            Process cleaner = fixture.startAnother(second);
            second.launch("clean-2", new CleanUp(8, order.volumes()));
            second.await(TaskState.TASK_STARTING);
            TaskStatus status = second.poll(Duration.ofSeconds(10)).orElseThrow();
            assertThat(status.getState()).isEqualTo(TaskState.TASK_FAILED);
            assertThat(status.getMessage()).contains("a live executor of this machine holds the claim");
            cleaner.waitFor(10, TimeUnit.SECONDS);
        }
        assertThat(fixture.loop().attached("data5")).isTrue();
    }

    @Test
    void touchesNothingWhenTheSchedulerDenies() throws Exception {
        RunWorkload order = order("echo no", volume("data6", 1, Optional.empty()));
        fixture.start();
        fixture.agent().launch(TASK, order);
        fixture.agent().await(TaskState.TASK_STARTING);
        fixture.agent().tell(new SchedulerMessage.Deny(new TaskId(TASK), 7, "revoked"));
        TaskStatus failed = failure();
        assertThat(failed.getMessage()).contains("denied").contains("revoked");
        ReleasedVolume record =
                fixture.agent().report(failed, ReleaseRecord.class).volumes().get(0);
        assertThat(record.neverAttached()).isTrue();
        assertThat(record.complete()).isTrue();
        assertThat(fixture.plugin().calls()).isEmpty();
    }

    @Test
    void asksAgainAndGivesUpWhenTheSchedulerIsSilent() throws Exception {
        RunWorkload order = order("echo no", volume("data7", 1, Optional.empty()));
        fixture.start("-Dmooring.silence=5000");
        fixture.agent().launch(TASK, order);
        fixture.agent().await(TaskState.TASK_STARTING);
        assertThat(fixture.agent().awaitMessage()).isInstanceOf(ActivationRequest.class);
        TaskStatus failed = failure();
        assertThat(failed.getMessage()).contains("did not activate the claim within 5 s");
        assertThat(fixture.plugin().calls()).isEmpty();
    }

    @Test
    void ignoresAGoOfADeposedLeaderOrForAnotherFence() throws Exception {
        RunWorkload order = order("echo no", volume("data8", 4, Optional.empty()));
        fixture.start("-Dmooring.silence=3000");
        fixture.agent().launch(TASK, order);
        fixture.agent().await(TaskState.TASK_STARTING);
        ClaimId claim = order.volumes().get(0).claim();
        TaskId task = new TaskId(TASK);
        fixture.agent().tell(new SchedulerMessage.Go(task, 6, List.of(new SchedulerMessage.Grant(claim, 4))));
        fixture.agent().tell(new SchedulerMessage.Go(task, 7, List.of(new SchedulerMessage.Grant(claim, 3))));
        fixture.agent()
                .tell(new SchedulerMessage.Go(new TaskId("other"), 7, List.of(new SchedulerMessage.Grant(claim, 4))));
        assertThat(failure().getMessage()).contains("did not activate");
        assertThat(fixture.plugin().calls()).isEmpty();
    }

    @Test
    void refusesAFenceBelowTheHighWaterMark() throws Exception {
        Files.createDirectories(fixture.journal().resolve("volumes"));
        Files.writeString(fixture.journal().resolve("volumes/data9"), "9 other-claim\n");
        fixture.start();
        fixture.agent().launch(TASK, order("echo no", volume("data9", 9, Optional.empty())));
        TaskStatus failed = failure();
        assertThat(failed.getMessage()).contains("stale fence").contains("fence 9");
        assertThat(fixture.agent()
                        .report(failed, ReleaseRecord.class)
                        .volumes()
                        .get(0)
                        .complete())
                .isTrue();
    }

    @Test
    void bindsAVolumeAtAMissingPathThatOnlyTheTaskSees() throws Exception {
        RunWorkload order = order(
                "touch /mooring-it-new/deep/hello /opt/mooring-it/also; ls /etc/passwd /proc/self/status > seen; "
                        + "readlink /bin > bin; touch /etc/mooring-it-must-not-stay; ls -d /tmp >> seen",
                volume("data10", 1, Optional.of("/mooring-it-new/deep")),
                volume("data11", 1, Optional.of("/opt/mooring-it")));
        launchAndGo(order);
        fixture.agent().await(TaskState.TASK_RUNNING);
        TaskStatus finished = fixture.agent().await(TaskState.TASK_FINISHED);
        Files.deleteIfExists(Path.of("/etc/mooring-it-must-not-stay"));
        assertThat(fixture.sandbox().resolve("seen")).content().contains("/etc/passwd", "/proc/self/status", "/tmp");
        assertThat(Path.of("/mooring-it-new")).doesNotExist();
        assertThat(Path.of("/opt/mooring-it")).doesNotExist();
        ReleaseRecord record = fixture.agent().report(finished, ReleaseRecord.class);
        assertThat(record.volumes()).allMatch(ReleasedVolume::complete);
        Shell.run(
                "mount",
                "-o",
                "loop",
                fixture.loop().image("data10").toString(),
                fixture.loop().mountPoint("data10").toString());
        try {
            assertThat(fixture.loop().mountPoint("data10").resolve("hello")).exists();
        } finally {
            Shell.run("umount", fixture.loop().mountPoint("data10").toString());
        }
    }

    @Test
    void mountsAReadOnlyVolumeReadOnly() throws Exception {
        RunWorkload order = order(
                "touch $MOORING_VOLUME_0_PATH/x && exit 1; exit 0",
                volume("data12", 1, Optional.of("ro"), MountMode.READ_ONLY, CreatePolicy.IF_MISSING));
        launchAndGo(order);
        fixture.agent().await(TaskState.TASK_FINISHED);
    }

    @Test
    void undoesAllVolumesWhenOneCannotBeMounted() throws Exception {
        RunWorkload order = order(
                "echo no",
                volume("data13", 1, Optional.empty()),
                volume("data14", 1, Optional.empty(), MountMode.READ_WRITE, CreatePolicy.NEVER));
        launchAndGo(order);
        TaskStatus failed = failure();
        assertThat(failed.getMessage()).contains("data14").contains("does not exist");
        ReleaseRecord record = fixture.agent().report(failed, ReleaseRecord.class);
        assertThat(record.volumes()).hasSize(2).allMatch(ReleasedVolume::complete);
        assertThat(record.volumes().get(0).neverAttached()).isFalse();
        assertThat(record.volumes().get(1).neverAttached()).isTrue();
        assertThat(fixture.loop().attached("data13")).isFalse();
    }

    @Test
    void failsBeforeTheWorkloadStartsWhenTheMountIsPrivate() throws Exception {
        RunWorkload order = order("touch ran", volume("data15", 1, Optional.empty()));
        Shell.run("mount", "--make-private", fixture.loop().mountPoint("").toString());
        launchAndGo(order);
        TaskStatus failed = failure();
        assertThat(failed.getMessage()).contains("private propagation");
        assertThat(fixture.sandbox().resolve("ran")).doesNotExist();
        assertThat(fixture.loop().attached("data15")).isFalse();
    }

    @Test
    void sendsAgainWhatWasNotAcknowledgedWhenTheStreamDrops() throws Exception {
        fixture.start();
        fixture.agent().holdAcknowledgements();
        fixture.agent().launch(TASK, order("sleep 1000"));
        TaskStatus starting = fixture.agent().await(TaskState.TASK_STARTING);
        fixture.agent().await(TaskState.TASK_RUNNING);
        fixture.agent().dropStream();
        assertThat(fixture.agent().await(TaskState.TASK_STARTING).getUuid()).isEqualTo(starting.getUuid());
        fixture.agent().await(TaskState.TASK_RUNNING);
        assertThat(fixture.agent().subscriptions().get(1).getUnacknowledgedTasksList())
                .hasSize(1);
        fixture.agent().resumeAcknowledgements();
        fixture.agent().kill(TASK, Optional.empty());
        fixture.agent().await(TaskState.TASK_KILLED);
    }

    @Test
    void killsAWorkloadThatIgnoresTheTermSignal() throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, order("trap '' TERM; echo up; while :; do sleep 0.1; done"));
        fixture.agent().await(TaskState.TASK_RUNNING);
        Parts.until("it is up", () -> fixture.output("stdout").contains("up"));
        fixture.agent().kill(TASK, Optional.of(Duration.ofMillis(500)));
        assertThat(fixture.agent().await(TaskState.TASK_KILLING).getMessage()).isEqualTo("killed");
        assertThat(fixture.agent().await(TaskState.TASK_KILLED).getMessage()).contains("signal 9");
    }

    @Test
    void letsTheWorkloadCatchTheTermSignal() throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, order("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done"));
        fixture.agent().await(TaskState.TASK_RUNNING);
        Parts.until("it is up", () -> fixture.output("stdout").contains("up"));
        fixture.agent().kill(TASK, Optional.empty());
        assertThat(fixture.agent().await(TaskState.TASK_KILLED).getMessage())
                .isEqualTo("killed; the workload exited with status 0");
        assertThat(fixture.output("stdout")).contains("bye");
    }

    @Test
    void releasesEverythingOnShutdown() throws Exception {
        launchAndGo(order("sleep 1000", volume("data16", 1, Optional.empty())));
        fixture.agent().await(TaskState.TASK_RUNNING);
        fixture.agent().shutdown();
        TaskStatus killed = fixture.agent().await(TaskState.TASK_KILLED);
        assertThat(fixture.agent()
                        .report(killed, ReleaseRecord.class)
                        .volumes()
                        .get(0)
                        .complete())
                .isTrue();
        assertThat(fixture.loop().attached("data16")).isFalse();
    }

    @Test
    void releasesAVolumeWhileAnotherTaskOfTheMachineRuns() throws Exception {
        launchAndGo(order("sleep 1000", volume("data18", 1, Optional.empty())));
        fixture.agent().await(TaskState.TASK_RUNNING);
        try (FakeAgent second = new FakeAgent()) {
            // Its namespaces are made while the first volume is mounted, so they have a copy of that mount.
            Process other = fixture.startAnother(second);
            RunWorkload order = order("sleep 1000", volume("data19", 1, Optional.of("/mooring-it-other/x")));
            second.launch(TASK, order);
            second.await(TaskState.TASK_STARTING);
            second.tell(go(order));
            second.await(TaskState.TASK_RUNNING);
            fixture.agent().kill(TASK, Optional.empty());
            TaskStatus killed = fixture.agent().await(TaskState.TASK_KILLED);
            assertThat(fixture.agent()
                            .report(killed, ReleaseRecord.class)
                            .volumes()
                            .get(0)
                            .complete())
                    .isTrue();
            assertThat(fixture.loop().attached("data18")).isFalse();
            assertThat(fixture.loop().attached("data19")).isTrue();
            second.kill(TASK, Optional.empty());
            second.await(TaskState.TASK_KILLED);
            other.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void bindsAVolumeBesideTheSandboxWithoutHidingIt() throws Exception {
        String path = fixture.directory() + "/orders/deep";
        launchAndGo(order("touch " + path + "/x && touch done; sleep 1000", volume("data20", 1, Optional.of(path))));
        fixture.agent().await(TaskState.TASK_RUNNING);
        Parts.until("the workload is done", () -> Files.exists(fixture.sandbox().resolve("done")));
        assertThat(fixture.directory().resolve("orders")).doesNotExist();
        assertThat(fixture.loop().mountPoint("data20").resolve("x")).exists();
        fixture.agent().kill(TASK, Optional.empty());
        fixture.agent().await(TaskState.TASK_KILLED);
    }

    @Test
    void saysThatItIsStuckAsLongAsAVolumeCannotBeReleasedAndGoesOnWhenItCan() throws Exception {
        RunWorkload order = order("sleep 1000", volume("data21", 1, Optional.empty()));
        fixture.start("-Dmooring.stuckReport=1000");
        fixture.agent().launch(TASK, order);
        fixture.agent().await(TaskState.TASK_STARTING);
        fixture.agent().tell(go(order));
        fixture.agent().await(TaskState.TASK_RUNNING);
        Process holder = new ProcessBuilder("sleep", "1000")
                .directory(fixture.loop().mountPoint("data21").toFile())
                .start();
        try {
            fixture.agent().kill(TASK, Optional.empty());
            assertThat(fixture.agent().await(TaskState.TASK_KILLING).getMessage())
                    .isEqualTo("killed");
            assertThat(fixture.agent().await(TaskState.TASK_KILLING).getMessage())
                    .startsWith("stuck: volume 'data21'")
                    .contains("busy");
            assertThat(fixture.loop().attached("data21")).isTrue();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        TaskStatus killed = fixture.agent().await(TaskState.TASK_KILLED);
        assertThat(fixture.agent()
                        .report(killed, ReleaseRecord.class)
                        .volumes()
                        .get(0)
                        .complete())
                .isTrue();
    }

    @Test
    void saysWhatIsMissingWhenAVolumeCannotBeReleasedAtAll() throws Exception {
        RunWorkload order = order("sleep 1000", volume("data22", 1, Optional.empty()));
        fixture.start("-Dmooring.release=2000");
        fixture.agent().launch(TASK, order);
        fixture.agent().await(TaskState.TASK_STARTING);
        fixture.agent().tell(go(order));
        fixture.agent().await(TaskState.TASK_RUNNING);
        Process holder = new ProcessBuilder("sleep", "1000")
                .directory(fixture.loop().mountPoint("data22").toFile())
                .start();
        try {
            fixture.agent().kill(TASK, Optional.empty());
            TaskStatus killed = fixture.agent().await(TaskState.TASK_KILLED);
            ReleasedVolume record = fixture.agent()
                    .report(killed, ReleaseRecord.class)
                    .volumes()
                    .get(0);
            assertThat(record.complete()).isFalse();
            assertThat(record.remark().orElseThrow()).contains("busy");
            assertThat(killed.getMessage()).contains("not released");
            assertThat(fixture.journal().resolve("claims/claim-data22-1.journal"))
                    .exists();
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void runsInAUserNamespaceWhenItIsNotRoot() throws Exception {
        Path content = fixture.directory().resolve("vfs/data23/content/data");
        Files.createDirectories(content);
        try (StubPlugin vfs =
                new StubPlugin(fixture.directory().resolve("plugins/vfs.sock"), (method, body) -> switch (method) {
                    case "VolumeDriver.Mount" -> Answer.ok("{\"Mountpoint\": \"" + content + "\"}");
                    case "VolumeDriver.Get" -> Answer.ok("{\"Volume\": {\"Name\": \"data23\"}}");
                    case "Mooring.Capabilities" -> Answer.ok("{\"MountKind\": \"directory\", \"Host\": \"h\"}");
                    case "Mooring.Volumes" -> Answer.ok("{\"Volumes\": []}");
                    default -> Answer.ok("{}");
                })) {
            ClaimedVolume loop = volume("data23", 1, Optional.empty());
            VolumeRequest request = loop.request();
            ClaimedVolume volume = new ClaimedVolume(
                    loop.claim(),
                    1,
                    new VolumeRequest(
                            new DriverName("vfs"),
                            request.name(),
                            Map.of(),
                            Optional.empty(),
                            request.mode(),
                            request.access(),
                            request.create()));
            RunWorkload order = order("touch /var/lib/rexray/volumes/data23/data/hello; sleep 1000", volume);
            fixture.startAsNobody();
            fixture.agent().launch(TASK, order);
            fixture.agent().await(TaskState.TASK_STARTING);
            fixture.agent().tell(go(order));
            fixture.agent().await(TaskState.TASK_RUNNING);
            Parts.until("the workload has written", () -> Files.exists(content.resolve("hello")));
            fixture.agent().kill(TASK, Optional.empty());
            TaskStatus killed = fixture.agent().await(TaskState.TASK_KILLED);
            assertThat(fixture.agent()
                            .report(killed, ReleaseRecord.class)
                            .volumes()
                            .get(0)
                            .complete())
                    .isTrue();
            assertThat(vfs.calls())
                    .contains("VolumeDriver.Unmount {\"Name\":\"data23\",\"ID\":\"mooring:claim-data23-1:1\"}");
        }
    }

    @Test
    void refusesAnotherUserWhenItIsNotRoot() throws Exception {
        fixture.startAsNobody();
        fixture.agent().launch(TASK, order("true", Optional.of("root")));
        assertThat(failure().getMessage()).contains("needs an executor that runs as root");
    }

    @Test
    void subscribesWithinHalfASecondAndStaysSmall() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            fixture.start();
            millis.add(fixture.startTime().toMillis());
            fixture.agent().launch(TASK, order("sleep 1000"));
            fixture.agent().await(TaskState.TASK_RUNNING);
            assertThat(Parts.residentKib(fixture.process().pid())).isLessThan(80 * 1024);
            fixture.agent().kill(TASK, Optional.empty());
            fixture.agent().await(TaskState.TASK_KILLED);
            fixture.process().waitFor(10, TimeUnit.SECONDS);
        }
        // The product's budget is 500 ms on an idle machine; a machine that builds at the same time gets twice that.
        assertThat(millis.stream().sorted().toList().get(2))
                .as("median of %s ms", millis)
                .isLessThan(1000);
    }

    @Test
    void reportsTheAgentsPlugins() throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, new InspectAgent(7));
        fixture.agent().await(TaskState.TASK_STARTING);
        AgentReport report = fixture.agent().report(fixture.agent().await(TaskState.TASK_FINISHED), AgentReport.class);
        assertThat(report.machine().value()).isEqualTo("machine-1");
        assertThat(report.boot().value()).isEqualTo("boot-1");
        assertThat(report.plugins()).singleElement().satisfies(plugin -> {
            assertThat(plugin.driver().value()).isEqualTo("loop");
            assertThat(plugin.healthy()).isTrue();
            assertThat(plugin.globalScope()).isTrue();
            assertThat(plugin.volumes()).hasSize(1);
        });
    }

    @Test
    void createsAVolumeOnceAndCountsOneThatIsThereAsCreated() throws Exception {
        CreateVolume create = new CreateVolume(7, new DriverName("loop"), new VolumeName("made"), Map.of("size", "1"));
        for (int round = 0; round < 2; round++) {
            fixture.start();
            fixture.agent().launch(TASK, create);
            TaskStatus finished = fixture.agent().await(TaskState.TASK_FINISHED);
            assertThat(fixture.agent()
                            .report(finished, VolumeOperationDone.class)
                            .volume()
                            .value())
                    .isEqualTo("made");
            fixture.process().waitFor(10, TimeUnit.SECONDS);
        }
        assertThat(fixture.plugin().calls())
                .filteredOn(call -> call.startsWith("VolumeDriver.Create"))
                .hasSize(1);
    }

    @Test
    void saysWhyAVolumeCannotBeRemoved() throws Exception {
        Files.createFile(fixture.loop().image("made"));
        fixture.start();
        fixture.agent().launch(TASK, new RemoveVolume(7, new DriverName("loop"), new VolumeName("made")));
        TaskStatus failed = failure();
        assertThat(fixture.agent().report(failed, Failure.class).what()).contains("was not removed");
    }

    @Test
    void refusesAnUnknownUserAndBadPathsBeforeAnythingIsTouched() throws Exception {
        fixture.start();
        fixture.agent()
                .launch(TASK, order("echo no", Optional.of("no-such-user"), volume("data17", 1, Optional.empty())));
        TaskStatus failed = failure();
        assertThat(failed.getMessage()).contains("no user 'no-such-user'");
        assertThat(fixture.agent()
                        .report(failed, ReleaseRecord.class)
                        .volumes()
                        .get(0)
                        .neverAttached())
                .isTrue();
        assertThat(fixture.plugin().calls()).isEmpty();
    }

    @Test
    void refusesAnOrderThatCannotBeRead() throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, new byte[] {1, 2, 3});
        assertThat(failure().getMessage()).contains("the task's order cannot be read");
    }

    @Test
    void startsWithoutAnArchiveThatDoesNotFit() throws Exception {
        fixture.start("-XX:SharedArchiveFile=/nonexistent");
        fixture.agent().launch(TASK, order("true"));
        fixture.agent().await(TaskState.TASK_FINISHED);
        assertThat(fixture.output("stderr")).doesNotContain("rror");
    }

    private void launchAndGo(RunWorkload order) throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, order);
        fixture.agent().await(TaskState.TASK_STARTING);
        fixture.agent().tell(go(order));
    }

    private TaskStatus failure() throws InterruptedException {
        while (true) {
            TaskStatus status = fixture.agent().poll(Duration.ofSeconds(30)).orElseThrow();
            if (status.getState() == TaskState.TASK_FAILED) {
                return status;
            }
        }
    }
}
