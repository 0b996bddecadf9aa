package io.mooring.common.volume;

/** Whether a task may write to its volume. */
public enum MountMode {
    READ_WRITE("RW"),
    READ_ONLY("RO");

    private final String word;

    MountMode(String word) {
        this.word = word;
    }

    /** The word that users read and write. */
    public String word() {
        return word;
    }

    /** The value that a user's word names; the error lists all words. */
    public static MountMode of(String word) {
        return Words.find(MountMode.class, values(), MountMode::word, word);
    }
}
