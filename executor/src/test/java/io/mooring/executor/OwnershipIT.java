package io.mooring.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.ExecutorReport.Existence;
import io.mooring.common.command.ExecutorReport.FenceOutcome;
import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.command.SchedulerMessage.HandOver;
import io.mooring.common.command.SchedulerMessage.Superseded;
import io.mooring.common.command.TaskOrder;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.command.TaskOrder.Predecessor;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.executor.testkit.FakeAgent;
import io.mooring.executor.testkit.LoopPlugin.Shell;
import io.mooring.executor.testkit.RealHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Executors and plugins of two hosts over one pool, all of them real processes: who may write when. */
class OwnershipIT {
    private static final VolumeName VOLUME = new VolumeName("vol1");
    private static final DriverName LOOP = new DriverName("loop");
    private static final String WRITER = "exec "
            + Path.of("../marathon-examples/self-checking-writer")
                    .toAbsolutePath()
                    .normalize() + " data/records";

    private final List<FakeAgent> agents = new ArrayList<>();
    private Path site;
    private RealHost a;
    private RealHost b;

    @BeforeEach
    void prepare() throws Exception {
        Parts.needLoopDevices();
        site = Files.createTempDirectory("mooring-own-").toRealPath();
        a = RealHost.start(site, "a");
        b = RealHost.start(site, "b");
    }

    @AfterEach
    void clear() throws Exception {
        for (FakeAgent agent : agents) {
            agent.close();
        }
        for (RealHost host : new RealHost[] {a, b}) {
            if (host != null) {
                host.end();
            }
        }
        if (site != null) {
            RealHost.clear(site);
        }
    }

    @Test
    void takesAVolumeFromAWriterThatNobodyReachesAndLetsItsMachineBackInLater() throws Exception {
        FakeAgent old = run(a, "old", WRITER, writer(1));
        awaitRecords(a, "old", 10);
        FenceHolder order = new FenceHolder(
                8,
                "op-1",
                LOOP,
                VOLUME,
                new MachineKey("a"),
                Optional.of(new BootId("boot-a")),
                claim(1),
                1,
                Optional.empty());
        for (int round = 0; round < 2; round++) {
            FenceReport report = done(b, "fence" + round, order, FenceReport.class);
            assertThat(report.outcome()).as(report.what()).isEqualTo(FenceOutcome.CUT_OFF);
            assertThat(report.operation()).isEqualTo("op-1");
        }
        FakeAgent next = run(b, "next", WRITER, writer(2));
        awaitRecords(b, "next", 10);

        TaskStatus killed = awaitTerminal(old);
        assertThat(released(old, killed).complete()).as(killed.getMessage()).isTrue();
        assertThat(verdict(a, "old")).startsWith("cut ");
        assertThat(a.mounts()).isEmpty();

        ReleaseRecord cleaned = done(a, "clean", new CleanUp(8, List.of(), List.of(VOLUME)), ReleaseRecord.class);
        assertThat(cleaned.unfenced()).containsExactly(VOLUME);
        next.kill("next", Optional.empty());
        assertThat(released(next, next.await(TaskState.TASK_KILLED)).complete()).isTrue();
        assertThat(verdict(b, "next")).startsWith("ok ");
        FakeAgent last = run(a, "last", WRITER + " 3", writer(3));
        assertThat(released(last, last.await(TaskState.TASK_FINISHED)).complete())
                .isTrue();
        assertThat(verdict(a, "last")).as("the whole file is in order").isEqualTo("ok 3");
    }

    @Test
    void endsAWorkloadThatItsPluginSaysIsCutOff() throws Exception {
        FakeAgent old = start(a, "old", "trap '' TERM; while :; do sleep 1; done", writer(1), "-Dmooring.glance=500");
        FenceHolder order = new FenceHolder(
                8, "op-1", LOOP, VOLUME, new MachineKey("a"), Optional.empty(), claim(1), 1, Optional.empty());
        done(b, "fence", order, FenceReport.class);
        TaskStatus killed = old.await(TaskState.TASK_KILLED);
        assertThat(killed.getMessage()).contains("overtaken", "this machine was cut off");
        assertThat(released(old, killed).complete()).isTrue();
    }

