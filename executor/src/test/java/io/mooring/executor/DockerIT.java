package io.mooring.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.command.TaskOrder;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.container.DockerContainer;
import io.mooring.common.container.DockerContainer.Network;
import io.mooring.common.container.DockerContainer.Privilege;
import io.mooring.common.container.DockerContainer.Pull;
import io.mooring.common.container.DockerOption;
import io.mooring.common.container.DockerParameter;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.executor.testkit.FakeAgent;
import io.mooring.executor.testkit.RealHost;
import io.mooring.plugin.site.DockerEngine;
import io.mooring.plugin.site.Requirements;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tasks as containers of a real Docker Engine, with volumes of the product's own plugin. One engine for all cases. */
class DockerIT {
    private static final String IMAGE = "mooring/box";
    private static final DriverName LOOP = new DriverName("loop");

    private static Path site;
    private static RealHost host;
    private static DockerEngine engine;
    private static int number;

    private final List<FakeAgent> agents = new ArrayList<>();
    private final String task = "task-" + ++number;
    private final String volume = "data-" + number;

    @BeforeAll
    static void prepare() throws Exception {
        Parts.needLoopDevices();
        Requirements.dockerEngine();
        site = Files.createTempDirectory("mooring-d-").toRealPath();
        host = RealHost.start(site, "a");
        engine = DockerEngine.start(site.resolve("e"), List.of(), "--bridge=none");
        engine.importImage(IMAGE, "CMD [\"/bin/sleep\", \"1000\"]");
        useEngine();
    }

    private static void useEngine() throws Exception {
        host.configure(host.home().resolve("journal"), engine.socket());
    }

    @AfterAll
    static void clear() throws Exception {
        if (host != null) {
            host.end();
        }
        if (engine != null) {
            engine.close();
        }
        if (site != null) {
            RealHost.clear(site);
        }
    }

    @AfterEach
    void closeAgents() throws Exception {
        agents.forEach(FakeAgent::close);
        useEngine();
    }

    @Test
    void runsAContainerWithItsVolumeItsLimitsAndItsParameters() throws Exception {
        FakeAgent agent = launch(order(
                List.of(
                        "sh",
                        "-c",
                        "cat /proc/self/cgroup; cat /sys/fs/cgroup/memory/memory.limit_in_bytes; env;"
                                + " echo written > /data/www/file; cat /proc/mounts; id -u; exit 7"),
                Optional.of(new Limits(0.25, 64)),
                new DockerParameter(DockerOption.ENV, "GREETING=hello world"),
                new DockerParameter(DockerOption.USER, "0")));
        TaskStatus failed = agent.await(TaskState.TASK_FAILED);
        assertThat(failed.getMessage()).contains("exited with status 7");
        assertThat(released(agent, failed).complete()).isTrue();
        String output = output(task);
        assertThat(output)
                .contains("GREETING=hello world", "MESOS_TASK_ID=" + task, "MESOS_SANDBOX=/mnt/mesos/sandbox")
                .contains("MESOS_CONTAINER_NAME=mooring-claim-" + volume)
                .contains("MOORING_VOLUME_0_PATH=/data/www")
                .containsPattern("/dev/loop[0-9]+ /data/www ext4 rw")
                .contains(" /mnt/mesos/sandbox ")
                .containsPattern("(?m)^" + (64L << 20) + "$");
        assertThat(containers()).isEmpty();
        assertThat(host.mounts()).isEmpty();
    }

    @Test
    void stopsAContainerByTheImagesSignalAndThenByForce() throws Exception {
        FakeAgent agent = launch(order(
                List.of("sh", "-c", "trap 'echo told; exit 3' USR1; echo up; while :; do sleep 0.1; done"),
                Optional.empty(),
                new DockerParameter(DockerOption.STOP_SIGNAL, "SIGUSR1")));
        agent.await(TaskState.TASK_RUNNING);
        Parts.until("it is up", () -> output(task).contains("up"));
        agent.kill(task, Optional.of(Duration.ofSeconds(60)));
        TaskStatus told = agent.await(TaskState.TASK_KILLED);
        assertThat(told.getMessage()).contains("exited with status 3");
        assertThat(output(task)).contains("told");
        assertThat(released(agent, told).complete()).isTrue();

        FakeAgent second = launch(
                task + "-b",
                order(List.of("sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"), Optional.empty()));
        second.await(TaskState.TASK_RUNNING);
        Parts.until("it is up, too", () -> output(task + "-b").contains("up"));
        second.kill(task + "-b", Optional.of(Duration.ofMillis(200)));
        TaskStatus forced = second.await(TaskState.TASK_KILLED);
        assertThat(forced.getMessage()).contains("exited with status 137");
        assertThat(containers()).isEmpty();
    }

