package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.task.Task;

/** Keeps what executors say of their tasks' health. The executor itself ends a task that is unhealthy once too often. */
final class HealthDecisions {
    private final ClusterState state;

    HealthDecisions(ClusterState state) {
        this.state = state;
    }

    void heard(Task task, StatusUpdate update, Decision decision) {
        TaskHealth before = state.health(task.id());
        switch (update.health()) {
            case UNKNOWN -> {
                return;
            }
            case HEALTHY -> state.putHealth(task.id(), before.healthy(decision.now()));
            case UNHEALTHY -> {
                if (update.source() == StatusUpdate.Source.MASTER && before.verdict() == Verdict.UNHEALTHY) {
                    return; // said again, not seen again
                }
                state.putHealth(task.id(), before.unhealthy(update.message(), decision.now()));
                decision.publish("failed_health_check", facts(task));
            }
        }
        if (update.health() != before.verdict()) {
            decision.publish("health_status_changed", facts(task).and("alive", update.health() == Verdict.HEALTHY));
        }
    }

    private static Facts facts(Task task) {
        Facts facts = Facts.of("task", task.id()).and("host", task.hostname()).and("agent", task.agent());
        task.app().ifPresent(app -> facts.and("app", app));
        task.appVersion().ifPresent(version -> facts.and("version", version));
        return facts;
    }
}
