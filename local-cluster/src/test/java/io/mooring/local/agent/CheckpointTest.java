package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final TaskID TASK = TaskID.newBuilder().setValue("t").build();
    private static final Checkpoint.Entry LAUNCHED = new Checkpoint.Launched(TaskInfo.newBuilder()
            .setName("t")
            .setTaskId(TASK)
            .setAgentId(AgentID.newBuilder().setValue("S0"))
            .build());
    private static final Checkpoint.Entry UPDATED = new Checkpoint.Updated(TaskStatus.newBuilder()
            .setTaskId(TASK)
            .setState(TaskState.TASK_RUNNING)
            .build());
    private static final Checkpoint.Entry ACKNOWLEDGED =
            new Checkpoint.Acknowledged(TASK, ByteString.copyFromUtf8("0123456789abcdef"));

    @TempDir
    Path workDir;

    private Checkpoint checkpoint;
    private ExecutorRun run;

    @BeforeEach
    void begin() {
        checkpoint = new Checkpoint(workDir);
        FrameworkInfo framework = FrameworkInfo.newBuilder()
                .setUser("u")
                .setName("f")
                .setId(FrameworkID.newBuilder().setValue("F"))
                .build();
        ExecutorInfo executor = ExecutorInfo.newBuilder()
                .setExecutorId(ExecutorID.newBuilder().setValue("e"))
                .build();
        run = new ExecutorRun(framework, executor, "container", workDir, ExecutorRun.Kind.COMMAND);
        checkpoint.begin(run);
    }

    private List<Checkpoint.Entry> journal() {
        return checkpoint.runs().get(0).journal();
    }

    @Test
    void readsBackWhatWasAppendedInOrder() {
        List.of(LAUNCHED, UPDATED, ACKNOWLEDGED).forEach(entry -> checkpoint.append("container", entry));

        assertThat(journal()).containsExactly(LAUNCHED, UPDATED, ACKNOWLEDGED);
    }

    @Test
    void goesOnBehindTheLastWholeRecordWhereverTheAgentWasKilled() throws IOException {
        checkpoint.append("container", LAUNCHED);
        Path file = workDir.resolve("meta/runs/container/journal");
        byte[] first = Files.readAllBytes(file);
        checkpoint.append("container", UPDATED);
        byte[] both = Files.readAllBytes(file);

        for (int cut = first.length; cut < both.length; cut++) {
            Files.write(file, java.util.Arrays.copyOf(both, cut), StandardOpenOption.TRUNCATE_EXISTING);
            assertThat(journal()).containsExactly(LAUNCHED);
            checkpoint.append("container", ACKNOWLEDGED);
            assertThat(journal()).containsExactly(LAUNCHED, ACKNOWLEDGED);
        }
    }

    @Test
    void remembersWhoMadeTheExecutor() {
        assertThat(checkpoint.runs()).extracting(Checkpoint.Run::kind).containsExactly(ExecutorRun.Kind.COMMAND);
    }

    @Test
    void keepsNothingOfARunThatHasBeenTold() {
        checkpoint.end(run);

        assertThat(checkpoint.runs()).isEmpty();
    }

    @Test
    void remembersTheAgentsIdUntilItIsDead() {
        AgentID id = AgentID.newBuilder().setValue("S0").build();
        checkpoint.agentId(id);
        assertThat(new Checkpoint(workDir).agentId()).contains(id);

        checkpoint.forget();
        assertThat(new Checkpoint(workDir).agentId()).isEmpty();
    }
}
