package io.mooring.scheduler.rest;

import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.cluster.TaskReadiness;
import io.mooring.scheduler.task.Task;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A task with what is known of it beside its record, as it was at one moment. */
record SeenTask(Task task, TaskHealth health, Optional<TaskReadiness> readiness, Optional<String> zone) {
    /** To be called on the engine's thread. */
    static SeenTask of(Task task, ClusterState state) {
        return new SeenTask(
                task,
                state.health(task.id()),
                state.readiness(task.id()),
                state.agent(task.agent()).flatMap(Agent::zone));
    }

    /** To be called on the engine's thread. */
    static List<SeenTask> of(Collection<Task> tasks, ClusterState state) {
        return tasks.stream().map(task -> of(task, state)).toList();
    }
}
