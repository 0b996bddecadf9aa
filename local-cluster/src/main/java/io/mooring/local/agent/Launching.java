package io.mooring.local.agent;

import io.mooring.local.container.Container;
import io.mooring.local.container.ContainerLimits;
import io.mooring.local.container.ProcessTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskGroupInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a task that the master sends to an executor process that has yet to subscribe. */
final class Launching {
    private static final Logger LOG = LoggerFactory.getLogger(Launching.class);

    private final AgentParts parts;
    private final AgentStatuses statuses;
    private final Delivery delivery;
    private final Ending ending;
    private final Limits limits;
    private final Fetcher fetcher;
    private final Launcher launcher = new Launcher();

    Launching(AgentParts parts, AgentStatuses statuses, Delivery delivery, Ending ending, Limits limits) {
        this.parts = parts;
        this.statuses = statuses;
        this.delivery = delivery;
        this.ending = ending;
        this.limits = limits;
        this.fetcher = new Fetcher();
    }

    void run(FrameworkInfo framework, TaskInfo task) {
        if (CommandTasks.isOne(task)) {
            ExecutorInfo made = CommandTasks.executor(framework, task);
            run(newRun(framework, made, ExecutorRun.Kind.COMMAND), List.of(task), Optional.empty());
        } else {
            run(newRun(framework, task.getExecutor(), ExecutorRun.Kind.CUSTOM), List.of(task), Optional.empty());
        }
    }

    void runGroup(FrameworkInfo framework, ExecutorInfo executor, List<TaskInfo> tasks) {
        TaskGroupInfo group = TaskGroupInfo.newBuilder().addAllTasks(tasks).build();
        run(newRun(framework, executor, ExecutorRun.Kind.CUSTOM), tasks, Optional.of(group));
    }

    private ExecutorRun newRun(FrameworkInfo framework, ExecutorInfo executor, ExecutorRun.Kind kind) {
        String containerId = UUID.randomUUID().toString();
        String agent = parts.state().info.getId().getValue();
        return new ExecutorRun(
                framework,
                executor,
                containerId,
                parts.checkpoint().sandbox(agent, framework, executor, containerId),
                kind);
    }

    private void run(ExecutorRun fresh, List<TaskInfo> tasks, Optional<TaskGroupInfo> group) {
        Optional<ExecutorRun> running = parts.state().find(fresh.frameworkId(), fresh.executorId());
        Optional<ExecutorRun> ended = parts.state().findEnded(fresh.frameworkId(), fresh.executorId());
        if (fresh.kind == ExecutorRun.Kind.COMMAND && (running.isPresent() || ended.isPresent())) {
            drop(
                    running.or(() -> ended).get(),
                    tasks,
                    TaskStatus.Reason.REASON_TASK_INVALID,
                    "Cannot reuse an already existing executor for a command task");
        } else if (running.isPresent()) {
            delivery.add(running.get(), tasks, group);
        } else if (ended.isPresent()) {
            drop(
                    ended.get(),
                    tasks,
                    TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
                    "Master wants to launch executor, but one already exists");
        } else {
            parts.state().add(fresh);
            parts.checkpoint().begin(fresh);
            delivery.add(fresh, tasks, group);
            launch(fresh);
        }
    }

    private void drop(ExecutorRun run, List<TaskInfo> tasks, TaskStatus.Reason reason, String why) {
        tasks.forEach(task -> statuses.dropped(run, task.getTaskId(), reason, why));
    }

    private void launch(ExecutorRun run) {
        Duration patience = parts.settings().timeouts().registration();
        run.registrationTimer = parts.loop().after(patience, () -> ending.registrationTimedOut(run, patience));
        if (run.executor.getContainer().getType() == ContainerInfo.Type.DOCKER && run.executor.hasContainer()) {
            noContainerizer(run);
            return;
        }
        Optional<String> user = user(run);
        try {
            launcher.makeSandbox(run.sandbox, user);
        } catch (Launcher.LaunchException e) {
            noSandbox(run, e.getMessage());
            return;
        }
        parts.operations().showVolumes(run.executor.getResourcesList(), run.sandbox);
        run.queued.values().forEach(task -> parts.operations().showVolumes(task.getResourcesList(), run.sandbox));
        List<CommandInfo.URI> uris = run.executor.getCommand().getUrisList();
        if (uris.isEmpty()) {
            start(run, user);
        } else {
            run.fetch = Optional.of(parts.blocking().submit(() -> fetch(run, uris, user)));
        }
    }

