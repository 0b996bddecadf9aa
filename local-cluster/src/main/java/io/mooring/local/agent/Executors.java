package io.mooring.local.agent;

import com.google.protobuf.ByteString;
import io.mooring.local.link.Link;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.wire.EventSink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.executor.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The executor runs of one agent: launch, subscription, tasks, kill, end. */
final class Executors {
    private static final Logger LOG = LoggerFactory.getLogger(Executors.class);
    private static final int SIGKILL = 9;

    /** As often as a real agent looks after processes that it did not start itself. */
    private static final Duration REAP = Duration.ofMillis(100);

    private record Key(String framework, String executor) {}

    private final AgentSettings settings;
    private final EventLoop loop;
    private final Executor blocking;
    private final Link link;
    private final Checkpoint checkpoint;
    private final Updates updates;
    private final InstantSource clock;
    private final Launcher launcher = new Launcher();
    private final Map<Key, ExecutorRun> runs = new LinkedHashMap<>();

    /** Ended runs whose last updates are not acknowledged; the master wants to hear of their tasks. */
    private final List<ExecutorRun> ended = new ArrayList<>();

    private AgentInfo agent = AgentInfo.getDefaultInstance();
    private int port;
    private Optional<DrainConfig> draining = Optional.empty();

    Executors(
            AgentSettings settings,
            EventLoop loop,
            Executor blocking,
            Link link,
            Checkpoint checkpoint,
            Updates updates,
            InstantSource clock) {
        this.settings = settings;
        this.loop = loop;
        this.blocking = blocking;
        this.link = link;
        this.checkpoint = checkpoint;
        this.updates = updates;
        this.clock = clock;
    }

    void serving(AgentInfo info, int onPort) {
        agent = info;
        port = onPort;
    }

    Optional<ExecutorRun> find(String framework, String executor) {
        return Optional.ofNullable(runs.get(new Key(framework, executor)));
    }

    boolean knowsFramework(String framework) {
        return runs.keySet().stream().anyMatch(key -> key.framework().equals(framework));
    }

    List<ExecutorRun> running() {
        return List.copyOf(runs.values());
    }

    List<ExecutorRun> all() {
        List<ExecutorRun> all = new ArrayList<>(runs.values());
        all.addAll(ended);
        return all;
    }

    // ---- launch

    void run(FrameworkInfo framework, ExecutorInfo executor, TaskInfo task) {
        Key key = new Key(framework.getId().getValue(), executor.getExecutorId().getValue());
        ExecutorRun run = runs.get(key);
        if (run == null) {
            run = newRun(framework, executor);
            runs.put(key, run);
            run.queued.put(task.getTaskId().getValue(), task);
            launch(run);
            return;
        }
        switch (run.phase) {
            case REGISTERING -> run.queued.put(task.getTaskId().getValue(), task);
            case RUNNING -> deliver(run, task);
            case TERMINATING, TERMINATED ->
                update(
                        run,
                        task.getTaskId(),
                        lostUnlessAware(run, TaskState.TASK_DROPPED),
                        TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
                        "Executor is terminating");
        }
    }

    private ExecutorRun newRun(FrameworkInfo framework, ExecutorInfo executor) {
        String containerId = UUID.randomUUID().toString();
        return new ExecutorRun(
                framework,
                executor,
                containerId,
                checkpoint.sandbox(agent.getId().getValue(), framework, executor, containerId));
    }

    private void launch(ExecutorRun run) {
        String user =
                run.executor.getCommand().hasUser() ? run.executor.getCommand().getUser() : run.framework.getUser();
        Optional<String> become = Launcher.userToBecome(user);
        checkpoint.begin(run);
        try {
            launcher.makeSandbox(run.sandbox, become);
            Map<String, String> environment = ExecutorEnvironment.of(
                    settings, agent.getId().getValue(), port, run.framework, run.executor, run.sandbox.toString());
            Process process = launcher.start(run.executor.getCommand(), environment, run.sandbox, become);
            started(run, process);
        } catch (Launcher.LaunchException e) {
            LOG.atWarn().setCause(e).addKeyValue("executor", run.executorId()).log("executor not launched");
            failedToLaunch(run, e.getMessage());
        }
    }

