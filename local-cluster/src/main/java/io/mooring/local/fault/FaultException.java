package io.mooring.local.fault;

/** A fault could not be caused; the message says what would be right. */
public final class FaultException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    private FaultException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** What is asked for is not well-formed. */
    public static FaultException wrong(String message) {
        return new FaultException(400, message);
    }

    /** What should fail is not there. */
    public static FaultException absent(String message) {
        return new FaultException(404, message);
    }

    int status() {
        return status;
    }
}
