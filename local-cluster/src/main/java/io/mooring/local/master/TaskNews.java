package io.mooring.local.master;

import org.apache.mesos.v1.Protos.TaskStatus;

/** What the master itself says about tasks that are over for it: to their framework, to operators, to the books. */
final class TaskNews {
    private final ClusterState state;

    TaskNews(ClusterState state) {
        this.state = state;
    }

    /** The task's last status for now; the framework hears it, too. */
    void tell(FrameworkEntry framework, TaskEntry task, TaskStatus status) {
        tellOperators(framework, task, status);
        framework.send(Statuses.update(status));
    }

    /** The same, but the framework is told nothing. */
    void tellOperators(FrameworkEntry framework, TaskEntry task, TaskStatus status) {
        task.ended(status);
        state.tally.count(status.getState());
        state.watchers.taskUpdated(framework.frameworkId(), status, status.getState());
    }
}
