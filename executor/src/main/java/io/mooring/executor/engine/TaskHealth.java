package io.mooring.executor.engine;

import io.mooring.common.health.Answer;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.HealthJudge;
import io.mooring.common.health.HealthJudge.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The health check of one task, if it asks for one: from its start until somebody wants it stopped. */
final class TaskHealth {
    private final WorkloadPort workload;
    private final Consumer<Event> inbox;
    private final Optional<HealthCheck> check;
    private Optional<HealthJudge> judge;
    private boolean unhealthy;

    TaskHealth(WorkloadPort workload, Consumer<Event> inbox, Optional<HealthCheck> check) {
        this.workload = workload;
        this.inbox = inbox;
        this.check = check;
        this.judge = check.map(HealthCheck::rules).map(HealthJudge::of);
    }

    void begin() {
        check.ifPresent(each -> workload.check(
                each.probe(), each.rhythm(), (answer, age) -> inbox.accept(new Event.Answered(answer, age))));
    }

    void end() {
        check.ifPresent(each -> workload.stopChecking());
    }

    /** What the answer means, where anybody wants to know. */
    Optional<Verdict> judge(Answer answer, Duration age) {
        if (judge.isEmpty()) {
            return Optional.empty();
        }
        HealthJudge.Judged judged = judge.get().judge(answer, age);
        judge = Optional.of(judged.next());
        unhealthy = judged.news()
                .filter(verdict -> verdict == Verdict.UNHEALTHY_AND_TO_BE_KILLED)
                .isPresent();
        return judged.news();
    }

    /** Whether the task ends because of its health. */
    Status.Health last() {
        return unhealthy ? Status.Health.UNHEALTHY : Status.Health.NOT_TOLD;
    }
}
