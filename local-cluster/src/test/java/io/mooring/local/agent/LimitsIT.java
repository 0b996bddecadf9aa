package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.local.app.LocalMesos;
import io.mooring.local.container.ContainerLimits;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.testkit.Framework;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits by the kernel; cgroups of version 1 are a matter of how a machine was booted, not of a package. */
class LimitsIT {
    @TempDir
    Path directory;

    private LocalMesos cluster;
    private Framework framework;

    @BeforeEach
    void start() throws Exception {
        Optional<String> missing = ContainerLimits.objection();
        Assumptions.assumeTrue(missing.isEmpty(), missing.orElse(""));
        AgentSettings agent = new AgentSettings(
                "agent-1",
                0,
                directory.resolve("agent-1"),
                "127.0.0.1",
                "cpus:4;mem:4096;disk:1024",
                "",
                Map.of(),
                AgentSettings.Timeouts.standard(),
                Optional.empty(),
                AgentSettings.Isolation.CGROUPS,
                AgentSettings.STANDARD_GC_DELAY,
                Optional.empty());
        cluster = LocalMesos.start(MasterSettings.onPort(0), Optional.empty(), List.of(agent));
        framework = Framework.subscribe(cluster.masterPort(), null);
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.shutdown(Duration.ofSeconds(2));
        }
    }

    @Test
    void failsATaskThatTakesMoreMemoryThanItHas() throws Exception {
        framework.launch(Framework.task("t1")
                .setCommand(
                        CommandInfo.newBuilder().setValue("head -c 300m /dev/zero | tail > /dev/null; sleep 1000")));
        TaskStatus running = framework.await("t1", TaskState.TASK_RUNNING);

        TaskStatus end = framework.await("t1", TaskState.TASK_FAILED);

        assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LIMITATION_MEMORY);
        assertThat(end.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
        // 32 MB of the task and 32 MB that every command task gets for its executor.
        assertThat(end.getMessage()).startsWith("Memory limit exceeded: Requested: 64MB Maximum Used: 64MB\n");
        assertThat(end.getLimitation().getResources(0).getScalar().getValue()).isEqualTo(64.0);
        String container = running.getContainerStatus().getContainerId().getValue();
        assertThat(Path.of("/sys/fs/cgroup/memory/mesos", container)).doesNotExist();
    }

    @Test
    void givesATaskItsShareOfTheCpus() throws Exception {
        framework.launch(
                Framework.task("t1").setCommand(CommandInfo.newBuilder().setValue("sleep 1000")));
        String container = framework
                .await("t1", TaskState.TASK_RUNNING)
                .getContainerStatus()
                .getContainerId()
                .getValue();

        Path group = Path.of("/sys/fs/cgroup/cpu/mesos", container);
        assertThat(Files.readString(group.resolve("cpu.shares")).strip()).isEqualTo("204");
        // The command joins its groups itself, before it becomes what it is.
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (Files.readString(group.resolve("cgroup.procs")).isBlank()) {
            assertThat(System.nanoTime())
                    .as("time until the command is in its group")
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
        framework.kill("t1");
        framework.await("t1", TaskState.TASK_KILLED);
    }
}
