package io.mooring.local.agent;

import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** The updates that executors send: stored before they are acknowledged to the executor. */
final class ExecutorUpdates {
    private final AgentParts parts;

    ExecutorUpdates(AgentParts parts) {
        this.parts = parts;
    }

    /** UPDATE; the framework's acknowledgement comes later, and the executor does not wait for it. */
    void update(ExecutorRun run, TaskStatus given) {
        boolean foreign = given.hasAgentId()
                && !given.getAgentId().equals(parts.state().info.getId());
        if (foreign || run.silenced) {
            return;
        }
        if (Tasks.isTerminal(given.getState()) && Limits.blame(run)) {
            return; // the kernel killed the task for its memory; the container ends for that, and its tasks with it
        }
        boolean known = run.launched.containsKey(given.getTaskId().getValue());
        TaskStatus.Builder status =
                given.toBuilder().setAgentId(parts.state().info.getId());
        if (!status.hasTimestamp()) {
            status.setTimestamp(parts.clock().millis() / 1000.0);
        }
        if (known) {
            status.setContainerStatus(run.containerStatus());
            drained(status);
        }
        parts.updates().add(run, status.build());
        if (known) {
            run.send(ExecutorEvents.acknowledged(given.getTaskId(), given.getUuid()));
        }
    }

    /** While the agent drains, the end of a task is its doing; before the agent is marked gone, its tasks are gone. */
    private void drained(TaskStatus.Builder status) {
        boolean killed = status.getState() == TaskState.TASK_KILLED || status.getState() == TaskState.TASK_KILLING;
        if (parts.state().draining.isEmpty() || !killed) {
            return;
        }
        status.setReason(TaskStatus.Reason.REASON_AGENT_DRAINING);
        if (parts.state().draining.get().getMarkGone()) {
            status.setState(TaskState.TASK_GONE_BY_OPERATOR);
        }
    }
}
