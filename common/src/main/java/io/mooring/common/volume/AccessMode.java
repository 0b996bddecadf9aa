package io.mooring.common.volume;

/** Who may use a volume at the same time; one claim each (label {@code access}). */
public enum AccessMode {
    /** One task reads and writes; nobody else has it. */
    SINGLE_WRITER("single-writer"),
    /** One writer, and readers on the writer's machine. */
    SINGLE_WRITER_READERS("single-writer-readers"),
    /** Any number of readers, no writer. */
    MANY_READERS("many-readers"),
    /** Any number of writers, only on a driver that is declared a shared file system. */
    MANY_WRITERS("many-writers");

    private final String word;

    AccessMode(String word) {
        this.word = word;
    }

    /** The word that users read and write. */
    public String word() {
        return word;
    }

    /** The value that a user's word names; the error lists all words. */
    public static AccessMode of(String word) {
        return Words.find(AccessMode.class, values(), AccessMode::word, word);
    }
}
