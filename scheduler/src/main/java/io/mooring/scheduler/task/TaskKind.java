package io.mooring.scheduler.task;

/** What a task is for. All but the first and the last are one-shot tasks of the same executor. */
public enum TaskKind {
    /** An instance of an app. */
    RUN,
    /** Reports an agent's plugins, capacity and leftovers. */
    INSPECT,
    /** Creates a volume. */
    CREATE,
    /** Removes a volume. */
    REMOVE,
    /** Finishes what a dead executor left, on that machine. */
    CLEAN_UP,
    /** Cuts another machine off from a volume, through this one's plugin. */
    FENCE,
    /** Asks this machine's plugin where volumes are attached. */
    OBSERVE,
    /** Run by another framework; here only because it holds claims. Mesos knows nothing of it that it would tell us. */
    FOREIGN
}
