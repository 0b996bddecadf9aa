package io.mooring.plugin.volume;

import java.util.concurrent.CompletableFuture;

/**
 * A call that was given up while a part of it sleeps in the kernel and may still take effect. Until {@link #ended()}
 * the volume has an operation in flight, and nothing else may be done with it.
 */
public final class UnfinishedException extends VolumeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never serialised
    private final transient CompletableFuture<Void> ended;

    /**
     * With the answer to the caller, and what is still to end.
     *
     * @param message the answer to the caller
     * @param cause for the log
     * @param ended completes when the last part is over
     */
    public UnfinishedException(String message, Throwable cause, CompletableFuture<Void> ended) {
        super(message, cause);
        this.ended = ended;
    }

    /** Completes when no part of the call can take effect any more. */
    public CompletableFuture<Void> ended() {
        return ended;
    }
}
