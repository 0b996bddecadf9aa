package io.mooring.scheduler.claim;

import java.time.Instant;

/**
 * One fact that frees a claim, or was gathered on the way.
 *
 * @param by who stated it: an executor, a backend, a person
 * @param what the fact in words
 */
public record Evidence(Code code, Instant at, String by, String what) {
    /** The evidence ladder; {@code NEVER_ACTIVATED} needs no proof, nothing was ever allowed. */
    public enum Code {
        NEVER_ACTIVATED("NEVER_ACTIVATED", "the claim was never activated"),
        E1("E1", "the executor's record that the workload is gone, the volume unmounted, closed and detached"),
        E1B("E1b", "the same facts, found by a clean-up on the same machine and boot"),
        E2("E2", "the backend says, twice, that the volume is not attached to that machine"),
        E3("E3", "the backend has cut the machine off, and this was verified"),
        E4("E4", "the machine runs another boot"),
        E5("E5", "the operator's word");

        private final String word;
        private final String meaning;

        Code(String word, String meaning) {
            this.word = word;
            this.meaning = meaning;
        }

        public String word() {
            return word;
        }

        public String meaning() {
            return meaning;
        }
    }
}