    private void started(ExecutorRun run, Process process) {
        long startTicks = ProcessTable.find(process.pid())
                .map(ProcessTable.Entry::startTicks)
                .orElse(0L);
        Container container = new Container(process.pid(), startTicks, run.sandbox.toString());
        run.container = Optional.of(container);
        checkpoint.started(run, container);
        var unused = process.onExit()
                .thenAccept(over -> loop.post(() -> exited(run, OptionalInt.of(over.exitValue() << 8))));
        Duration patience = settings.timeouts().registration();
        run.registrationTimer = loop.after(patience, () -> registrationTimedOut(run, patience));
        LOG.atInfo()
                .addKeyValue("executor", run.executorId())
                .addKeyValue("pid", process.pid())
                .addKeyValue("sandbox", run.sandbox)
                .log("executor started");
    }

    private void failedToLaunch(ExecutorRun run, String message) {
        boolean aware = message.startsWith("Failed to create executor directory");
        TaskState state = aware ? lostUnlessAware(run, TaskState.TASK_DROPPED) : TaskState.TASK_FAILED;
        TaskStatus.Reason reason =
                aware ? TaskStatus.Reason.REASON_EXECUTOR_TERMINATED : TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED;
        List.copyOf(run.queued.values()).forEach(task -> update(run, task.getTaskId(), state, reason, message));
        run.queued.clear();
        terminated(run, OptionalInt.empty());
    }

    private void registrationTimedOut(ExecutorRun run, Duration patience) {
        if (run.phase == ExecutorRun.Phase.REGISTERING) {
            run.cause = Optional.of(new ExecutorRun.Cause(
                    TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT,
                    "Executor did not register within " + Durations.text(patience),
                    ExecutorRun.End.FAILED));
            destroy(run);
        }
    }

    // ---- recovery

    /** Takes over a run that an earlier life of this agent left behind. */
    void recover(Checkpoint.Run left) {
        ExecutorRun run = new ExecutorRun(
                left.framework(),
                left.executor(),
                left.containerId(),
                checkpoint.sandbox(agent.getId().getValue(), left.framework(), left.executor(), left.containerId()));
        run.container = left.container();
        run.everSentTask = true;
        boolean over = replay(run, left.journal());
        boolean alive = run.container.filter(Container::isAlive).isPresent();
        if (!run.framework.getCheckpoint()) {
            updates.forget(run.frameworkId());
            blocking.execute(() -> run.container.ifPresent(Container::destroy));
            checkpoint.end(run);
            return;
        }
        if (over) {
            ended.add(run);
            forgetIfTold(run);
            return;
        }
        runs.put(new Key(run.frameworkId(), run.executorId()), run);
        if (alive) {
            watch(run);
        } else {
            exited(run, OptionalInt.empty());
        }
    }

    /** Gives true if the container had ended. */
    private boolean replay(ExecutorRun run, List<Checkpoint.Entry> journal) {
        boolean over = false;
        for (Checkpoint.Entry record : journal) {
            if (record instanceof Checkpoint.Launched launched) {
                run.launched.put(launched.task().getTaskId().getValue(), launched.task());
            } else if (record instanceof Checkpoint.Updated updated) {
                updates.restore(run, updated.status());
            } else if (record instanceof Checkpoint.Acknowledged acknowledged) {
                updates.acknowledge(run.frameworkId(), acknowledged.task(), acknowledged.uuid())
                        .filter(status -> Tasks.isTerminal(status.getState()))
                        .ifPresent(
                                status -> run.launched.remove(status.getTaskId().getValue()));
            } else {
                over = true;
            }
        }
        return over;
    }

