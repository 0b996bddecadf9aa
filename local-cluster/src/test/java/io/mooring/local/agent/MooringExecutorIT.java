package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.command.TaskOrder;
import io.mooring.local.testkit.Cluster;
import io.mooring.local.testkit.Framework;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mooring's executor as it is installed, launched by groups of tasks: from the ACCEPT to the update. */
class MooringExecutorIT {
    private static final Path EXECUTOR = Path.of("../executor/target/mooring-executor/bin/mooring-executor")
            .toAbsolutePath()
            .normalize();

    @TempDir
    Path directory;

    @Test
    void performsAGroupOfOneTaskAndNoneOfAGroupOfTwo() throws Exception {
        assumeTrue(Files.exists(EXECUTOR) || "true".equals(System.getenv("CI")), "the module executor is not built");
        try (Cluster cluster = new Cluster(directory)) {
            cluster.start();
            Framework framework = Framework.subscribe(cluster.port(), null);

            framework.launchGroup(executor("one"), List.of(task("t1")));
            TaskStatus finished = framework.await("t1", TaskState.TASK_FINISHED);
            assertThat(new MessageCodec().decodeReport(finished.getData().toByteArray()))
                    .isInstanceOf(ExecutorReport.AgentReport.class);

            framework.launchGroup(executor("two"), List.of(task("t2"), task("t3")));
            assertThat(framework.await("t2", TaskState.TASK_FAILED).getMessage())
                    .contains("a group of 2 tasks");
            framework.await("t3", TaskState.TASK_FAILED);
        }
    }

    private ExecutorInfo.Builder executor(String id) throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("agent.json"),
                "{\"machine\": \"m1\", \"journalDir\": \"" + directory.resolve("journal")
                        + "\", \"pluginSocketDirs\": [], \"pluginSpecDirs\": []}");
        return ExecutorInfo.newBuilder()
                .setType(ExecutorInfo.Type.CUSTOM)
                .setExecutorId(ExecutorID.newBuilder().setValue(id))
                .addResources(Framework.scalar("cpus", 0.1))
                .addResources(Framework.scalar("mem", 64))
                .addResources(Framework.scalar("disk", 16))
                .setCommand(CommandInfo.newBuilder()
                        .setValue("exec " + EXECUTOR)
                        .setEnvironment(Environment.newBuilder()
                                .addVariables(Environment.Variable.newBuilder()
                                        .setName("MOORING_AGENT_CONFIG")
                                        .setValue(configuration.toString()))));
    }

    private static TaskInfo.Builder task(String id) {
        return Framework.task(id)
                .setData(ByteString.copyFrom(new MessageCodec().encode(new TaskOrder.InspectAgent(1))));
    }
}
