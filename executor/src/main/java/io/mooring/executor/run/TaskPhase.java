package io.mooring.executor.run;

/** Where the task is in its life. */
public enum TaskPhase {
    /** Nothing was launched yet. */
    IDLE,
    /** The order is looked at: user, paths, namespaces. Nothing is touched. */
    CHECKING,
    /** The claims are in the journal; the scheduler is asked to activate them. */
    WAITING,
    /** The volumes are mounted, one after the other. */
    MOUNTING,
    /** Namespaces and binds are made and the workload is started. */
    STARTING,
    RUNNING,
    /** SIGTERM was sent. */
    STOPPING,
    /** SIGKILL was sent. */
    ENFORCING,
    /** The workload's PID namespace is gone; the volumes are given back, in reverse order. */
    RELEASING,
    /** The terminal update was sent. */
    ENDING,
    /** Acknowledged, or not in time: the process ends. */
    OVER
}
