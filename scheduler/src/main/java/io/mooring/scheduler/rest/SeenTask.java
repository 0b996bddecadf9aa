package io.mooring.scheduler.rest;

import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.cluster.TaskReadiness;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.task.Task;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A task with what is known of it beside its record, as it was at one moment. */
record SeenTask(
        Task task, TaskHealth health, Optional<TaskReadiness> readiness, Optional<Agent> agent, Optional<String> role) {
    /** To be called on the engine's thread. */
    static SeenTask of(Task task, Decider decider) {
        return new SeenTask(
                task,
                decider.state().health(task.id()),
                decider.state().readiness(task.id()),
                decider.state().agent(task.agent()),
                decider.policy().requests().role());
    }

    /** To be called on the engine's thread. */
    static List<SeenTask> of(Collection<Task> tasks, Decider decider) {
        return tasks.stream().map(task -> of(task, decider)).toList();
    }
}
