package io.mooring.common.volume;

/** What happens to a volume when its last app is deleted (label {@code reclaim}). */
public enum ReclaimPolicy {
    /** It stays. */
    RETAIN("retain"),
    /** It is removed. */
    DELETE("delete");

    private final String word;

    ReclaimPolicy(String word) {
        this.word = word;
    }

    /** The word that users read and write. */
    public String word() {
        return word;
    }

    /** The value that a user's word names; the error lists all words. */
    public static ReclaimPolicy of(String word) {
        return Words.find(ReclaimPolicy.class, values(), ReclaimPolicy::word, word);
    }
}
