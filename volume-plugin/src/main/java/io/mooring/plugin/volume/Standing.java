package io.mooring.plugin.volume;

import io.mooring.common.ids.MachineKey;

/**
 * What is known of a volume beyond its present attachment.
 *
 * @param highWater the highest fence that it was ever attached under for writing
 * @param fences the hosts that are cut off from it
 * @param generation which of its contents is the valid one; each cut makes a new one, and whoever was cut off keeps
 *     the old one
 * @param check whether the content has to be checked before it is used
 */
public record Standing(HighWater highWater, Fences fences, long generation, Check check) {
    /** Of a new volume. */
    public static final Standing NEW = new Standing(HighWater.NONE, Fences.NONE, 0, Check.NONE);

    /** Whether a content has to be checked before it is used. */
    public enum Check {
        NONE,
        /** Its last writer was cut off while it may have been writing. */
        DUE
    }

    /** Of a volume that nobody was ever cut off from. */
    public static Standing of(HighWater highWater) {
        return new Standing(highWater, Fences.NONE, 0, Check.NONE);
    }

    Standing raisedTo(Holder holder) {
        return new Standing(highWater.raisedTo(holder), fences, generation, check);
    }

    /** With this host cut off. */
    public Standing fencing(MachineKey host, Fences.Fence fence) {
        return new Standing(highWater, fences.with(host, fence), generation, check);
    }

    /** With this host free to have the volume again. */
    public Standing unfencing(MachineKey host) {
        return new Standing(highWater, fences.without(host), generation, check);
    }

    /** With a content that only those have who attach it from now on. */
    public Standing renewed(Check due) {
        return new Standing(highWater, fences, generation + 1, due);
    }

    /** With a content that was found in order. */
    public Standing checked() {
        return new Standing(highWater, fences, generation, Check.NONE);
    }
}
