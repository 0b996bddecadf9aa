package io.mooring.executor.mount;

/** What a volume is on the agent. */
public enum MountKind {
    /** A file system of its own. */
    DEVICE,
    /** A directory on a file system that others use, too. */
    DIRECTORY
}
