package io.mooring.local.agent;

import io.mooring.local.container.Container;
import io.mooring.local.container.ContainerLimits;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.wire.EventSink;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.mesos.v1.Protos.ContainerID;
import org.apache.mesos.v1.Protos.ContainerStatus;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.NetworkInfo;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskGroupInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskResourceLimitation;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.executor.Protos.Event;

/** One run of one executor, from launch until nothing about it is left to tell. */
final class ExecutorRun {
    /** The default of Mesos' {@code --max_completed_tasks_per_framework} on agents. */
    private static final int MAX_COMPLETED_TASKS = 200;

    /** Where the run stands. */
    enum Phase {
        /** Started, or recovered, and not subscribed yet. */
        REGISTERING,
        RUNNING,
        /** Told to shut down or being destroyed. */
        TERMINATING,
        TERMINATED
    }

    /** Who made the executor. */
    enum Kind {
        /** The framework. */
        CUSTOM,
        /** The agent, for a task that is only a command. */
        COMMAND
    }

    /** What the end of the executor means for its open tasks, if the agent itself caused it. */
    record Cause(TaskStatus.Reason reason, String message, End end) {}

    /** How open tasks end. */
    enum End {
        FAILED,
        GONE
    }

    FrameworkInfo framework;
    final ExecutorInfo executor;
    final String containerId;
    final Path sandbox;
    final Kind kind;
    Phase phase = Phase.REGISTERING;
    Optional<Container> container = Optional.empty();
    Optional<EventSink> sink = Optional.empty();
    Optional<Cause> cause = Optional.empty();
    boolean everSentTask;

    /** The framework was torn down: nobody wants to hear of the tasks any more. */
    boolean silenced;

    boolean destroyed;

    /** What keeps the container from taking more than it has; absent where nobody limits it. */
    Optional<ContainerLimits> limits = Optional.empty();

    /** What it took too much of. */
    Optional<TaskResourceLimitation> limitation = Optional.empty();

    /** The download of what the executor's command needs, while it lasts. */
    Optional<Future<?>> fetch = Optional.empty();

    /** Not delivered to the executor yet. */
    final Map<String, TaskInfo> queued = new LinkedHashMap<>();

    /** Those of the queued tasks that live and die together. */
    final List<TaskGroupInfo> queuedGroups = new ArrayList<>();

    /** Delivered and without an acknowledged terminal update. */
    final Map<String, TaskInfo> launched = new LinkedHashMap<>();

    /** Those whose terminal update is acknowledged, as operators may ask for them; the oldest are forgotten. */
    final Deque<Task> completed = new ArrayDeque<>();

    EventLoop.Timer registrationTimer = () -> {};
    EventLoop.Timer graceTimer = () -> {};

    ExecutorRun(FrameworkInfo framework, ExecutorInfo executor, String containerId, Path sandbox, Kind kind) {
        this.framework = framework;
        this.executor = executor;
        this.containerId = containerId;
        this.sandbox = sandbox;
        this.kind = kind;
    }

    String frameworkId() {
        return framework.getId().getValue();
    }

    String executorId() {
        return executor.getExecutorId().getValue();
    }

    /** The task is over and everybody knows. */
    void complete(Task task) {
        completed.addLast(task);
        if (completed.size() > MAX_COMPLETED_TASKS) {
            completed.removeFirst();
        }
    }

    void send(Event event) {
        sink.ifPresent(stream -> stream.send(event));
    }

    /** What real Mesos adds to every update of an executor that runs. */
    ContainerStatus containerStatus() {
        ContainerStatus.Builder status = ContainerStatus.newBuilder()
                .setContainerId(ContainerID.newBuilder().setValue(containerId))
                .addNetworkInfos(NetworkInfo.newBuilder()
                        .addIpAddresses(NetworkInfo.IPAddress.newBuilder()
                                .setProtocol(NetworkInfo.Protocol.IPv4)
                                .setIpAddress("127.0.0.1")));
        container.ifPresent(processes -> status.setExecutorPid((int) processes.pid()));
        return status.build();
    }
}
