package io.mooring.executor.mesos;

import com.google.protobuf.ByteString;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.MessageCodec;
import io.mooring.executor.engine.Status;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.executor.Protos.Call;

/** Our values in Mesos' form. */
final class Calls {
    private final FrameworkID framework;
    private final ExecutorID executor;
    private final MessageCodec codec = new MessageCodec();

    Calls(AgentEnvironment environment) {
        this.framework =
                FrameworkID.newBuilder().setValue(environment.framework()).build();
        this.executor = ExecutorID.newBuilder().setValue(environment.executor()).build();
    }

    byte[] subscribe(Call.Subscribe subscription) {
        return call(Call.Type.SUBSCRIBE).setSubscribe(subscription).build().toByteArray();
    }

    byte[] update(Call.Update update) {
        return call(Call.Type.UPDATE).setUpdate(update).build().toByteArray();
    }

    byte[] message(ExecutorReport report) {
        return call(Call.Type.MESSAGE)
                .setMessage(Call.Message.newBuilder().setData(ByteString.copyFrom(codec.encode(report))))
                .build()
                .toByteArray();
    }

    Call.Update update(Status status, AgentID agent, Instant now) {
        TaskStatus.Builder to = TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue(status.task().value()))
                .setState(state(status.state()))
                .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                .setAgentId(agent)
                .setExecutorId(executor)
                .setTimestamp(now.toEpochMilli() / 1000.0)
                .setUuid(uuid());
        if (!status.message().isEmpty()) {
            to.setMessage(status.message());
        }
        health(status, to);
        status.report().ifPresent(report -> to.setData(ByteString.copyFrom(codec.encode(report))));
        return Call.Update.newBuilder().setStatus(to).build();
    }

    /** As Mesos' own executors tell it: a reason for news of a running task, none for the end that came of it. */
    private static void health(Status status, TaskStatus.Builder to) {
        switch (status.health()) {
            case HEALTHY -> to.setHealthy(true);
            case UNHEALTHY -> to.setHealthy(false);
            case NOT_TOLD -> {
                return;
            }
        }
        if (!status.state().terminal()) {
            to.setReason(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED);
        }
    }

    private Call.Builder call(Call.Type type) {
        return Call.newBuilder().setType(type).setFrameworkId(framework).setExecutorId(executor);
    }

    private static TaskState state(Status.State state) {
        return switch (state) {
            case STARTING -> TaskState.TASK_STARTING;
            case RUNNING -> TaskState.TASK_RUNNING;
            case KILLING -> TaskState.TASK_KILLING;
            case FINISHED -> TaskState.TASK_FINISHED;
            case FAILED -> TaskState.TASK_FAILED;
            case KILLED -> TaskState.TASK_KILLED;
        };
    }

    private static ByteString uuid() {
        UUID uuid = UUID.randomUUID();
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return ByteString.copyFrom(bytes.flip());
    }
}