    @Test
    void cutsASuccessorOffThatHasNotTakenTheAttachmentOverYet() throws Exception {
        FakeAgent old = run(a, "old", WRITER, writer(1));
        awaitRecords(a, "old", 10);
        FenceHolder order = new FenceHolder(
                8,
                "op-4",
                LOOP,
                VOLUME,
                new MachineKey("a"),
                Optional.of(new BootId("boot-a")),
                claim(2),
                2,
                Optional.of(new Predecessor(claim(1), 1)));
        for (int round = 0; round < 2; round++) {
            FenceReport report = done(b, "fence" + round, order, FenceReport.class);
            assertThat(report.outcome()).as(report.what()).isEqualTo(FenceOutcome.CUT_OFF);
            assertThat(report.fence()).isEqualTo(2);
        }
        run(b, "next", WRITER, writer(3));
        awaitRecords(b, "next", 10);

        TaskStatus killed = awaitTerminal(old);
        assertThat(released(old, killed).complete()).as(killed.getMessage()).isTrue();
        ReleaseRecord cleaned = done(a, "clean", new CleanUp(8, List.of(), List.of(VOLUME)), ReleaseRecord.class);
        assertThat(cleaned.unfenced()).containsExactly(VOLUME);
    }

    @Test
    void fencesNobodyThatTheOrderDoesNotName() throws Exception {
        FakeAgent holder = run(a, "holder", "sleep 1000", writer(2));
        FenceHolder stale = new FenceHolder(
                8, "op-2", LOOP, VOLUME, new MachineKey("a"), Optional.empty(), claim(1), 1, Optional.empty());
        FakeAgent agent = launch(b, "fence", stale);
        TaskStatus refused = awaitTerminal(agent);
        assertThat(refused.getState()).isEqualTo(TaskState.TASK_FAILED);
        FenceReport report = agent.report(refused, FenceReport.class);
        assertThat(report.outcome()).isEqualTo(FenceOutcome.REFUSED);
        assertThat(report.what()).contains("fence 2");
        FenceHolder unserved = new FenceHolder(
                8,
                "op-3",
                new DriverName("none"),
                VOLUME,
                new MachineKey("a"),
                Optional.empty(),
                claim(2),
                2,
                Optional.empty());
        FakeAgent other = launch(b, "unserved", unserved);
        assertThat(other.report(awaitTerminal(other), FenceReport.class).outcome())
                .isEqualTo(FenceOutcome.UNKNOWN);
        holder.kill("holder", Optional.empty());
        assertThat(released(holder, holder.await(TaskState.TASK_KILLED)).complete())
                .isTrue();
    }

    @Test
    void seesWhereVolumesAreAttached() throws Exception {
        run(a, "holder", "sleep 1000", writer(2));
        VolumesObserved seen = done(
                b,
                "observe",
                new ObserveVolumes(8, LOOP, List.of(VOLUME, new VolumeName("missing"))),
                VolumesObserved.class);
        assertThat(seen.machine().value()).isEqualTo("b");
        assertThat(seen.volumes().get(0).existence()).isEqualTo(Existence.EXISTS);
        assertThat(seen.volumes().get(0).attachment())
                .isInstanceOfSatisfying(
                        AttachmentView.At.class,
                        at -> assertThat(at.attachments()).singleElement().satisfies(attachment -> {
                            assertThat(attachment.machine().value()).isEqualTo("a");
                            assertThat(attachment.claim()).contains(claim(2));
                            assertThat(attachment.fence()).hasValue(2);
                        }));
        assertThat(seen.volumes().get(1).existence()).isEqualTo(Existence.MISSING);
    }

