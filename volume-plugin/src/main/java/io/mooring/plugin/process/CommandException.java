package io.mooring.plugin.process;

import java.util.concurrent.CompletableFuture;

/**
 * A program that could not be run to its end: it is missing, or it passed its deadline. A program that even SIGKILL
 * does not end (it sleeps in the kernel) may still do its work later; {@link #ended()} tells when that is over.
 */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never serialised
    private final transient CompletableFuture<Void> ended;

    CommandException(String message, CompletableFuture<Void> ended) {
        super(message);
        this.ended = ended;
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
        this.ended = CompletableFuture.completedFuture(null);
    }

    /** Completes when the program is gone for sure; already complete unless it survived SIGKILL. */
    public CompletableFuture<Void> ended() {
        return ended;
    }
}