    /** The process is no child of this one, so its end is looked for, not waited for, and its status stays unknown. */
    private void watch(ExecutorRun run) {
        if (run.container.filter(Container::isAlive).isPresent()) {
            loop.after(REAP, () -> watch(run));
        } else {
            exited(run, OptionalInt.empty());
        }
    }

    /** Executors that did not come back in time are given up. */
    void giveUpUnsubscribed(Duration patience) {
        for (ExecutorRun run : running()) {
            if (run.phase == ExecutorRun.Phase.REGISTERING) {
                run.cause = Optional.of(new ExecutorRun.Cause(
                        TaskStatus.Reason.REASON_EXECUTOR_REREGISTRATION_TIMEOUT,
                        "Executor did not reregister within " + Durations.text(patience),
                        ExecutorRun.End.GONE));
                destroy(run);
            }
        }
    }

    boolean anyUnsubscribed() {
        return runs.values().stream().anyMatch(run -> run.phase == ExecutorRun.Phase.REGISTERING);
    }

    // ---- the executor's calls

    void subscribe(ExecutorRun run, Call.Subscribe subscribe, EventSink sink) {
        run.sink.ifPresent(EventSink::end);
        run.sink = Optional.of(sink);
        // A stream that drops changes nothing: calls are still taken, events are lost, as with real agents.
        if (run.phase == ExecutorRun.Phase.TERMINATING || run.phase == ExecutorRun.Phase.TERMINATED) {
            run.send(ExecutorEvents.shutdown());
            return;
        }
        run.registrationTimer.cancel();
        run.phase = ExecutorRun.Phase.RUNNING;
        if (!run.everSentTask && run.queued.isEmpty()) {
            shutdown(run);
            return;
        }
        run.send(ExecutorEvents.subscribed(run, agent));
        subscribe.getUnacknowledgedUpdatesList().forEach(update -> update(run, update.getStatus()));
        dropWhatItNeverGot(run, subscribe);
        List<TaskInfo> queued = List.copyOf(run.queued.values());
        run.queued.clear();
        queued.forEach(task -> deliver(run, task));
    }

    /** A task that was on its way when the agent died, and of which the executor knows nothing. */
    private void dropWhatItNeverGot(ExecutorRun run, Call.Subscribe subscribe) {
        for (TaskInfo task : List.copyOf(run.launched.values())) {
            String id = task.getTaskId().getValue();
            boolean listed = subscribe.getUnacknowledgedTasksList().stream()
                    .anyMatch(each -> each.getTaskId().getValue().equals(id));
            if (!listed && updates.latest(run.frameworkId(), id) == TaskState.TASK_STAGING) {
                update(
                        run,
                        task.getTaskId(),
                        lostUnlessAware(run, TaskState.TASK_DROPPED),
                        TaskStatus.Reason.REASON_AGENT_RESTARTED,
                        "Task launched during agent restart");
            }
        }
    }

    private void deliver(ExecutorRun run, TaskInfo task) {
        run.everSentTask = true;
        run.launched.put(task.getTaskId().getValue(), task);
        checkpoint.append(run.containerId, new Checkpoint.Launched(task));
        run.send(ExecutorEvents.launch(task));
    }

    /** UPDATE: stored before it is acknowledged to the executor; the framework's acknowledgement comes later. */
    void update(ExecutorRun run, TaskStatus given) {
        boolean foreign = given.hasAgentId() && !given.getAgentId().equals(agent.getId());
        if (foreign || run.silenced) {
            return;
        }
        boolean known = run.launched.containsKey(given.getTaskId().getValue());
        TaskStatus.Builder status = given.toBuilder().setAgentId(agent.getId());
        if (!status.hasTimestamp()) {
            status.setTimestamp(clock.millis() / 1000.0);
        }
        if (known) {
            status.setContainerStatus(run.containerStatus());
            drained(status);
        }
        updates.add(run, status.build());
        if (known) {
            run.send(ExecutorEvents.acknowledged(given.getTaskId(), given.getUuid()));
        }
    }

