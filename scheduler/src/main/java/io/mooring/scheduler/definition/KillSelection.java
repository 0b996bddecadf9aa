package io.mooring.scheduler.definition;

/** Which tasks go first when there are too many. */
public enum KillSelection {
    YOUNGEST_FIRST,
    OLDEST_FIRST
}
