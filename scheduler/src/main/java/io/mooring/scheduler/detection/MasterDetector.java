package io.mooring.scheduler.detection;

import java.net.URI;
import java.util.Optional;

/** Knows, or guesses, which master leads. Addresses are a master's root, such as {@code http://host:5050}. */
public interface MasterDetector extends AutoCloseable {
    /** Begins to look. {@code changed} runs on any thread whenever the answers may have become others; it must not block. */
    void start(Runnable changed);

    /**
     * Which master to turn to; empty while nobody is known to lead.
     *
     * @param attempt how often in a row that was in vain
     */
    Optional<URI> candidate(int attempt);

    /** Whether this is a master of the cluster, so that credentials may go there. */
    boolean trusts(URI master);

    /** Whether another master is known to lead, for certain. When nobody is known to, the one that answers may go on. */
    boolean deposed(URI master);

    @Override
    void close();
}
