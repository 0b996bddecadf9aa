package io.mooring.executor.run;

import java.time.Duration;
import java.util.Optional;

/**
 * What is known of the task.
 *
 * @param volumes how many it has claims on
 * @param current the volume being mounted or released
 * @param killGrace its own, from SIGTERM to SIGKILL
 * @param stop why it is to stop and with which grace, once somebody wants that
 * @param end what its terminal update will say, once that is known
 */
public record TaskState(
        TaskPhase phase,
        int volumes,
        int current,
        Duration killGrace,
        Optional<TaskEvent.StopWanted> stop,
        Optional<TaskEnd> end) {
    /** No task yet. */
    public static TaskState idle() {
        return new TaskState(TaskPhase.IDLE, 0, 0, Duration.ZERO, Optional.empty(), Optional.empty());
    }

    TaskState in(TaskPhase next) {
        return new TaskState(next, volumes, current, killGrace, stop, end);
    }

    TaskState at(int volume) {
        return new TaskState(phase, volumes, volume, killGrace, stop, end);
    }

    TaskState stopping(TaskEvent.StopWanted wanted) {
        return new TaskState(phase, volumes, current, killGrace, Optional.of(wanted), end);
    }

    TaskState endingAs(TaskEnd last) {
        return new TaskState(phase, volumes, current, killGrace, stop, Optional.of(last));
    }
}
