package io.mooring.local.simulated;

import com.google.protobuf.ByteString;
import io.mooring.local.link.AgentPort;
import io.mooring.local.link.Link;
import io.mooring.local.link.Registration;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.resource.Conversion;
import io.mooring.local.resource.FlagSyntax;
import io.mooring.local.resource.Resources;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;

/** An agent of which only the conversation with the master exists. */
final class SimulatedAgent implements AgentPort {
    /** As real agents spread their registrations, and as often as they repeat them. */
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private record Key(String framework, String task) {}

    private final SimulatedSettings settings;
    private final EventLoop loop;
    private final Link link;
    private final InstantSource clock;
    private final Map<Key, SimulatedTask> tasks = new LinkedHashMap<>();
    private AgentInfo info;
    private Resources total;
    private boolean registered;

    SimulatedAgent(SimulatedSettings settings, int number, EventLoop loop, Link link, InstantSource clock) {
        this.settings = settings;
        this.loop = loop;
        this.link = link;
        this.clock = clock;
        this.info = AgentInfo.newBuilder()
                .setHostname(SimulatedSettings.name(number))
                .addAllResources(FlagSyntax.resources(SimulatedSettings.numbered(settings.resources(), number)))
                .addAllAttributes(FlagSyntax.attributes(SimulatedSettings.numbered(settings.attributes(), number)))
                .build();
        this.total = Resources.of(info.getResourcesList());
    }

    void start() {
        link.attach(this);
        loop.post(this::register);
    }

    /** Until the master has answered. */
    private void register() {
        List<FrameworkInfo> frameworks =
                tasks.values().stream().map(SimulatedTask::framework).distinct().toList();
        List<Task> known = tasks.values().stream().map(SimulatedTask::view).toList();
        List<ExecutorInfo> executors = tasks.values().stream()
                .flatMap(task -> task.startedExecutor().stream())
                .distinct()
                .toList();
        Registration registration = new Registration(info, frameworks, executors, known, total.inOrder(), List.of());
        registered = false;
        link.toMaster(master -> master.register(registration, link));
        loop.after(BACKOFF.multipliedBy(5), () -> {
            if (!registered) {
                register();
            }
        });
    }

    @Override
    public void registered(AgentID id, Duration pingTimeout) {
        loop.post(() -> {
            registered = true;
            info = info.toBuilder().setId(id).build();
            tasks.values().forEach(SimulatedTask::resend);
        });
    }

    @Override
    public void masterChanged() {
        Duration apart = Duration.ofMillis(ThreadLocalRandom.current().nextLong(BACKOFF.toMillis()));
        loop.after(apart, this::register);
    }

    @Override
    public void ping() {
        AgentID id = info.getId();
        loop.post(() -> link.toMaster(master -> master.pong(id)));
    }

    /** The master will not have it: what runs on it is over, and nobody is told. */
    @Override
    public void refused(String reason) {
        loop.post(() -> {
            registered = true;
            tasks.clear();
        });
    }

    @Override
    public void runTask(FrameworkInfo framework, TaskInfo task) {
        loop.post(() -> run(framework, task));
    }

    @Override
    public void runTaskGroup(FrameworkInfo framework, ExecutorInfo executor, List<TaskInfo> group) {
        loop.post(() -> group.forEach(task -> run(framework, task)));
    }

    private void run(FrameworkInfo framework, TaskInfo info) {
        Key key = new Key(framework.getId().getValue(), info.getTaskId().getValue());
        SimulatedTask task = new SimulatedTask(framework, info, loop, link, clock);
        tasks.put(key, task);
        task.report(TaskState.TASK_STARTING);
        task.report(TaskState.TASK_RUNNING);
        settings.taskTime().ifPresent(time -> loop.after(time, () -> end(key, TaskState.TASK_FINISHED)));
    }

    private void end(Key key, TaskState state) {
        Optional.ofNullable(tasks.get(key)).ifPresent(task -> task.report(state));
    }

    private void endAll(Predicate<SimulatedTask> which) {
        new ArrayList<>(tasks.values()).stream().filter(which).forEach(task -> task.report(TaskState.TASK_KILLED));
    }

    @Override
    public void killTask(FrameworkID framework, TaskID task, Optional<KillPolicy> policy) {
        loop.post(() -> end(new Key(framework.getValue(), task.getValue()), TaskState.TASK_KILLED));
    }

    @Override
    public void shutdownExecutor(FrameworkID framework, ExecutorID executor) {
        loop.post(() -> endAll(task -> task.isOf(framework) && task.isOf(executor)));
    }

    @Override
    public void shutdownFramework(FrameworkID framework) {
        loop.post(() -> tasks.keySet().removeIf(key -> key.framework().equals(framework.getValue())));
    }

    @Override
    public void frameworkResubscribed(FrameworkInfo framework) {
        loop.post(() -> tasks.values().stream()
                .filter(task -> task.isOf(framework.getId()))
                .forEach(SimulatedTask::resend));
    }

    @Override
    public void acknowledge(FrameworkID framework, TaskID task, ByteString uuid) {
        loop.post(() -> {
            Key key = new Key(framework.getValue(), task.getValue());
            SimulatedTask known = tasks.get(key);
            if (known != null && known.acknowledged(uuid)) {
                tasks.remove(key);
            }
        });
    }

    @Override
    public void applyOperation(Operation operation) {
        loop.post(() -> {
            OperationStatus.Builder status = operation.getLatestStatus().toBuilder()
                    .setUuid(org.apache.mesos.v1.Protos.UUID.newBuilder().setValue(SimulatedTask.uuid()))
                    .setAgentId(info.getId());
            try {
                total = Conversion.apply(
                        total,
                        Conversion.of(operation.getInfo()).stream()
                                .map(Conversion::unallocated)
                                .toList());
                status.setState(OperationState.OPERATION_FINISHED);
            } catch (Conversion.NotContainedException e) {
                status.setState(OperationState.OPERATION_DROPPED).setMessage(e.getMessage());
            }
            Operation done = operation.toBuilder().setLatestStatus(status).build();
            link.toMaster(master -> master.operationUpdate(info.getId(), done));
        });
    }

    /** It reports an operation once: losing the report is as good as a lost acknowledgement here. */
    @Override
    public void acknowledgeOperation(ByteString operationUuid, ByteString statusUuid) {
        loop.post(() -> {});
    }

    /** There is no executor that could answer. */
    @Override
    public void message(FrameworkID framework, ExecutorID executor, ByteString data) {
        loop.post(() -> {});
    }

    @Override
    public void drain(DrainConfig config) {
        loop.post(() -> endAll(task -> true));
    }

    @Override
    public void reactivate() {
        loop.post(() -> {});
    }
}