    @Test
    void endsWithoutAnyGraceWhenItIsSuperseded() throws Exception {
        FakeAgent agent = run(a, "old", "trap '' TERM; while :; do sleep 1; done", writer(1));
        long before = System.nanoTime();
        agent.tell(new Superseded(new TaskId("old"), 7, VOLUME, 1));
        agent.tell(new Superseded(new TaskId("old"), 8, VOLUME, 2));
        TaskStatus killed = agent.await(TaskState.TASK_KILLED);
        assertThat(killed.getMessage()).contains("overtaken", "fence 2");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
        assertThat(released(agent, killed).complete()).isTrue();
    }

    @Test
    void givesAMountedVolumeToItsSuccessorOnTheSameMachine() throws Exception {
        FakeAgent first = run(a, "first", WRITER, writer(1));
        awaitRecords(a, "first", 3);
        List<String> mounts = a.mounts();
        assertThat(handOver(first, "first").handedOver()).isTrue();
        assertThat(a.mounts()).isEqualTo(mounts);
        done(a, "sweeping", new InspectAgent(8), AgentReport.class);
        assertThat(a.mounts()).as("another executor's sweep leaves it alone").isEqualTo(mounts);

        FakeAgent second = run(a, "second", WRITER, follower(2, 1));
        awaitRecords(a, "second", 3);
        assertThat(a.mounts()).as("mounted as it was").isEqualTo(mounts);
        second.kill("second", Optional.empty());
        assertThat(released(second, second.await(TaskState.TASK_KILLED)).complete())
                .isTrue();
        assertThat(a.mounts()).isEmpty();
        assertThat(a.home().resolve("journal/claims")).isEmptyDirectory();
        FakeAgent last = run(b, "last", WRITER + " 1", writer(3));
        last.await(TaskState.TASK_FINISHED);
        assertThat(verdict(b, "last")).isEqualTo("ok 1");
    }

    @Test
    void aSuccessorThatIsNotGrantedReleasesWhatWasLeftForIt() throws Exception {
        FakeAgent first = run(a, "first", "sleep 1000", writer(1));
        handOver(first, "first");
        FakeAgent second = launch(a, "second", order(7, "true", follower(2, 1)));
        second.await(TaskState.TASK_STARTING);
        second.kill("second", Optional.empty());
        ReleasedVolume record = released(second, second.await(TaskState.TASK_KILLED));
        assertThat(record.complete()).as(record.toString()).isTrue();
        assertThat(a.mounts()).isEmpty();
        assertThat(a.home().resolve("journal/claims")).isEmptyDirectory();
    }

    @Test
    void cleansUpWhatNoSuccessorCameFor() throws Exception {
        FakeAgent first = run(a, "first", "sleep 1000", writer(1));
        handOver(first, "first");
        ReleaseRecord record = done(a, "clean", new CleanUp(8, List.of(writer(1))), ReleaseRecord.class);
        assertThat(record.volumes().get(0).complete()).isTrue();
        assertThat(a.mounts()).isEmpty();
        FakeAgent late = run(a, "late", "sleep 1000", follower(2, 1));
        late.kill("late", Optional.empty());
        assertThat(released(late, late.await(TaskState.TASK_KILLED)).complete()).isTrue();
    }

    @Test
    void aReaderSharesItsWritersMountAndCannotWrite() throws Exception {
        ClaimedVolume writing = volume(1, MountMode.READ_WRITE, AccessMode.SINGLE_WRITER_READERS, Optional.empty());
        ClaimedVolume reading = volume(2, MountMode.READ_ONLY, AccessMode.SINGLE_WRITER_READERS, Optional.empty());
        FakeAgent writer = run(a, "writer", "echo hello > data/file; sleep 1000", writing);
        Parts.until("it is written", () -> Files.exists(a.mountPoint("vol1").resolve("data/file")));
        FakeAgent reader = run(a, "reader", "cat data/file; touch data/file && echo wrote; sleep 1000", reading);
        Parts.until("it is read", () -> output(a, "reader").contains("hello"));
        assertThat(a.mounts()).hasSize(1);
        reader.kill("reader", Optional.empty());
        assertThat(released(reader, reader.await(TaskState.TASK_KILLED)).complete())
                .isTrue();
        assertThat(output(a, "reader")).doesNotContain("wrote");
        assertThat(a.mounts()).as("the writer's").hasSize(1);
        writer.kill("writer", Optional.empty());
        assertThat(released(writer, writer.await(TaskState.TASK_KILLED)).complete())
                .isTrue();
        assertThat(a.mounts()).isEmpty();
    }

