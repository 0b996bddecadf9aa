package io.mooring.executor.process;

/** A container path that a task may not have; the message says which, why, and what would be right. */
final class UnfitPathException extends Exception {
    private static final long serialVersionUID = 1;

    UnfitPathException(String message) {
        super(message);
    }

    UnfitPathException(String message, Throwable cause) {
        super(message, cause);
    }
}
