package io.mooring.plugin.volume;

/** {@code unmount.ignoreUsedCount}: whether an unmount call ends the uses of other callers too. */
public enum UsedCount {
    /** The volume is unmounted when its last use ends. */
    HONOURED,
    /** Any Docker caller's unmount ends the uses of all Docker callers. */
    IGNORED
}