    private static Optional<String> user(ExecutorRun run) {
        CommandInfo command = run.executor.getCommand();
        return Launcher.userToBecome(command.hasUser() ? command.getUser() : run.framework.getUser());
    }

    /** Not on the loop: others go on meanwhile. */
    private void fetch(ExecutorRun run, List<CommandInfo.URI> uris, Optional<String> user) {
        Optional<String> trouble = fetcher.fetch(run.containerId, uris, run.sandbox, user);
        parts.loop().post(() -> {
            run.fetch = Optional.empty();
            if (run.phase == ExecutorRun.Phase.TERMINATED) {
                return;
            }
            if (run.destroyed) {
                ending.neverStarted(run, "Failed to launch container: Container is being destroyed during fetching");
            } else if (trouble.isPresent()) {
                ending.neverStarted(run, "Failed to launch container: " + trouble.get());
            } else {
                start(run, user);
            }
        });
    }

    private void start(ExecutorRun run, Optional<String> user) {
        try {
            limits.begin(run);
            started(run, launcher.start(program(run), environment(run), run.sandbox, groups(run), user));
        } catch (IOException e) {
            ending.neverStarted(run, "Failed to launch container: " + e.getMessage());
        } catch (Launcher.LaunchException e) {
            LOG.atWarn().setCause(e).addKeyValue("executor", run.executorId()).log("executor not launched");
            ending.neverStarted(run, e.getMessage());
        }
    }

    private static List<String> program(ExecutorRun run) {
        return run.kind == ExecutorRun.Kind.COMMAND
                ? CommandTasks.program(run.limits.map(ContainerLimits::groups).orElse(List.of()))
                : Launcher.commandLine(run.executor.getCommand());
    }

    /** A command task's own executor is a JVM, and bigger than the one it stands for: only its task is limited. */
    private static List<Path> groups(ExecutorRun run) {
        return switch (run.kind) {
            case CUSTOM -> run.limits.map(ContainerLimits::groups).orElse(List.of());
            case COMMAND -> List.of();
        };
    }

    private Map<String, String> environment(ExecutorRun run) {
        return ExecutorEnvironment.of(
                parts.settings(),
                parts.state().info,
                run.framework,
                run.executor,
                run.sandbox.toString(),
                parts.settings().jwtSecretKey().map(key -> new ExecutorTokens(key).issue(run)));
    }

    private void started(ExecutorRun run, Process process) {
        long startTicks = ProcessTable.find(process.pid())
                .map(ProcessTable.Entry::startTicks)
                .orElse(0L);
        Container container = new Container(process.pid(), startTicks, run.sandbox.toString());
        run.container = Optional.of(container);
        parts.checkpoint().started(run, container);
        var unused = process.onExit().thenAccept(over -> parts.loop()
                .post(() -> ending.exited(run, OptionalInt.of(WaitStatus.of(over.exitValue())))));
        limits.watch(run, () -> ending.destroy(run));
        LOG.atInfo()
                .addKeyValue("executor", run.executorId())
                .addKeyValue("pid", process.pid())
                .addKeyValue("sandbox", run.sandbox)
                .log("executor started");
    }

    private void noSandbox(ExecutorRun run, String why) {
        List<TaskInfo> tasks = List.copyOf(run.queued.values());
        run.queued.clear();
        tasks.forEach(
                task -> statuses.dropped(run, task.getTaskId(), TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, why));
        ending.terminated(run, OptionalInt.empty());
    }

    /** This agent has the Mesos containerizer only, as an agent with {@code --containerizers=mesos}. */
    private void noContainerizer(ExecutorRun run) {
        run.cause = Optional.of(new ExecutorRun.Cause(
                TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
                "Abnormal executor termination: unknown container",
                ExecutorRun.End.FAILED));
        ending.terminated(run, OptionalInt.empty());
    }
}
