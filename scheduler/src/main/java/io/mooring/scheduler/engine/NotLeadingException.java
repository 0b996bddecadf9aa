package io.mooring.scheduler.engine;

/** The answer to a question that came too early, too late, or when the engine had more than it can hold. */
public final class NotLeadingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotLeadingException(String message) {
        super(message);
    }
}
