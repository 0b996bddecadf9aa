package io.mooring.local.command;

import io.mooring.common.health.HealthJudge;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * The life of one command task, from LAUNCH to the acknowledged terminal update. The order of updates, their messages and
 * reasons are those of {@code src/launcher/executor.cpp}.
 */
final class CommandTask implements TaskChecks.Listener {
    /** An agent that never acknowledges the terminal update does not keep the executor for ever. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(60);

    private enum Killer {
        NOBODY,
        REQUEST,
        HEALTH_CHECK,
        COMPLETION_TIME
    }

    private final Surroundings surroundings;
    private final StatusForm form;
    private TaskInfo task;
    private Surroundings.Running running;
    private TaskChecks checks;
    private TaskStatus last;
    private Killer killer = Killer.NOBODY;
    private boolean ended;
    private Duration killedAt = Duration.ZERO;
    private Duration grace = Duration.ZERO;
    private Runnable escalation = () -> {};
    private Runnable completion = () -> {};

    CommandTask(Surroundings surroundings, StatusForm form) {
        this.surroundings = surroundings;
        this.form = form;
    }

    /** LAUNCH; a second task is refused, the same one again is not. */
    void launch(TaskInfo given) {
        if (task != null) {
            if (!task.getTaskId().equals(given.getTaskId())) {
                surroundings.send(form.status(given, TaskState.TASK_FAILED, surroundings.now())
                        .setMessage("Attempted to run multiple tasks using a \"command\" executor")
                        .build());
            }
            return;
        }
        task = given;
        send(TaskState.TASK_STARTING, status -> {});
        long most = task.getMaxCompletionTime().getNanoseconds();
        if (most > 0) {
            completion = surroundings.after(Duration.ofNanos(most), this::tooLong);
        }
        try {
            running = surroundings.start(task, this::ended);
        } catch (IOException e) {
            System.err.println("Failed to launch the command: " + e.getMessage());
            send(TaskState.TASK_RUNNING, status -> {});
            ended(CommandProcess.NOT_FOUND);
            return;
        }
        send(TaskState.TASK_RUNNING, status -> {});
        try {
            checks = surroundings.check(task, this);
        } catch (IllegalArgumentException e) {
            System.err.println("Failed to create health checker: " + e.getMessage());
        }
    }

    @Override
    public void health(HealthJudge.Verdict verdict) {
        if (killer != Killer.NOBODY || ended) {
            return;
        }
        update(status -> status.setReason(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED)
                .setHealthy(verdict.healthy()));
        if (verdict == HealthJudge.Verdict.UNHEALTHY_AND_TO_BE_KILLED) {
            kill(KillGrace.ofKill(Optional.empty(), task.getKillPolicy()), Killer.HEALTH_CHECK);
        }
    }

    @Override
    public void check(CheckStatusInfo answer) {
        if (killer == Killer.NOBODY && !ended) {
            update(status -> status.setReason(TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED)
                    .setCheckStatus(answer));
        }
    }

    private void tooLong() {
        kill(Duration.ZERO, Killer.COMPLETION_TIME);
    }

    /** KILL; one for a task that never came, or another one, is no business of this executor. */
    void kill(TaskID id, Optional<KillPolicy> policy) {
        if (task != null && task.getTaskId().equals(id)) {
            completion.run();
            kill(KillGrace.ofKill(policy, task.getKillPolicy()), Killer.REQUEST);
        }
    }

    /** SHUTDOWN, or the agent is lost: without a task there is nothing to wait for. */
    void shutdown(Duration whole) {
        if (task == null) {
            surroundings.leave();
        } else {
            kill(KillGrace.ofShutdown(whole), Killer.REQUEST);
        }
    }

    private void kill(Duration wanted, Killer by) {
        if (ended) {
            return;
        }
        if (killer != Killer.NOBODY) {
            escalateSooner(wanted);
            return;
        }
        killer = by;
        if (by != Killer.COMPLETION_TIME && surroundings.reportsKilling()) {
            send(TaskState.TASK_KILLING, status -> {});
        }
        stopChecks();
        killedAt = surroundings.uptime();
        grace = wanted;
        running.terminate();
        escalation = surroundings.after(wanted, running::kill);
    }

    private void escalateSooner(Duration wanted) {
        if (wanted.compareTo(grace) >= 0) {
            return;
        }
        grace = wanted;
        Duration left = wanted.minus(surroundings.uptime().minus(killedAt));
        escalation.run();
        escalation = surroundings.after(left.isNegative() ? Duration.ZERO : left, running::kill);
    }

    private void ended(int exit) {
        ended = true;
        stopChecks();
        escalation.run();
        completion.run();
        send(terminal(exit), status -> {
            status.setMessage("Command " + Signals.words(exit));
            if (killer == Killer.COMPLETION_TIME) {
                status.setReason(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
            }
            if (killer == Killer.HEALTH_CHECK) {
                status.setHealthy(false);
            }
        });
        surroundings.after(LAST_WAIT, surroundings::leave);
    }

    private TaskState terminal(int exit) {
        return switch (killer) {
            case COMPLETION_TIME -> TaskState.TASK_FAILED;
            case REQUEST, HEALTH_CHECK -> TaskState.TASK_KILLED;
            case NOBODY -> exit == 0 ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED;
        };
    }

    private void stopChecks() {
        if (checks != null) {
            checks.close();
        }
    }

    /** An update with all that the last one said, but its message. */
    private void update(Consumer<TaskStatus.Builder> change) {
        TaskStatus.Builder status = form.again(last, surroundings.now());
        change.accept(status);
        last = status.build();
        surroundings.send(last);
    }

    private void send(TaskState state, Consumer<TaskStatus.Builder> change) {
        TaskStatus.Builder status = form.status(task, state, surroundings.now());
        change.accept(status);
        last = status.build();
        surroundings.send(last);
    }
}
