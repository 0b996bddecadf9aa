package io.mooring.plugin.volume;

/** A call that was refused for good: nothing was done, and nothing will be by asking again. */
public final class RefusedException extends VolumeException {
    private static final long serialVersionUID = 1L;

    /** With the answer to the caller. */
    public RefusedException(String message) {
        super(message);
    }
}
