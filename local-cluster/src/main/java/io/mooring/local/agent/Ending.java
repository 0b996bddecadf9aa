package io.mooring.local.agent;

import io.mooring.local.container.Container;
import io.mooring.local.container.ContainerLimits;
import io.mooring.local.wire.EventSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How executors end, and what becomes of their tasks then. */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
    private static final int SIGKILL = 9;

    private final AgentParts parts;
    private final AgentStatuses statuses;
    private final Sandboxes sandboxes;

    Ending(AgentParts parts, AgentStatuses statuses, Sandboxes sandboxes) {
        this.parts = parts;
        this.statuses = statuses;
        this.sandboxes = sandboxes;
    }

    /** The framework is gone: nobody wants to hear of its tasks any more. */
    void shutdownFramework(FrameworkID framework) {
        parts.updates().forget(framework.getValue());
        for (ExecutorRun run : parts.state().all()) {
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
        Duration grace = ExecutorEnvironment.shutdownGrace(parts.settings(), run.executor);
        run.graceTimer = parts.loop().after(grace, () -> destroy(run));
    }

    void registrationTimedOut(ExecutorRun run, Duration patience) {
        if (run.phase == ExecutorRun.Phase.REGISTERING) {
            run.cause = Optional.of(new ExecutorRun.Cause(
                    TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT,
                    "Executor did not register within " + Durations.text(patience),
                    ExecutorRun.End.FAILED));
            destroy(run);
        }
    }

    /** An executor that did not come back to a restarted agent. */
    void reregistrationTimedOut(ExecutorRun run, Duration patience) {
        run.cause = Optional.of(new ExecutorRun.Cause(
                TaskStatus.Reason.REASON_EXECUTOR_REREGISTRATION_TIMEOUT,
                "Executor did not reregister within " + Durations.text(patience),
                ExecutorRun.End.GONE));
        destroy(run);
    }

    /** SIGKILL to the whole container; what follows, follows from the end of its first process. */
    void destroy(ExecutorRun run) {
        run.phase = run.phase == ExecutorRun.Phase.TERMINATED ? run.phase : ExecutorRun.Phase.TERMINATING;
        run.destroyed = true;
        run.fetch.ifPresent(fetch -> fetch.cancel(true));
        if (run.fetch.isPresent()) {
            neverStarted(run, "Failed to launch container: Container is being destroyed during fetching");
        }
        run.container.ifPresent(container -> parts.blocking().execute(container::destroy));
    }

    /** There never was a process. */
    void neverStarted(ExecutorRun run, String why) {
        String message = run.cause.map(cause -> cause.message() + "; ").orElse("") + why;
        TaskStatus.Reason reason =
                run.cause.map(ExecutorRun.Cause::reason).orElse(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED);
        run.cause = Optional.of(new ExecutorRun.Cause(reason, message, ExecutorRun.End.FAILED));
        terminated(run, OptionalInt.empty());
    }

    /** The first process has ended: whatever it left behind is killed before anyone is told. */
    void exited(ExecutorRun run, OptionalInt waitStatus) {
        OptionalInt told = run.destroyed ? OptionalInt.of(SIGKILL) : waitStatus;
        Limits.blame(run);
        parts.blocking().execute(() -> {
            run.container.ifPresent(Container::destroy);
            run.limits.ifPresent(ContainerLimits::remove);
            parts.loop().post(() -> terminated(run, told));
        });
    }

    void terminated(ExecutorRun run, OptionalInt waitStatus) {
        if (run.phase == ExecutorRun.Phase.TERMINATED) {
            return;
        }
        run.phase = ExecutorRun.Phase.TERMINATED;
        run.registrationTimer.cancel();
        run.graceTimer.cancel();
        run.sink.ifPresent(EventSink::end);
        parts.state().end(run);
        parts.checkpoint().append(run.containerId, new Checkpoint.Ended());
        LOG.atInfo()
                .addKeyValue("executor", run.executorId())
                .addKeyValue("status", waitStatus)
                .log("executor ended");
        // The master does not know the executors that agents make themselves.
        if (run.kind == ExecutorRun.Kind.CUSTOM) {
            parts.link()
                    .toMaster(master -> master.executorExited(
                            parts.state().info.getId(),
                            run.framework.getId(),
                            run.executor.getExecutorId(),
                            OptionalInt.of(waitStatus.orElse(WaitStatus.UNKNOWN))));
        }
        if (!run.silenced) {
            endOpenTasks(run);
        }
        forgetIfTold(run);
    }

    private void endOpenTasks(ExecutorRun run) {
        ExecutorRun.Cause cause = run.cause.orElse(new ExecutorRun.Cause(
                TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, "Executor terminated", ExecutorRun.End.FAILED));
        TaskState end =
                switch (cause.end()) {
                    case FAILED -> TaskState.TASK_FAILED;
                    case GONE -> AgentStatuses.orLost(run, TaskState.TASK_GONE);
                };
        List<TaskInfo> open = new ArrayList<>(run.launched.values());
        open.removeIf(task -> Tasks.isTerminal(
                parts.updates().latest(run.frameworkId(), task.getTaskId().getValue())));
        open.addAll(run.queued.values());
        run.queued.clear();
        run.queuedGroups.clear();
        open.forEach(task -> {
            run.launched.put(task.getTaskId().getValue(), task);
            statuses.send(run, task.getTaskId(), end, cause.reason(), cause.message());
        });
    }

    /** The framework has acknowledged: a run that is over and has nothing left to tell is forgotten. */
    void acknowledged(String framework, TaskStatus status, Updates.Said said) {
        for (ExecutorRun run : parts.state().all()) {
            if (!run.frameworkId().equals(framework)) {
                continue;
            }
            if (Tasks.isTerminal(status.getState())) {
                TaskInfo over = run.launched.remove(status.getTaskId().getValue());
                Optional.ofNullable(over).ifPresent(task -> run.complete(TaskViews.shown(run, task, said)));
            }
            if (run.phase == ExecutorRun.Phase.TERMINATED) {
                forgetIfTold(run);
            }
        }
    }

    void forgetIfTold(ExecutorRun run) {
        if (run.silenced || !parts.updates().hasPending(run)) {
            parts.state().forget(run);
            parts.checkpoint().end(run);
            sandboxes.done(run);
        }
    }
}
