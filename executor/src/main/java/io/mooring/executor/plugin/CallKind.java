package io.mooring.executor.plugin;

/** What a call is for, which decides how long its answer is waited for; see {@link PluginLimits}. */
public enum CallKind {
    /** Create, Mount, Unmount and the like, which move data, or wait for a storage that does. */
    CHANGE,
    /** A question that somebody waits for. */
    QUESTION,
    /** One of the many questions of an inspection. */
    INSPECTION,
    /** A question that is asked again soon. */
    GLANCE
}
