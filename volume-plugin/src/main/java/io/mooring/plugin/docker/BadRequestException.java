package io.mooring.plugin.docker;

/** A request that cannot be understood: not JSON, not an object, a field of another type. */
public final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With what is wrong, and what would be right. */
    public BadRequestException(String message) {
        super(message);
    }
}
