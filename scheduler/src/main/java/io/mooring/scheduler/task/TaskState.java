package io.mooring.scheduler.task;

/** What is known of a task. */
public enum TaskState {
    /** Its launch is committed; Mesos may or may not have it. */
    STAGING,
    /** Its executor is up and asks for its volumes. */
    STARTING,
    /** Its workload runs. */
    RUNNING,
    /** Its workload is being stopped; the volumes are still mounted. */
    KILLING,
    /** Nobody reaches its agent; it may still run. */
    UNREACHABLE,
    /** It ended; the record stays while a claim names it. */
    ENDED;

    /** Whether the task stands for an instance of its app: an unreachable one is not counted on. */
    public boolean live() {
        return this != UNREACHABLE && this != ENDED;
    }
}
