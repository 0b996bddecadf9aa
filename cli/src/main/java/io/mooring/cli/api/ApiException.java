package io.mooring.cli.api;

/** A request that the scheduler refused, or did not answer. */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    private ApiException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    static ApiException refused(String message) {
        return new ApiException(message, 1);
    }

    static ApiException unreachable(String message) {
        return new ApiException(message, 3);
    }

    /** 1 for a refusal, 3 if there is no leader or nobody there. */
    public int exitCode() {
        return exitCode;
    }
}
