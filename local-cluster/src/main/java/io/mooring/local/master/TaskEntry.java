package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.util.Set;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** One task as the master knows it: the newest state (for resources) and the last forwarded one (for answers). */
final class TaskEntry {
    private static final Set<TaskState> TERMINAL = Set.of(
            TaskState.TASK_FINISHED,
            TaskState.TASK_FAILED,
            TaskState.TASK_KILLED,
            TaskState.TASK_ERROR,
            TaskState.TASK_LOST,
            TaskState.TASK_DROPPED,
            TaskState.TASK_GONE,
            TaskState.TASK_GONE_BY_OPERATOR);

    private Task task;

    TaskEntry(Task task) {
        this.task = task;
    }

    Task task() {
        return task;
    }

    static boolean isTerminal(TaskState state) {
        return TERMINAL.contains(state);
    }

    /** Terminal in the newest state: its resources are free. */
    boolean isOver() {
        return isTerminal(task.getState());
    }

    /** The state last forwarded to the framework. */
    TaskState forwarded() {
        return task.hasStatusUpdateState() ? task.getStatusUpdateState() : task.getState();
    }

    /** The master itself has ended it: nothing of the agent's can change that. */
    void ended(TaskStatus status) {
        task = task.toBuilder().setState(status.getState()).addStatuses(status).build();
    }

    Resources resources() {
        return Resources.of(task.getResourcesList());
    }

    /** A status was forwarded; the agent's newest state may be further on, but never goes back from a terminal one. */
    void forwarded(TaskStatus status, TaskState latest) {
        Task.Builder changed = task.toBuilder().setStatusUpdateState(status.getState());
        if (status.hasUuid()) {
            changed.setStatusUpdateUuid(status.getUuid());
        }
        if (!isOver()) {
            changed.setState(latest);
        }
        int last = changed.getStatusesCount() - 1;
        if (last >= 0 && changed.getStatuses(last).getState() == status.getState()) {
            changed.removeStatuses(last);
        }
        task = changed.addStatuses(status.toBuilder().clearData()).build();
    }
}
