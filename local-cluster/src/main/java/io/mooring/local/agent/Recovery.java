package io.mooring.local.agent;

import io.mooring.local.container.Container;
import io.mooring.local.container.ContainerLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.mesos.v1.Protos.TaskStatus;

/** What an earlier life of the agent left behind, taken over. */
final class Recovery {
    /** As often as a real agent looks after processes that it did not start itself. */
    private static final Duration REAP = Duration.ofMillis(100);

    private final AgentParts parts;
    private final Ending ending;
    private final Limits limits;

    Recovery(AgentParts parts, Ending ending, Limits limits) {
        this.parts = parts;
        this.limits = limits;
        this.ending = ending;
    }

    void recover(Checkpoint.Run left) {
        ExecutorRun run = new ExecutorRun(
                left.framework(),
                left.executor(),
                left.containerId(),
                parts.checkpoint()
                        .sandbox(
                                parts.state().info.getId().getValue(),
                                left.framework(),
                                left.executor(),
                                left.containerId()),
                left.kind());
        run.container = left.container();
        run.everSentTask = true;
        run.limits = ContainerLimits.existing(left.containerId());
        boolean over = replay(run, left.journal());
        if (!run.framework.getCheckpoint()) {
            parts.updates().forget(run.frameworkId());
            parts.blocking().execute(() -> run.container.ifPresent(Container::destroy));
            parts.checkpoint().end(run);
            return;
        }
        if (over) {
            run.phase = ExecutorRun.Phase.TERMINATED;
            parts.state().end(run);
            ending.forgetIfTold(run);
            return;
        }
        parts.state().add(run);
        if (run.container.isEmpty()) {
            // The machine was rebooted, or the agent killed before it knew the process: there is nothing to wait for.
            run.cause = Optional.of(new ExecutorRun.Cause(
                    TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
                    "Abnormal executor termination: unknown container",
                    ExecutorRun.End.FAILED));
        }
        watch(run);
        limits.watch(run, () -> ending.destroy(run));
    }

    /** Gives true if the container had ended. */
    private boolean replay(ExecutorRun run, List<Checkpoint.Entry> journal) {
        boolean over = false;
        for (Checkpoint.Entry record : journal) {
            if (record instanceof Checkpoint.Launched launched) {
                run.launched.put(launched.task().getTaskId().getValue(), launched.task());
            } else if (record instanceof Checkpoint.Updated updated) {
                parts.updates().restore(run, updated.status());
            } else if (record instanceof Checkpoint.Acknowledged acknowledged) {
                parts.updates()
                        .acknowledge(run.frameworkId(), acknowledged.task(), acknowledged.uuid())
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
            parts.loop().after(REAP, () -> watch(run));
        } else {
            ending.exited(run, OptionalInt.empty());
        }
    }

    /** Executors that did not come back in time are given up. */
    void giveUpUnsubscribed(Duration patience) {
        for (ExecutorRun run : parts.state().running()) {
            if (run.phase == ExecutorRun.Phase.REGISTERING) {
                ending.reregistrationTimedOut(run, patience);
            }
        }
    }

    boolean anyUnsubscribed() {
        return parts.state().running().stream().anyMatch(run -> run.phase == ExecutorRun.Phase.REGISTERING);
    }
}
