package io.mooring.local.simulated;

import com.google.protobuf.ByteString;
import io.mooring.local.link.Link;
import io.mooring.local.loop.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** A task that only goes through its states. The next one is told when the one before is acknowledged. */
final class SimulatedTask {
    private static final Set<TaskState> OVER = EnumSet.of(TaskState.TASK_FINISHED, TaskState.TASK_KILLED);
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final FrameworkInfo framework;
    private final TaskInfo info;
    private final EventLoop loop;
    private final Link link;
    private final InstantSource clock;
    private final Deque<TaskStatus> pending = new ArrayDeque<>();
    private TaskState latest = TaskState.TASK_STAGING;
    private EventLoop.Timer retry = () -> {};

    SimulatedTask(FrameworkInfo framework, TaskInfo info, EventLoop loop, Link link, InstantSource clock) {
        this.framework = framework;
        this.info = info;
        this.loop = loop;
        this.link = link;
        this.clock = clock;
    }

    FrameworkInfo framework() {
        return framework;
    }

    boolean isOf(FrameworkID other) {
        return framework.getId().equals(other);
    }

    boolean isOf(ExecutorID other) {
        return executor().equals(other);
    }

    /** A command task's executor has the task's id. */
    private ExecutorID executor() {
        return info.hasExecutor()
                ? info.getExecutor().getExecutorId()
                : ExecutorID.newBuilder().setValue(info.getTaskId().getValue()).build();
    }

    /** The executor that the task needs and that stays until the task is over. */
    Optional<ExecutorInfo> startedExecutor() {
        return info.hasExecutor() ? Optional.of(info.getExecutor()) : Optional.empty();
    }

    void report(TaskState state) {
        if (OVER.contains(latest)) {
            return;
        }
        latest = state;
        pending.add(TaskStatus.newBuilder()
                .setTaskId(info.getTaskId())
                .setState(state)
                .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                .setAgentId(info.getAgentId())
                .setExecutorId(executor())
                .setTimestamp(clock.millis() / 1000.0)
                .setUuid(uuid())
                .build());
        if (pending.size() == 1) {
            resend();
        }
    }

    /** Again, and again after a while, until it is acknowledged. */
    void resend() {
        retry.cancel();
        TaskStatus first = pending.peek();
        if (first != null) {
            TaskState state = latest;
            link.toMaster(master -> master.statusUpdate(info.getAgentId(), framework.getId(), first, state));
            retry = loop.after(RETRY, this::resend);
        }
    }

    /** Gives true if the task is over and everybody knows. */
    boolean acknowledged(ByteString uuid) {
        if (!pending.isEmpty() && pending.peek().getUuid().equals(uuid)) {
            pending.remove();
            resend();
        }
        return pending.isEmpty() && OVER.contains(latest);
    }

    Task view() {
        Task.Builder view = Task.newBuilder()
                .setName(info.getName())
                .setTaskId(info.getTaskId())
                .setFrameworkId(framework.getId())
                .setAgentId(info.getAgentId())
                .setState(latest)
                .addAllResources(info.getResourcesList());
        if (info.hasExecutor()) {
            view.setExecutorId(executor());
        }
        TaskStatus first = pending.peek();
        if (first != null) {
            view.setStatusUpdateState(first.getState()).setStatusUpdateUuid(first.getUuid());
        }
        return view.build();
    }

    static ByteString uuid() {
        UUID uuid = UUID.randomUUID();
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .flip());
    }
}