    /** While the agent drains, the end of a task is its doing; before the agent is marked gone, its tasks are gone. */
    private void drained(TaskStatus.Builder status) {
        boolean killed = status.getState() == TaskState.TASK_KILLED || status.getState() == TaskState.TASK_KILLING;
        if (draining.isEmpty() || !killed) {
            return;
        }
        status.setReason(TaskStatus.Reason.REASON_AGENT_DRAINING);
        if (draining.get().getMarkGone() && status.getState() == TaskState.TASK_KILLED) {
            status.setState(TaskState.TASK_GONE_BY_OPERATOR);
        }
    }

    // ---- the framework's calls

    void kill(FrameworkID framework, TaskID task, Optional<KillPolicy> policy) {
        for (ExecutorRun run : running()) {
            if (run.frameworkId().equals(framework.getValue())) {
                kill(run, task, policy);
            }
        }
    }

    private void kill(ExecutorRun run, TaskID task, Optional<KillPolicy> policy) {
        if (run.queued.remove(task.getValue()) != null) {
            update(
                    run,
                    task,
                    TaskState.TASK_KILLED,
                    TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH,
                    "Killed before delivery to the executor");
        } else if (run.phase == ExecutorRun.Phase.RUNNING && run.launched.containsKey(task.getValue())) {
            run.send(ExecutorEvents.kill(task, policy));
        }
    }

    void drain(DrainConfig config) {
        draining = Optional.of(config);
        for (ExecutorRun run : running()) {
            List<TaskInfo> tasks = new ArrayList<>(run.queued.values());
            tasks.addAll(run.launched.values());
            for (TaskInfo task : tasks) {
                if (!Tasks.isTerminal(
                        updates.latest(run.frameworkId(), task.getTaskId().getValue()))) {
                    kill(run, task.getTaskId(), drainPolicy(config, task));
                }
            }
        }
    }

    /** The task's own grace period, cut to the drain's; none if the drain has no bound. */
    private static Optional<KillPolicy> drainPolicy(DrainConfig config, TaskInfo task) {
        if (!config.hasMaxGracePeriod()) {
            return Optional.empty();
        }
        long max = config.getMaxGracePeriod().getNanoseconds();
        long own = task.getKillPolicy().hasGracePeriod()
                ? task.getKillPolicy().getGracePeriod().getNanoseconds()
                : max;
        return Optional.of(KillPolicy.newBuilder()
                .setGracePeriod(config.getMaxGracePeriod().toBuilder().setNanoseconds(Math.min(own, max)))
                .build());
    }

    void reactivate() {
        draining = Optional.empty();
    }

    void message(FrameworkID framework, String executor, ByteString data) {
        find(framework.getValue(), executor)
                .filter(run -> run.phase == ExecutorRun.Phase.RUNNING)
                .ifPresent(run -> run.send(ExecutorEvents.message(data)));
    }

    void acknowledged(String framework, TaskStatus status) {
        for (ExecutorRun run : all()) {
            if (!run.frameworkId().equals(framework)) {
                continue;
            }
            if (Tasks.isTerminal(status.getState())) {
                run.launched.remove(status.getTaskId().getValue());
            }
            if (run.phase == ExecutorRun.Phase.TERMINATED) {
                forgetIfTold(run);
            }
        }
    }

    // ---- the end

    void shutdownFramework(FrameworkID framework) {
        updates.forget(framework.getValue());
        for (ExecutorRun run : all()) {
            if (run.frameworkId().equals(framework.getValue())) {
                run.silenced = true;
                shutdown(run);
            }
        }
    }

    /** SHUTDOWN, and SIGKILL when the grace period is over. */
    void shutdown(ExecutorRun run) {
        if (run.phase == ExecutorRun.Phase.TERMINATED) {
            forgetIfTold(run);
            return;
        }
        run.registrationTimer.cancel();
        run.phase = ExecutorRun.Phase.TERMINATING;
        run.send(ExecutorEvents.shutdown());
        run.graceTimer.cancel();
        run.graceTimer = loop.after(ExecutorEnvironment.shutdownGrace(settings, run.executor), () -> destroy(run));
    }

