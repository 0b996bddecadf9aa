package io.mooring.local.agent;

import java.util.List;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** Tasks in the form in which the agent tells the master and operators of them. */
final class TaskViews {
    private final Updates updates;

    TaskViews(Updates updates) {
        this.updates = updates;
    }

    /** For the master, which is to know what it has yet to hear of. */
    Task of(ExecutorRun run, TaskInfo task) {
        String id = task.getTaskId().getValue();
        List<TaskStatus> pending = updates.pending(run.frameworkId(), id);
        Task.Builder view = view(run, task, updates.latest(run.frameworkId(), id));
        if (!pending.isEmpty()) {
            sent(view, pending.get(0));
        }
        return view.addAllStatuses(updates.said(run.frameworkId(), id).history())
                .build();
    }

    /** For operators. */
    Task shown(ExecutorRun run, TaskInfo task) {
        return shown(run, task, updates.said(run.frameworkId(), task.getTaskId().getValue()));
    }

    /** For operators, with what was said of a task of which nothing more will be said. */
    static Task shown(ExecutorRun run, TaskInfo task, Updates.Said said) {
        List<TaskStatus> history = said.history();
        TaskState state = history.isEmpty()
                ? TaskState.TASK_STAGING
                : history.get(history.size() - 1).getState();
        Task.Builder view = view(run, task, state).addAllStatuses(history);
        said.forwarded().ifPresent(status -> sent(view, status));
        return view.build();
    }

    private static void sent(Task.Builder view, TaskStatus status) {
        view.setStatusUpdateState(status.getState()).setStatusUpdateUuid(status.getUuid());
    }

    private static Task.Builder view(ExecutorRun run, TaskInfo task, TaskState state) {
        Task.Builder view = Task.newBuilder()
                .setName(task.getName())
                .setTaskId(task.getTaskId())
                .setFrameworkId(run.framework.getId())
                .setAgentId(task.getAgentId())
                .setState(state)
                .addAllResources(task.getResourcesList());
        if (run.kind == ExecutorRun.Kind.CUSTOM) {
            view.setExecutorId(run.executor.getExecutorId());
        }
        return view;
    }
}
