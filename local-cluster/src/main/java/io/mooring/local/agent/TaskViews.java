package io.mooring.local.agent;

import java.util.List;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;

/** Tasks in the form in which the agent tells the master of them. */
final class TaskViews {
    private final Updates updates;

    TaskViews(Updates updates) {
        this.updates = updates;
    }

    Task of(ExecutorRun run, TaskInfo task) {
        String id = task.getTaskId().getValue();
        List<TaskStatus> pending = updates.pending(run.frameworkId(), id);
        Task.Builder view = Task.newBuilder()
                .setName(task.getName())
                .setTaskId(task.getTaskId())
                .setFrameworkId(run.framework.getId())
                .setAgentId(task.getAgentId())
                .setState(updates.latest(run.frameworkId(), id))
                .addAllResources(task.getResourcesList());
        if (run.kind == ExecutorRun.Kind.CUSTOM) {
            view.setExecutorId(run.executor.getExecutorId());
        }
        if (!pending.isEmpty()) {
            view.setStatusUpdateState(pending.get(0).getState())
                    .setStatusUpdateUuid(pending.get(0).getUuid());
        }
        return view.addAllStatuses(updates.history(run.frameworkId(), id)).build();
    }
}
