package io.mooring.common.volume;

/** What happens when the volume does not exist yet (label {@code create}). */
public enum CreatePolicy {
    /** The executor creates it before the first mount. */
    IF_MISSING("ifMissing"),
    /** The task fails; somebody else creates volumes. */
    NEVER("never");

    private final String word;

    CreatePolicy(String word) {
        this.word = word;
    }

    /** The word that users read and write. */
    public String word() {
        return word;
    }

    /** The value that a user's word names; the error lists all words. */
    public static CreatePolicy of(String word) {
        return Words.find(CreatePolicy.class, values(), CreatePolicy::word, word);
    }
}
