package io.mooring.local.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.local.agent.AgentSettings;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.testkit.Framework;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new leading master knows of frameworks that are not back. */
class MasterFailoverIT {
    private static final Duration FAILOVER_TIMEOUT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    /** A failover timeout is counted from a disconnection that this master has seen (MESOS-4659). */
    @Test
    void keepsTheTasksOfAFrameworkThatIsKnownByItsAgentsOnly() throws Exception {
        AgentSettings agent = new AgentSettings(
                "agent-1",
                0,
                directory.resolve("work"),
                "127.0.0.1",
                "cpus:1;mem:256",
                "",
                Map.of(),
                AgentSettings.Timeouts.standard());
        try (LocalMesos cluster = LocalMesos.start(ClusterSettings.of(MasterSettings.onPort(0), List.of(agent)))) {
            Framework framework = Framework.subscribe(cluster.masterPort(), null, FAILOVER_TIMEOUT);
            framework.launch(
                    Framework.task("t").setCommand(CommandInfo.newBuilder().setValue("sleep 1000")));
            TaskStatus running = framework.await("t", TaskState.TASK_RUNNING);

            cluster.failOver(Optional.of(Duration.ZERO), Duration.ZERO);
            awaitFramework(cluster);
            Thread.sleep(2 * FAILOVER_TIMEOUT.toMillis());

            assertThat(cluster.frameworks()).isEqualTo(1);
            Framework again = Framework.subscribe(cluster.masterPort(), framework.id(), FAILOVER_TIMEOUT);
            again.reconcile("t");
            assertThat(again.await("t", TaskState.TASK_RUNNING)
                            .getContainerStatus()
                            .getExecutorPid())
                    .isEqualTo(running.getContainerStatus().getExecutorPid());
            again.kill("t");
            again.await("t", TaskState.TASK_KILLED);
        }
    }

    /** It comes with its agent. */
    private static void awaitFramework(LocalMesos cluster) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (cluster.frameworks() == 0) {
            assertThat(System.nanoTime()).as("the agent is not back").isLessThan(until);
            Thread.sleep(20);
        }
    }
}
