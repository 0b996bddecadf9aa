package io.mooring.plugin.volume;

/**
 * A call that was not carried out. The message is the answer to the caller: what was wrong, where, and what would be
 * right. Whatever was begun has been undone, or is recorded so that the same call may be sent again.
 */
public class VolumeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the answer to the caller. */
    public VolumeException(String message) {
        super(message);
    }

    /** With the answer to the caller, and its cause for the log. */
    public VolumeException(String message, Throwable cause) {
        super(message, cause);
    }
}
