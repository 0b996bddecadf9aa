package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.ids.TaskId;
import java.util.Optional;

/** One status update, before it has Mesos' form. */
public record Status(TaskId task, State state, String message, Optional<ExecutorReport> report, Health health) {
    /** One that says nothing of the task's health. */
    public Status(TaskId task, State state, String message, Optional<ExecutorReport> report) {
        this(task, state, message, report, Health.NOT_TOLD);
    }

    /** What the update says of the task's health. */
    public enum Health {
        NOT_TOLD,
        HEALTHY,
        UNHEALTHY
    }

    /** The states that an executor may report; those of the agent are never sent. */
    public enum State {
        STARTING,
        RUNNING,
        KILLING,
        FINISHED,
        FAILED,
        KILLED;

        /** Whether nothing follows it. */
        public boolean terminal() {
            return switch (this) {
                case STARTING, RUNNING, KILLING -> false;
                case FINISHED, FAILED, KILLED -> true;
            };
        }
    }
}
