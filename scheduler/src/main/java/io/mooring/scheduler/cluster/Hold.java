package io.mooring.scheduler.cluster;

import java.time.Instant;

/**
 * Something that holds the scheduler back until a person lets it go on.
 *
 * @param on whether it does now
 * @param by who said so: a person, or the scheduler itself
 * @param reason why, in words
 */
public record Hold(Kind kind, boolean on, Instant since, String by, String reason) {
    /** What is held back. */
    public enum Kind {
        /** Nothing is taken from a holder that nobody reaches: too many were lost together. */
        BRAKE("brake"),
        /** Nothing is granted: what is on record is older than what machines have seen. */
        SAFE_MODE("safe-mode");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
