package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport.CheckState;
import io.mooring.common.command.ExecutorReport.HealthReport;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppHealthCheck;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.Task;
import java.util.List;
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
        if (update.content().orElse(null) instanceof HealthReport report) {
            answered(task, before, report, update.message(), decision);
        } else {
            said(task, before, update, decision);
        }
        Verdict now = state.health(task.id()).verdict();
        if (now != before.verdict() && now != Verdict.UNKNOWN) {
            decision.publish("instance_health_changed", facts(task).and("alive", now == Verdict.HEALTHY));
        }
    }

    /** The word for the whole task: all there is to say of one with one check, and all that Mesos itself tells. */
    private void said(Task task, TaskHealth before, StatusUpdate update, Decision decision) {
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
                failed(task, 0, decision);
            }
        }
        tellIfChanged(task, before.verdict(), update.health(), decision);
    }

    private void answered(Task task, TaskHealth before, HealthReport report, String why, Decision decision) {
        List<Verdict> all =
                report.checks().stream().map(HealthDecisions::verdict).toList();
        TaskHealth now = before.answered(report.check(), all, why, decision.now());
        state.putHealth(task.id(), now);
        Verdict answer = all.get(report.check());
        if (answer == Verdict.UNHEALTHY) {
            failed(task, report.check(), decision);
        }
        Verdict last = before.checks().size() > report.check()
                ? before.checks().get(report.check()).verdict()
                : Verdict.UNKNOWN;
        tellIfChanged(task, last, answer, decision);
    }

    private static Verdict verdict(CheckState said) {
        return switch (said) {
            case UNKNOWN -> Verdict.UNKNOWN;
            case HEALTHY -> Verdict.HEALTHY;
            case UNHEALTHY -> Verdict.UNHEALTHY;
        };
    }

    private void failed(Task task, int check, Decision decision) {
        Facts facts = facts(task);
        task.app().flatMap(state::app).stream()
                .flatMap(app -> app.definition().upkeep().healthChecks().stream())
                .skip(check)
                .findFirst()
                .ifPresent(asked -> add(facts, asked));
        decision.publish("failed_health_check", facts);
    }

    /** Of one check. */
    private static void tellIfChanged(Task task, Verdict before, Verdict now, Decision decision) {
        if (now != before) {
            decision.publish("health_status_changed", facts(task).and("alive", now == Verdict.HEALTHY));
        }
    }

    /** With its last word an executor says that it ended the task because of its health. That is no further answer. */
    private static void ended(Task task, TaskHealth before, StatusUpdate update, Decision decision) {
        if (update.health() == Verdict.UNHEALTHY) {
            String reason = update.message().isEmpty() ? cause(before).orElse("unhealthy") : update.message();
            decision.publish("unhealthy_task_ended", facts(task).and("reason", reason));
        }
    }

    private static Optional<String> cause(TaskHealth health) {
        return health.checks().stream()
                .filter(check -> check.verdict() == Verdict.UNHEALTHY)
                .flatMap(check -> check.cause().stream())
                .findFirst();
    }

    /** Tells which health checks come with an app's new form, and which ones go. */
    static void changed(Optional<App> before, Optional<App> now, Decision decision) {
        List<AppHealthCheck> old = checks(before);
        List<AppHealthCheck> next = checks(now);
        old.stream()
                .filter(check -> !next.contains(check))
                .forEach(check -> decision.publish(
                        "health_check_removed",
                        add(Facts.of("app", before.orElseThrow().id()), check)));
        next.stream()
                .filter(check -> !old.contains(check))
                .forEach(check -> decision.publish(
                        "health_check_added",
                        add(
                                Facts.of("app", now.orElseThrow().id())
                                        .and("version", now.orElseThrow().version()),
                                check)));
    }

    private static List<AppHealthCheck> checks(Optional<App> app) {
        return app.map(each -> each.definition().upkeep().healthChecks()).orElse(List.of());
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
