package io.mooring.executor.engine;

/** A workload could not be started; the message goes into the task's terminal update. */
public final class WorkloadException extends Exception {
    private static final long serialVersionUID = 1;

    public WorkloadException(String message) {
        super(message);
    }

    public WorkloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
