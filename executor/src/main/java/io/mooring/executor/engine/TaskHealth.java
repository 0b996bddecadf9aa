package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.CheckState;
import io.mooring.common.command.ExecutorReport.HealthReport;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.HealthJudge;
import io.mooring.common.health.HealthJudge.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The health checks of one task, if it asks for any: from its start until somebody wants it stopped. It is healthy when
 * all of them say so, and one that says too often that it is not ends it.
 */
final class TaskHealth {
    private final WorkloadPort workload;
    private final Consumer<Event> inbox;
    private final List<HealthCheck> checks;
    private final List<HealthJudge> judges;
    private final List<CheckState> states;
    private boolean unhealthy;

    /**
     * What an answer gives to tell.
     *
     * @param verdict of the check that was answered
     * @param task the word for the task as a whole
     * @param report of each check; empty where there is only that one
     */
    record News(Verdict verdict, Status.Health task, Optional<HealthReport> report) {}

    TaskHealth(WorkloadPort workload, Consumer<Event> inbox, List<HealthCheck> checks) {
        this.workload = workload;
        this.inbox = inbox;
        this.checks = checks;
        this.judges = new ArrayList<>(
                checks.stream().map(check -> HealthJudge.of(check.rules())).toList());
        this.states = new ArrayList<>(Collections.nCopies(checks.size(), CheckState.UNKNOWN));
    }

    void begin() {
        for (int i = 0; i < checks.size(); i++) {
            int check = i;
            workload.check(
                    checks.get(i).probe(),
                    checks.get(i).rhythm(),
                    (answer, age) -> inbox.accept(new Event.Answered(check, answer, age)));
        }
    }

    void end() {
        if (!checks.isEmpty()) {
            workload.stopChecking();
        }
    }

    /** What the answer means, where anybody wants to know. */
    Optional<News> judge(Event.Answered answered) {
        HealthJudge.Judged judged = judges.get(answered.check()).judge(answered.answer(), answered.age());
        judges.set(answered.check(), judged.next());
        judged.news().ifPresent(verdict -> {
            states.set(answered.check(), verdict.healthy() ? CheckState.HEALTHY : CheckState.UNHEALTHY);
            // For good: another check's answer may be on its way.
            unhealthy |= verdict == Verdict.UNHEALTHY_AND_TO_BE_KILLED;
        });
        return judged.news().map(verdict -> new News(verdict, task(), report(answered.check())));
    }

    private Status.Health task() {
        if (states.contains(CheckState.UNHEALTHY)) {
            return Status.Health.UNHEALTHY;
        }
        return states.contains(CheckState.UNKNOWN) ? Status.Health.NOT_TOLD : Status.Health.HEALTHY;
    }

    private Optional<HealthReport> report(int check) {
        return checks.size() == 1 ? Optional.empty() : Optional.of(new HealthReport(check, states));
    }

    /** Whether the task ends because of its health. */
    Status.Health last() {
        return unhealthy ? Status.Health.UNHEALTHY : Status.Health.NOT_TOLD;
    }
}
