package io.mooring.plugin.volume;

/** Who has a volume, with the highest fence it was ever attached under. */
public sealed interface Ownership {
    /** The highest fence so far. */
    HighWater highWater();

    /** Nobody has it. */
    record Free(HighWater highWater) implements Ownership {}

    /** One host has it, or is about to: the record is written before anything is done. */
    record Attached(HighWater highWater, Attachment attachment) implements Ownership {}
}
