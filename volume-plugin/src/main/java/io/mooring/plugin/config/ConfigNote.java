package io.mooring.plugin.config;

/**
 * A remark on one key of the configuration: nothing in it is dropped in silence.
 *
 * @param kind what became of the key
 * @param key the key as it was written
 * @param text the remark, for a person
 */
public record ConfigNote(Kind kind, String key, String text) {
    /** What became of a key. */
    public enum Kind {
        /** An older name; its value is used under today's name. */
        LEGACY,
        /** A key of REX-Ray that changes nothing here. */
        NO_EFFECT,
        /** Not a key of anything; its value is not used. */
        UNKNOWN
    }
}