    @Test
    void manyReadersOfManyMachinesEndOneByOne() throws Exception {
        FakeAgent maker = run(a, "maker", "echo hello > data/file", writer(1));
        maker.await(TaskState.TASK_FINISHED);
        List<FakeAgent> readers = new ArrayList<>();
        List<RealHost> hosts = List.of(a, a, b);
        for (int i = 0; i < hosts.size(); i++) {
            ClaimedVolume reading = volume(2 + i, MountMode.READ_ONLY, AccessMode.MANY_READERS, Optional.empty());
            String task = "reader" + i;
            RealHost host = hosts.get(i);
            readers.add(run(host, task, "cat data/file; sleep 1000", reading));
            Parts.until("it is read", () -> output(host, task).contains("hello"));
        }
        for (int i = 0; i < hosts.size(); i++) {
            readers.get(i).kill("reader" + i, Optional.empty());
            assertThat(released(readers.get(i), readers.get(i).await(TaskState.TASK_KILLED))
                            .complete())
                    .isTrue();
        }
        assertThat(a.mounts()).isEmpty();
        assertThat(b.mounts()).isEmpty();
    }

    @Test
    void touchesNothingWhenItsJournalHasNoRoom() throws Exception {
        Path small = Files.createDirectory(a.home().resolve("volumes-journal"));
        Shell.run("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString());
        try {
            a.configure(small);
            Files.createDirectories(small.resolve("claims"));
            Files.createDirectories(small.resolve("volumes"));
            Files.createDirectories(small.resolve("epochs"));
            Process filling = new ProcessBuilder("dd", "if=/dev/zero", "of=" + small.resolve("filler"), "bs=1k")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            filling.waitFor();
            FakeAgent agent = launch(a, "task", order(7, "true", writer(1)));
            TaskStatus failed = awaitTerminal(agent);
            assertThat(failed.getState()).isEqualTo(TaskState.TASK_FAILED);
            assertThat(failed.getMessage()).contains("the journal cannot be written");
            ReleasedVolume record = released(agent, failed);
            assertThat(record.neverAttached()).isTrue();
            assertThat(record.complete()).isTrue();
            assertThat(site.resolve("pool/volumes/vol1")).doesNotExist();
            assertThat(small.resolve("claims")).isEmptyDirectory();
        } finally {
            a.end();
            Shell.run("umount", small.toString());
        }
    }

    @Test
    void tellsTheHighestEpochAndFenceOfItsMachineAndObeysNoOlderLeader() throws Exception {
        FakeAgent first = run(a, "first", "true", writer(5));
        first.await(TaskState.TASK_FINISHED);
        done(a, "later", new InspectAgent(11), AgentReport.class);

        FakeAgent stale = launch(a, "stale", order(7, "true", writer(4)));
        TaskStatus starting = stale.await(TaskState.TASK_STARTING);
        ActivationRequest request = stale.report(starting, ActivationRequest.class);
        assertThat(request.highestEpoch()).isEqualTo(11);
        assertThat(request.claims().get(0).highWater()).isEqualTo(5);
        assertThat(awaitTerminal(stale).getMessage()).contains("stale fence");

        FakeAgent deposed = launch(a, "deposed", order(7, "true", writer(6)));
        deposed.await(TaskState.TASK_STARTING);
        deposed.tell(go("deposed", 7, writer(6)));
        deposed.tell(go("deposed", 10, writer(6)));
        assertThat(deposed.poll(Duration.ofSeconds(1))).isEmpty();
        deposed.tell(go("deposed", 11, writer(6)));
        deposed.await(TaskState.TASK_RUNNING);
        deposed.await(TaskState.TASK_FINISHED);
    }

    private ReleasedVolume handOver(FakeAgent agent, String task) throws Exception {
        Thread.sleep(500); // it has asked its plugin whether that can be done
        agent.tell(new HandOver(new TaskId(task), 8));
        agent.kill(task, Optional.empty());
        ReleasedVolume record = released(agent, agent.await(TaskState.TASK_KILLED));
        assertThat(record.workloadGone()).isTrue();
        assertThat(record.detached()).isFalse();
        return record;
    }

    private FakeAgent run(RealHost host, String task, String command, ClaimedVolume volume) throws Exception {
        return start(host, task, command, volume);
    }

    /** Runs a task as far as TASK_RUNNING. */
    private FakeAgent start(RealHost host, String task, String command, ClaimedVolume volume, String... properties)
            throws Exception {
        FakeAgent agent = launch(host, task, order(7, command, volume), properties);
        ActivationRequest request = agent.report(agent.await(TaskState.TASK_STARTING), ActivationRequest.class);
        agent.tell(go(task, Math.max(7, request.highestEpoch()), volume));
        agent.report(agent.await(TaskState.TASK_RUNNING), MountReport.class);
        return agent;
    }

    private FakeAgent launch(RealHost host, String task, TaskOrder order, String... properties) throws Exception {
        FakeAgent agent = new FakeAgent();
        agents.add(agent);
        host.executor(agent, task, properties);
        agent.launch(task, order);
        return agent;
    }

    private <T extends ExecutorReport> T done(RealHost host, String task, TaskOrder order, Class<T> type)
            throws Exception {
        FakeAgent agent = launch(host, task, order);
        return agent.report(agent.await(TaskState.TASK_FINISHED), type);
    }

    private static TaskStatus awaitTerminal(FakeAgent agent) throws InterruptedException {
        while (true) {
            TaskStatus status = agent.poll(Duration.ofSeconds(60)).orElseThrow();
            switch (status.getState()) {
                case TASK_FINISHED, TASK_FAILED, TASK_KILLED -> {
                    return status;
                }
                default -> {}
            }
        }
    }

    private static ReleasedVolume released(FakeAgent agent, TaskStatus status) throws Exception {
        return agent.report(status, ReleaseRecord.class).volumes().get(0);
    }

    private static void awaitRecords(RealHost host, String task, int records) throws Exception {
        Parts.until("task " + task + " has written", () -> {
            String verdict = verdict(host, task);
            return verdict.startsWith("running ") && Integer.parseInt(verdict.split(" ")[1]) >= records;
        });
    }

    private static String verdict(RealHost host, String task) throws Exception {
        Path file = host.sandbox(task).resolve("verdict");
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    private static String output(RealHost host, String task) throws Exception {
        return Files.readString(host.sandbox(task).resolve("stdout"));
    }

    private static Go go(String task, long epoch, ClaimedVolume volume) {
        return new Go(new TaskId(task), epoch, List.of(new Grant(volume.claim(), volume.fence())));
    }

    private static ClaimId claim(long fence) {
        return new ClaimId("claim-" + fence);
    }

    private static ClaimedVolume writer(long fence) {
        return volume(fence, MountMode.READ_WRITE, AccessMode.SINGLE_WRITER, Optional.empty());
    }

    private static ClaimedVolume follower(long fence, long before) {
        return volume(fence, MountMode.READ_WRITE, AccessMode.SINGLE_WRITER, Optional.of(claim(before)));
    }

    private static ClaimedVolume volume(long fence, MountMode mode, AccessMode access, Optional<ClaimId> takesOver) {
        return new ClaimedVolume(
                claim(fence),
                fence,
                new VolumeRequest(LOOP, VOLUME, Map.of(), Optional.of("data"), mode, access, CreatePolicy.IF_MISSING),
                takesOver);
    }

    private static RunWorkload order(long epoch, String command, ClaimedVolume volume) {
        return new RunWorkload(
                epoch,
                new Workload(
                        Optional.of(command),
                        List.of(),
                        Optional.empty(),
                        Map.of(),
                        "/var/lib/rexray/volumes/{name}",
                        Duration.ofSeconds(60)),
                List.of(volume));
    }
}
