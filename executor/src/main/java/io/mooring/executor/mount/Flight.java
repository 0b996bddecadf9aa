package io.mooring.executor.mount;

/** Whether a plugin is still at work on a volume: only then is an unanswered Mount over (evidence E1b). */
public enum Flight {
    /** It says that no operation is in flight. */
    NONE,
    /** An operation is in flight, or the plugin does not answer. */
    BUSY,
    /** It has no such call, so nobody can know. */
    UNTOLD
}
