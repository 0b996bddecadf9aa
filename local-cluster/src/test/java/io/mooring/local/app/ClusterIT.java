package io.mooring.local.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.local.testkit.Cluster;
import io.mooring.local.testkit.Framework;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster as a process: killed and started again, ended by a signal, partitioned. Protobuf over real TCP. */
class ClusterIT {
    @TempDir
    Path directory;

    @Test
    void goesOnWhereAKilledClusterStopped() throws Exception {
        try (Cluster cluster = new Cluster(directory)) {
            cluster.start();
            Framework framework = Framework.subscribe(cluster.port(), null);
            framework.launch("t1", cluster.executorCommand());
            TaskStatus running = framework.await("t1", TaskState.TASK_RUNNING);

            cluster.kill();
            cluster.start();
            Framework again = Framework.subscribe(cluster.port(), framework.id());
            again.awaitOffer(running.getAgentId());
            again.reconcile("t1");
            TaskStatus known = again.await("t1", TaskState.TASK_RUNNING);

            assertThat(known.getReason()).isEqualTo(TaskStatus.Reason.REASON_RECONCILIATION);
            assertThat(known.getContainerStatus().getExecutorPid())
                    .isEqualTo(running.getContainerStatus().getExecutorPid());
            again.kill("t1");
            again.await("t1", TaskState.TASK_KILLED);
        }
    }

    @Test
    void keepsUnacknowledgedUpdatesOverAKill() throws Exception {
        try (Cluster cluster = new Cluster(directory)) {
            cluster.start();
            Framework framework = Framework.subscribe(cluster.port(), null);
            framework.acknowledgeNothing();
            framework.launch("t1", cluster.executorCommand());
            TaskStatus starting = framework.await("t1", TaskState.TASK_STARTING);

            cluster.kill();
            cluster.start();
            Framework again = Framework.subscribe(cluster.port(), framework.id());

            assertThat(again.await("t1", TaskState.TASK_STARTING).getUuid()).isEqualTo(starting.getUuid());
            again.await("t1", TaskState.TASK_RUNNING);
        }
    }

    @Test
    void endsItsExecutorsOnSigterm() throws Exception {
        try (Cluster cluster = new Cluster(directory)) {
            cluster.start();
            Framework framework = Framework.subscribe(cluster.port(), null);
            framework.launch("t1", cluster.executorCommand());
            long pid = framework
                    .await("t1", TaskState.TASK_RUNNING)
                    .getContainerStatus()
                    .getExecutorPid();

            assertThat(cluster.terminate(Duration.ofSeconds(25))).isZero();

            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    @Test
    void reportsAPartitionedAgentUnreachableAndItsTasksBackAfterwards() throws Exception {
        try (Cluster cluster = new Cluster(directory)) {
            cluster.start();
            Framework framework = Framework.subscribe(cluster.port(), null);
            framework.launch("t1", cluster.executorCommand());
            framework.await("t1", TaskState.TASK_RUNNING);

            cluster.fault("{\"fault\":\"partition\",\"agent\":\"agent-1\"}");
            TaskStatus lost = framework.await("t1", TaskState.TASK_UNREACHABLE);
            assertThat(lost.hasUnreachableTime()).isTrue();

            cluster.fault("{\"fault\":\"heal\",\"agent\":\"agent-1\"}");
            TaskStatus back = framework.await("t1", TaskState.TASK_RUNNING);
            assertThat(back.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_REREGISTERED);
        }
    }
}
