package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.TaskReadiness;
import io.mooring.scheduler.cluster.TaskReadiness.Response;
import io.mooring.scheduler.cluster.TaskReadiness.State;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.App.Deployment.Action;
import io.mooring.scheduler.definition.ReadinessCheck;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.util.Optional;

/** Has new tasks asked whether they are ready, while a change waits for it. */
final class ReadinessDecisions {
    private final ClusterState state;

    ReadinessDecisions(ClusterState state) {
        this.state = state;
    }

    /** Has the app's tasks asked that were not yet. */
    void ask(App app, Decision decision) {
        if (wanted(app).isEmpty()) {
            return;
        }
        for (Task task : state.tasksOf(app.id())) {
            if (task.state() == TaskState.RUNNING
                    && task.goal() == Task.Goal.RUN
                    && state.readiness(task.id()).isEmpty()) {
                ask(task, wanted(app).get(), decision);
            }
        }
    }

    /** Has the task asked again, if anybody still waits for it. */
    void again(Task task, Decision decision) {
        boolean waits =
                state.readiness(task.id()).filter(known -> !known.ready()).isPresent()
                        && task.state() == TaskState.RUNNING
                        && task.goal() == Task.Goal.RUN;
        task.app()
                .flatMap(state::app)
                .filter(app -> waits)
                .flatMap(ReadinessDecisions::wanted)
                .ifPresent(check -> ask(task, check, decision));
    }

    /**
     * What a task answered.
     *
     * @param answer empty if there was none
     */
    void answered(Task task, Optional<Response> answer, Decision decision) {
        Optional<ReadinessCheck> check = task.app()
                .flatMap(state::app)
                .flatMap(app -> app.definition().upkeep().readiness());
        if (check.isEmpty()) {
            return;
        }
        boolean ready = answer.filter(response -> check.get().ready().contains(response.status()))
                .isPresent();
        boolean kept = check.get().response() == ReadinessCheck.Response.KEPT;
        state.putReadiness(
                task.id(),
                new TaskReadiness(
                        check.get().name(), ready ? State.READY : State.WAITING, answer.filter(response -> kept)));
        if (!ready) {
            decision.effect(new Effect.StartTimer(
                    new Timer.AskReadiness(task.id()),
                    decision.now().plus(check.get().interval())));
        }
    }

    private void ask(Task task, ReadinessCheck check, Decision decision) {
        if (state.readiness(task.id()).isEmpty()) {
            state.putReadiness(task.id(), new TaskReadiness(check.name(), State.WAITING, Optional.empty()));
        }
        decision.effect(
                new Effect.AskReadiness(task.id(), task.hostname(), task.ports().get(check.port()), check));
    }

    /** Only while a change that starts tasks is on its way. */
    private static Optional<ReadinessCheck> wanted(App app) {
        return app.deployment()
                .filter(part -> !part.done())
                .filter(part -> part.action() == Action.CREATE || part.action() == Action.RESTART)
                .flatMap(part -> app.definition().upkeep().readiness());
    }
}
