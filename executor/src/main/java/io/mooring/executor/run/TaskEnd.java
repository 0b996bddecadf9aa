package io.mooring.executor.run;

import java.util.Objects;

/** How a task ended, in the words of its terminal update. */
public record TaskEnd(Outcome outcome, String message) {
    /** The terminal states an executor may report. */
    public enum Outcome {
        FINISHED,
        FAILED,
        KILLED
    }

    public TaskEnd {
        Objects.requireNonNull(outcome, "outcome is null");
        Objects.requireNonNull(message, "message is null");
    }

    static TaskEnd failed(String message) {
        return new TaskEnd(Outcome.FAILED, message);
    }

    static TaskEnd killed(String message) {
        return new TaskEnd(Outcome.KILLED, message);
    }
}
