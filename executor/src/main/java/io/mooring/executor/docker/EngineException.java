package io.mooring.executor.docker;

/** A call to the engine that did not do what it was to do. */
final class EngineException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is known of the call. */
    enum Kind {
        /** There is no such container or image. */
        NOT_FOUND,
        /** The engine said no. */
        REFUSED,
        /** Nobody knows whether it was done. */
        NO_ANSWER
    }

    private final Kind kind;

    EngineException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
