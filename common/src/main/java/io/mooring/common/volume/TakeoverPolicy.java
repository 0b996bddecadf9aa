package io.mooring.common.volume;

/** How a claim is taken from a machine that nobody can reach (label {@code takeover}). */
public enum TakeoverPolicy {
    /** Wait for evidence E1 to E5; never fence by itself. */
    EVIDENCE("evidence"),
    /** Fence on the storage side after the grace; class A and B only. */
    FENCE("fence"),
    /** Only the holder's own evidence or the operator releases. */
    MANUAL("manual");

    private final String word;

    TakeoverPolicy(String word) {
        this.word = word;
    }

    /** The word that users read and write. */
    public String word() {
        return word;
    }

    /** The value that a user's word names; the error lists all words. */
    public static TakeoverPolicy of(String word) {
        return Words.find(TakeoverPolicy.class, values(), TakeoverPolicy::word, word);
    }
}
