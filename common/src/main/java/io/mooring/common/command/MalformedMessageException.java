package io.mooring.common.command;

/** Bytes that are no message of this version; the receiver ignores the message and says so. */
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }

    MalformedMessageException(String message) {
        super(message);
    }
}