    @Test
    void asksAContainerHowItIsAndEndsItWhenItIsUnwell() throws Exception {
        FakeAgent agent = agent();
        host.executor(agent, task);
        RunWorkload order = order(
                List.of("sh", "-c", "trap 'exit 0' TERM; touch /data/www/well; while :; do sleep 0.1; done"),
                Optional.empty());
        HealthCheck check = HealthCheck.newBuilder()
                .setType(HealthCheck.Type.COMMAND)
                .setDelaySeconds(0)
                .setGracePeriodSeconds(0)
                .setIntervalSeconds(0.2)
                .setTimeoutSeconds(20)
                .setConsecutiveFailures(2)
                .setCommand(CommandInfo.newBuilder()
                        .setShell(false)
                        .setValue("/bin/test")
                        .addAllArguments(List.of("test", "-e", "/data/www/well")))
                .build();
        agent.launch(task, order, check);
        agent.await(TaskState.TASK_STARTING);
        agent.tell(go(task, order));
        TaskStatus running = agent.await(TaskState.TASK_RUNNING);
        while (!running.getHealthy()) {
            running = agent.await(TaskState.TASK_RUNNING);
        }
        Path mounted = Path.of(
                agent.report(running, MountReport.class).volumes().get(0).path());
        Files.delete(mounted.resolve("well"));
        TaskStatus killed = agent.await(TaskState.TASK_KILLED);
        assertThat(killed.getHealthy()).isFalse();
        assertThat(killed.getMessage()).contains("unhealthy");
        assertThat(released(agent, killed).complete()).isTrue();
    }

    @Test
    void removesTheContainerOfADeadExecutorBeforeItsVolumeIsReleased() throws Exception {
        FakeAgent agent = agent();
        Process executor = host.executor(agent, task);
        RunWorkload order =
                order(List.of("sh", "-c", "while :; do date >> /data/www/log; sleep 0.05; done"), Optional.empty());
        start(agent, task, order);
        agent.await(TaskState.TASK_RUNNING);
        String name = "mooring-claim-" + volume;
        assertThat(containers()).containsExactly(name);
        assertThat(journal()).contains("\"container\":\"" + name + "\"");
        executor.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(containers()).as("it outlives its executor").containsExactly(name);

        host.configure(host.home().resolve("journal"), site.resolve("nobody.sock"));
        ReleaseRecord blind =
                done("blind-" + task, new CleanUp(7, order.volumes()), ReleaseRecord.class, "-Dmooring.release=1500");
        ReleasedVolume unproven = blind.volumes().get(0);
        assertThat(unproven.complete()).isFalse();
        assertThat(unproven.workloadGone()).isFalse();
        assertThat(unproven.unmounted()).isFalse();
        assertThat(unproven.remark().orElseThrow()).contains(name, "did not answer");
        assertThat(host.mounts()).isNotEmpty();

        useEngine();
        ReleaseRecord clean = done("clean-" + task, new CleanUp(7, order.volumes()), ReleaseRecord.class);
        assertThat(clean.volumes().get(0).complete())
                .as(clean.volumes().get(0).remark().orElse(""))
                .isTrue();
        assertThat(containers()).isEmpty();
        assertThat(host.mounts()).isEmpty();
    }

    /** No claim, no journal: the mark beside it tells the next executor of the machine. */
    @Test
    void removesTheContainerWithoutVolumesOfADeadExecutor() throws Exception {
        RunWorkload withVolume = order(List.of("sleep", "1000"), Optional.empty());
        RunWorkload order = new RunWorkload(7, withVolume.workload(), List.of());
        FakeAgent agent = agent();
        Process executor = host.executor(agent, task);
        start(agent, task, order);
        agent.await(TaskState.TASK_RUNNING);
        String name = "mooring-task-" + task;
        done("inspect-c" + task, new InspectAgent(7), AgentReport.class);
        assertThat(containers()).as("its executor lives").containsExactly(name);
        executor.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        done("inspect-d" + task, new InspectAgent(7), AgentReport.class);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Path mark = host.home().resolve("journal/containers").resolve(name);
        while (Files.exists(mark) && System.nanoTime() < deadline) {
            done("inspect-e" + System.nanoTime(), new InspectAgent(7), AgentReport.class);
        }
        assertThat(mark).doesNotExist();
        assertThat(containers()).isEmpty();
    }

    @Test
    void makesNoContainerWhereTheEngineDoesNotSeeTheVolume() throws Exception {
        DockerEngine apart = DockerEngine.start(
                site.resolve("f"), List.of("unshare", "--mount", "--propagation", "private", "--"), "--bridge=none");
        try {
            apart.importImage(IMAGE);
            host.configure(host.home().resolve("journal"), apart.socket());
            FakeAgent agent = launch(order(List.of("sh", "-c", "echo x > /data/www/file"), Optional.empty()));
            TaskStatus failed = agent.await(TaskState.TASK_FAILED);
            assertThat(failed.getMessage()).contains("no container was made", "does not see the volume");
            assertThat(released(agent, failed).complete()).isTrue();
            assertThat(apart.docker("ps", "--all", "--quiet")).isEmpty();
            EngineReport reported = done("inspect-f" + task, new InspectAgent(7), AgentReport.class)
                    .engine()
                    .orElseThrow();
            assertThat(reported.healthy()).isTrue();
            assertThat(reported.blind()).get().asString().contains("no mount of this machine reaches");
        } finally {
            apart.close();
        }
    }

