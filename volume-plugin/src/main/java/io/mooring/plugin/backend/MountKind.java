package io.mooring.plugin.backend;

/** What stands behind a mount point, so that a caller knows what to look for in its mount table. */
public enum MountKind {
    /** A file system of its own on a block device. */
    DEVICE,
    /** A directory of the pool. */
    DIRECTORY
}
