package io.mooring.scheduler.task;

import java.util.Optional;

/** What a report makes of a task; total over states and reports. */
public final class TaskMachine {
    private TaskMachine() {}

    /** The next state; empty if the report is late or a repetition and says nothing new. */
    public static Optional<TaskState> on(TaskState state, Report report) {
        TaskState next =
                switch (state) {
                    case STAGING, STARTING, RUNNING, KILLING -> inContact(state, report);
                    case UNREACHABLE -> outOfContact(report);
                    case ENDED -> TaskState.ENDED;
                };
        return next == state ? Optional.empty() : Optional.of(next);
    }

    private static TaskState inContact(TaskState state, Report report) {
        return switch (report) {
            case STAGING -> state;
            case STARTING -> state == TaskState.STAGING ? TaskState.STARTING : state;
            case RUNNING -> state == TaskState.KILLING ? TaskState.KILLING : TaskState.RUNNING;
            case KILLING -> TaskState.KILLING;
            case FINISHED, FAILED, KILLED, ERROR, DROPPED, GONE -> TaskState.ENDED;
            case GONE_BY_OPERATOR, UNREACHABLE, UNKNOWN, LOST -> TaskState.UNREACHABLE;
        };
    }

    private static TaskState outOfContact(Report report) {
        return switch (report) {
            case STAGING -> TaskState.STAGING;
            case STARTING -> TaskState.STARTING;
            case RUNNING -> TaskState.RUNNING;
            case KILLING -> TaskState.KILLING;
            case FINISHED, FAILED, KILLED, ERROR, DROPPED, GONE -> TaskState.ENDED;
            case GONE_BY_OPERATOR, UNREACHABLE, UNKNOWN, LOST -> TaskState.UNREACHABLE;
        };
    }
}
