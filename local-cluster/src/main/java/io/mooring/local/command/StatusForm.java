package io.mooring.local.command;

import com.google.protobuf.ByteString;
import io.mooring.common.taskcheck.CheckOfTask;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** What is in every update of a command task. */
final class StatusForm {
    private final ExecutorID executor;

    StatusForm(ExecutorID executor) {
        this.executor = executor;
    }

    TaskStatus.Builder status(TaskInfo task, TaskState state, double now) {
        TaskStatus.Builder status = TaskStatus.newBuilder()
                .setTaskId(task.getTaskId())
                .setState(state)
                .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                .setExecutorId(executor)
                .setTimestamp(now)
                .setUuid(freshUuid());
        if (task.hasCheck()) {
            status.setCheckStatus(CheckOfTask.unanswered(task.getCheck().getType()));
        }
        return status;
    }

    /** The status once more, as another update. */
    TaskStatus.Builder again(TaskStatus last, double now) {
        return last.toBuilder().clearMessage().clearReason().setTimestamp(now).setUuid(freshUuid());
    }

    private static ByteString freshUuid() {
        UUID uuid = UUID.randomUUID();
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return ByteString.copyFrom(bytes.flip());
    }
}
