package io.mooring.local.master;

import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** What the master answers when asked what became of tasks; never what it does not know. */
final class Reconciliation {
    private final ClusterState state;
    private final Statuses statuses;

    Reconciliation(ClusterState state, Statuses statuses) {
        this.state = state;
        this.statuses = statuses;
    }

    void answer(FrameworkEntry framework, Call.Reconcile reconcile) {
        if (reconcile.getTasksCount() == 0) {
            List.copyOf(framework.tasks.values()).forEach(task -> send(framework, latest(task)));
            return;
        }
        for (Call.Reconcile.Task asked : reconcile.getTasksList()) {
            Optional<AgentID> agent = asked.hasAgentId() ? Optional.of(asked.getAgentId()) : Optional.empty();
            answer(framework, asked.getTaskId(), agent);
        }
    }

    /** The answer for one task; none while its agent may still come back to this master. */
    void answer(FrameworkEntry framework, TaskID task, Optional<AgentID> agent) {
        TaskEntry known = framework.tasks.get(task.getValue());
        if (known != null) {
            send(framework, latest(known));
            return;
        }
        if (agent.isPresent()
                ? state.isRecovering(agent.get())
                : !state.recovering().isEmpty()) {
            return;
        }
        send(framework, unknown(framework, task, agent));
    }

    private TaskStatus unknown(FrameworkEntry framework, TaskID task, Optional<AgentID> agent) {
        if (agent.isEmpty()) {
            return made(framework, task, TaskState.TASK_UNKNOWN, "Task is unknown")
                    .build();
        }
        if (state.agent(agent.get()).isPresent()) {
            return made(framework, task, TaskState.TASK_GONE, "Task is unknown to the agent")
                    .setAgentId(agent.get())
                    .build();
        }
        var since = state.registry.unreachableSince(agent.get());
        if (since.isPresent()) {
            return made(framework, task, TaskState.TASK_UNREACHABLE, "Task is unreachable")
                    .setAgentId(agent.get())
                    .setUnreachableTime(since.get())
                    .build();
        }
        if (state.registry.isGone(agent.get().getValue())) {
            return made(framework, task, TaskState.TASK_GONE_BY_OPERATOR, "Task is gone")
                    .setAgentId(agent.get())
                    .build();
        }
        return made(framework, task, TaskState.TASK_UNKNOWN, "Task is unknown")
                .setAgentId(agent.get())
                .build();
    }

    private TaskStatus.Builder made(FrameworkEntry framework, TaskID task, TaskState answer, String message) {
        return statuses.made(
                task,
                Statuses.orLost(framework, answer),
                TaskStatus.Reason.REASON_RECONCILIATION,
                "Reconciliation: " + message);
    }

    private TaskStatus latest(TaskEntry entry) {
        var task = entry.task();
        TaskStatus.Builder status = statuses.made(
                task.getTaskId(),
                task.getAgentId(),
                entry.forwarded(),
                TaskStatus.Reason.REASON_RECONCILIATION,
                "Reconciliation: Latest task state");
        if (task.hasExecutorId()) {
            status.setExecutorId(task.getExecutorId());
        }
        if (task.getStatusesCount() > 0) {
            TaskStatus last = task.getStatuses(task.getStatusesCount() - 1);
            if (last.hasContainerStatus()) {
                status.setContainerStatus(last.getContainerStatus());
            }
            if (last.hasHealthy()) {
                status.setHealthy(last.getHealthy());
            }
        }
        return status.build();
    }

    private static void send(FrameworkEntry framework, TaskStatus status) {
        framework.send(Statuses.update(status));
    }
}
