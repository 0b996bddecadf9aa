package io.mooring.executor.mount;

/** Whether a plugin knows a volume. */
public enum Existence {
    PRESENT,
    ABSENT
}
