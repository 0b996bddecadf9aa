package io.mooring.executor.mount;

/** What is being done with one volume just now. */
public enum VolumePhase {
    /** Claimed and not touched. */
    CLAIMED,
    /** The plugin is asked whether the volume exists. */
    LOOKING,
    /** The plugin makes the volume. */
    CREATING,
    /** The plugin is asked to give the volume, mounted as it is, from its last claim to this one. */
    TAKING_OVER,
    /** The plugin attaches and mounts. */
    MOUNTING,
    /** The kernel's mount table is asked whether that is true. */
    CHECKING,
    /** Ready for the workload. */
    MOUNTED,
    /** To be left to a successor, if nobody else has a copy of the mount. */
    LEAVING,
    /** It could not be made ready; what was done is still to be undone. */
    FAILED,
    /** A Mount nobody knows the outcome of may still be under way in the plugin. */
    SETTLING,
    /** The engine stops and removes the container that has it. */
    EVICTING,
    /** The plugin unmounts and detaches. */
    UNMOUNTING,
    /** The kernel is asked whether anything of the volume is left. */
    VERIFYING,
    /** Something is left; it is tried again later. */
    RETRYING,
    /** Released, or given up with a record of what is missing. */
    RELEASED
}
