package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.Test;

class UpdateStreamTest {
    private final UpdateStream stream = new UpdateStream();

    private static TaskStatus status(TaskState state, String uuid) {
        return TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue("t"))
                .setState(state)
                .setUuid(ByteString.copyFromUtf8(uuid))
                .build();
    }

    @Test
    void holdsTheNextUpdateBackUntilTheFirstIsAcknowledged() {
        stream.add(status(TaskState.TASK_STARTING, "1"));
        stream.add(status(TaskState.TASK_RUNNING, "2"));

        assertThat(stream.head()).contains(status(TaskState.TASK_STARTING, "1"));
        assertThat(stream.latest()).isEqualTo(TaskState.TASK_RUNNING);

        assertThat(stream.acknowledge(ByteString.copyFromUtf8("1"))).isTrue();
        assertThat(stream.head()).contains(status(TaskState.TASK_RUNNING, "2"));
    }

    @Test
    void ignoresAcknowledgementsOfAnythingButTheHead() {
        stream.add(status(TaskState.TASK_STARTING, "1"));
        stream.add(status(TaskState.TASK_RUNNING, "2"));

        assertThat(stream.acknowledge(ByteString.copyFromUtf8("2"))).isFalse();
        assertThat(stream.pending()).hasSize(2);
    }

    @Test
    void takesEachUuidOnce() {
        assertThat(stream.add(status(TaskState.TASK_STARTING, "1"))).isTrue();
        assertThat(stream.add(status(TaskState.TASK_STARTING, "1"))).isFalse();
    }

    @Test
    void waitsLongerBeforeEachRetryButNeverMoreThanTenMinutes() {
        assertThat(stream.nextRetry()).isEqualTo(Duration.ofSeconds(10));
        assertThat(stream.nextRetry()).isEqualTo(Duration.ofSeconds(20));
        assertThat(stream.nextRetry()).isEqualTo(Duration.ofSeconds(40));
        for (int i = 0; i < 10; i++) {
            stream.nextRetry();
        }
        assertThat(stream.nextRetry()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void startsAgainAtTenSecondsForTheNextUpdate() {
        stream.add(status(TaskState.TASK_STARTING, "1"));
        stream.nextRetry();
        stream.nextRetry();

        stream.acknowledge(ByteString.copyFromUtf8("1"));

        assertThat(stream.nextRetry()).isEqualTo(Duration.ofSeconds(10));
    }
}
