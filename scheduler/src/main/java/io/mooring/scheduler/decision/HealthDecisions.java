package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppHealthCheck;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.Task;
import java.util.Optional;

/** Keeps what executors say of their tasks' health. The executor itself ends a task that is unhealthy once too often. */
final class HealthDecisions {
    private final ClusterState state;

    HealthDecisions(ClusterState state) {
        this.state = state;
    }

    void heard(Task task, StatusUpdate update, Decision decision) {
        TaskHealth before = state.health(task.id());
        if (update.report().meaning() == Report.Meaning.ENDED) {
            ended(task, before, update, decision);
            return;
        }
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
                Facts facts = facts(task);
                task.app().flatMap(state::app).flatMap(HealthDecisions::check).ifPresent(check -> add(facts, check));
                decision.publish("failed_health_check", facts);
            }
        }
        if (update.health() != before.verdict()) {
            decision.publish("health_status_changed", facts(task).and("alive", update.health() == Verdict.HEALTHY));
        }
    }

    /** With its last word an executor says that it ended the task because of its health. That is no further answer. */
    private static void ended(Task task, TaskHealth before, StatusUpdate update, Decision decision) {
        if (update.health() == Verdict.UNHEALTHY) {
            String reason = update.message().isEmpty() ? before.cause().orElse("unhealthy") : update.message();
            decision.publish("unhealthy_task_ended", facts(task).and("reason", reason));
        }
    }

    /** Tells which health check comes with an app's new form, and which one goes. */
    static void changed(Optional<App> before, Optional<App> now, Decision decision) {
        Optional<AppHealthCheck> old = before.flatMap(HealthDecisions::check);
        Optional<AppHealthCheck> next = now.flatMap(HealthDecisions::check);
        if (old.equals(next)) {
            return;
        }
        old.ifPresent(check -> decision.publish(
                "health_check_removed", add(Facts.of("app", before.orElseThrow().id()), check)));
        next.ifPresent(check -> decision.publish(
                "health_check_added",
                add(
                        Facts.of("app", now.orElseThrow().id())
                                .and("version", now.orElseThrow().version()),
                        check)));
    }

    private static Optional<AppHealthCheck> check(App app) {
        return app.definition().upkeep().health();
    }

    private static Facts add(Facts facts, AppHealthCheck check) {
        facts.and("protocol", check.protocol())
                .and("gracePeriodSeconds", check.grace().toSeconds())
                .and("intervalSeconds", check.rhythm().interval().toSeconds())
                .and("timeoutSeconds", check.rhythm().timeout().toSeconds())
                .and("delaySeconds", check.rhythm().delay().toSeconds())
                .and("maxConsecutiveFailures", check.most());
        check.portIndex().ifPresent(index -> facts.and("portIndex", index));
        check.port().ifPresent(port -> facts.and("port", port));
        check.command().ifPresent(command -> facts.and("command", command));
        return check.protocol().name().contains("HTTP") ? facts.and("path", check.path()) : facts;
    }

    private static Facts facts(Task task) {
        Facts facts = Facts.of("task", task.id()).and("host", task.hostname()).and("agent", task.agent());
        task.app().ifPresent(app -> facts.and("app", app));
        task.appVersion().ifPresent(version -> facts.and("version", version));
        return facts;
    }
}