    /** SIGKILL to the whole container; what follows, follows from the end of its first process. */
    void destroy(ExecutorRun run) {
        run.phase = run.phase == ExecutorRun.Phase.TERMINATED ? run.phase : ExecutorRun.Phase.TERMINATING;
        run.destroyed = true;
        run.container.ifPresent(container -> blocking.execute(container::destroy));
    }

    /** The first process has ended: whatever it left behind is killed before anyone is told. */
    private void exited(ExecutorRun run, OptionalInt waitStatus) {
        OptionalInt told = run.destroyed ? OptionalInt.of(SIGKILL) : waitStatus;
        blocking.execute(() -> {
            run.container.ifPresent(Container::destroy);
            loop.post(() -> terminated(run, told));
        });
    }

    private void terminated(ExecutorRun run, OptionalInt waitStatus) {
        if (run.phase == ExecutorRun.Phase.TERMINATED) {
            return;
        }
        run.phase = ExecutorRun.Phase.TERMINATED;
        run.registrationTimer.cancel();
        run.graceTimer.cancel();
        run.sink.ifPresent(EventSink::end);
        runs.remove(new Key(run.frameworkId(), run.executorId()));
        ended.add(run);
        checkpoint.append(run.containerId, new Checkpoint.Ended());
        LOG.atInfo()
                .addKeyValue("executor", run.executorId())
                .addKeyValue("status", waitStatus)
                .log("executor ended");
        link.toMaster(master ->
                master.executorExited(agent.getId(), run.framework.getId(), run.executor.getExecutorId(), waitStatus));
        if (!run.silenced) {
            endOpenTasks(run);
        }
        forgetIfTold(run);
    }

    private void endOpenTasks(ExecutorRun run) {
        ExecutorRun.Cause cause = run.cause.orElse(new ExecutorRun.Cause(
                TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, "Executor terminated", ExecutorRun.End.FAILED));
        TaskState end = cause.end() == ExecutorRun.End.FAILED
                ? TaskState.TASK_FAILED
                : lostUnlessAware(run, TaskState.TASK_GONE);
        List<TaskInfo> open = new ArrayList<>(run.launched.values());
        open.removeIf(task -> Tasks.isTerminal(
                updates.latest(run.frameworkId(), task.getTaskId().getValue())));
        open.addAll(run.queued.values());
        run.queued.clear();
        open.forEach(task -> {
            run.launched.put(task.getTaskId().getValue(), task);
            update(run, task.getTaskId(), end, cause.reason(), cause.message());
        });
    }

    private void forgetIfTold(ExecutorRun run) {
        if (run.silenced || !updates.hasPending(run)) {
            ended.remove(run);
            checkpoint.end(run);
        }
    }

    // ---- the agent's own statuses

    private void update(ExecutorRun run, TaskID task, TaskState state, TaskStatus.Reason reason, String message) {
        updates.add(
                run,
                TaskStatus.newBuilder()
                        .setTaskId(task)
                        .setState(state)
                        .setMessage(message)
                        .setSource(TaskStatus.Source.SOURCE_AGENT)
                        .setReason(reason)
                        .setAgentId(agent.getId())
                        .setExecutorId(run.executor.getExecutorId())
                        .setTimestamp(clock.millis() / 1000.0)
                        .setUuid(Tasks.newUuid())
                        .build());
    }

    private static TaskState lostUnlessAware(ExecutorRun run, TaskState state) {
        boolean aware = run.framework.getCapabilitiesList().stream()
                .anyMatch(each -> each.getType() == FrameworkInfo.Capability.Type.PARTITION_AWARE);
        return aware ? state : TaskState.TASK_LOST;
    }

    /** The agent's id, once a master has given one. */
    AgentID agentId() {
        return agent.getId();
    }
}