    @Test
    void tellsOfTheEngineWhenTheAgentIsInspected() throws Exception {
        AgentReport there = done("inspect-a" + task, new InspectAgent(7), AgentReport.class);
        assertThat(there.engine().orElseThrow().healthy()).isTrue();
        assertThat(there.engine().orElseThrow().what()).startsWith("Docker Engine 20");
        assertThat(there.engine().orElseThrow().blind()).isEmpty();
        host.configure(host.home().resolve("journal"));
        AgentReport absent = done("inspect-b" + task, new InspectAgent(7), AgentReport.class);
        assertThat(absent.engine().orElseThrow().healthy()).isFalse();
        assertThat(absent.engine().orElseThrow().what()).contains("no Docker Engine answers at", "no-engine.sock");
    }

    @Test
    void refusesAContainerWhoseVolumeWouldBeHidden() throws Exception {
        FakeAgent agent = agent();
        host.executor(agent, task);
        agent.launch(task, order(List.of("sh"), Optional.empty(), new DockerParameter(DockerOption.TMPFS, "/data")));
        TaskStatus failed = agent.await(TaskState.TASK_FAILED);
        assertThat(failed.getMessage()).contains("would hide a volume");
        assertThat(released(agent, failed).neverAttached()).isTrue();
    }

    private RunWorkload order(List<String> arguments, Optional<Limits> limits, DockerParameter... parameters) {
        ClaimedVolume claimed = new ClaimedVolume(
                new ClaimId("claim-" + volume),
                number,
                new VolumeRequest(
                        LOOP,
                        new VolumeName(volume),
                        Map.of(),
                        Optional.of("/data/www"),
                        MountMode.READ_WRITE,
                        AccessMode.SINGLE_WRITER,
                        CreatePolicy.IF_MISSING));
        DockerContainer container = new DockerContainer(
                IMAGE, Pull.IF_MISSING, Network.NONE, List.of(), List.of(parameters), Privilege.USUAL);
        return new RunWorkload(
                7,
                new Workload(
                        Optional.empty(),
                        arguments,
                        Optional.empty(),
                        Map.of(),
                        "/var/lib/rexray/volumes/{name}",
                        Duration.ofSeconds(60),
                        Optional.of(container),
                        limits),
                List.of(claimed));
    }

    private FakeAgent agent() throws Exception {
        FakeAgent agent = new FakeAgent();
        agents.add(agent);
        return agent;
    }

    private FakeAgent launch(RunWorkload order) throws Exception {
        return launch(task, order);
    }

    private FakeAgent launch(String id, RunWorkload order) throws Exception {
        FakeAgent agent = agent();
        host.executor(agent, id);
        start(agent, id, order);
        return agent;
    }

    private static void start(FakeAgent agent, String id, RunWorkload order) throws Exception {
        agent.launch(id, order);
        agent.await(TaskState.TASK_STARTING);
        agent.tell(go(id, order));
    }

    private static Go go(String id, RunWorkload order) {
        return new Go(
                new TaskId(id),
                order.epoch(),
                order.volumes().stream()
                        .map(each -> new Grant(each.claim(), each.fence()))
                        .toList());
    }

    private <T extends io.mooring.common.command.ExecutorReport> T done(
            String id, TaskOrder order, Class<T> type, String... properties) throws Exception {
        FakeAgent agent = agent();
        host.executor(agent, id, properties);
        agent.launch(id, order);
        TaskStatus last = agent.await(TaskState.TASK_STARTING);
        while (!last.getState().equals(TaskState.TASK_FINISHED)
                && !last.getState().equals(TaskState.TASK_FAILED)) {
            last = agent.poll(Duration.ofSeconds(60)).orElseThrow();
        }
        return agent.report(last, type);
    }

    private static ReleasedVolume released(FakeAgent agent, TaskStatus status) throws Exception {
        return agent.report(status, ReleaseRecord.class).volumes().get(0);
    }

    private static List<String> containers() throws Exception {
        return engine.docker("ps", "--all", "--format", "{{.Names}}").lines().toList();
    }

    private static String output(String id) throws Exception {
        return Files.readString(host.sandbox(id).resolve("stdout"));
    }

    private static String journal() throws Exception {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> entries = Files.list(host.home().resolve("journal/claims"))) {
            for (Path entry : entries.toList()) {
                all.append(Files.readString(entry, StandardCharsets.UTF_8));
            }
        }
        return all.toString();
    }
}
