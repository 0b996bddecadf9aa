package io.mooring.local.command;

import io.mooring.common.health.Answer;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.HealthJudge;
import io.mooring.common.probe.Checking;
import io.mooring.common.probe.Prober;
import io.mooring.common.taskcheck.CheckOfTask;
import io.mooring.common.taskcheck.HealthCheckOfTask;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import org.apache.mesos.v1.Protos.TaskInfo;

/** The health check and the check of one task. */
final class TaskChecks implements AutoCloseable {
    /** Who is told of what changed. */
    interface Listener {
        void health(HealthJudge.Verdict verdict);

        void check(CheckStatusInfo status);
    }

    private final List<Checking> checks = new ArrayList<>();
    private final Listener listener;
    private HealthJudge judge;
    private CheckStatusInfo last;

    /**
     * Begins to ask, if the task wants that.
     *
     * @param loop where the listener is told
     * @throws IllegalArgumentException if a check cannot be read
     */
    TaskChecks(TaskInfo task, Prober prober, Executor loop, Listener listener) {
        this.listener = listener;
        if (task.hasHealthCheck()) {
            HealthCheck health = HealthCheckOfTask.of(task.getHealthCheck());
            judge = HealthJudge.of(health.rules());
            checks.add(Checking.begin(
                    health.probe(),
                    health.rhythm(),
                    prober,
                    (answer, age) -> loop.execute(() -> answered(judge.judge(answer, age)))));
        }
        if (task.hasCheck()) {
            CheckOfTask check = CheckOfTask.of(task.getCheck());
            last = check.unanswered();
            checks.add(Checking.begin(
                    check.probe(),
                    check.rhythm(),
                    prober,
                    (answer, age) -> loop.execute(() -> answered(check, answer))));
        }
    }

    private void answered(HealthJudge.Judged judged) {
        judge = judged.next();
        judged.news().ifPresent(listener::health);
    }

    private void answered(CheckOfTask check, Answer answer) {
        CheckStatusInfo status = check.status(answer);
        if (!status.equals(last)) {
            last = status;
            listener.check(status);
        }
    }

    @Override
    public void close() {
        checks.forEach(Checking::close);
    }
}
