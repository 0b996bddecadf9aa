package io.mooring.plugin.volume;

/** What a look at a device found, by its magic numbers and by the bytes at both of its ends. */
public sealed interface Probe {
    /** No signature is known to be there, and both ends hold only zeroes. */
    record Blank() implements Probe {}

    /** No signature is known to be there, yet an end holds something: perhaps one that the prober does not know. */
    record UnknownContent() implements Probe {}

    /** A file system that a volume may have. */
    record FileSystem(FsType type) implements Probe {}

    /**
     * Anything else: LVM, LUKS, RAID, swap, ZFS, a partition table, a foreign file system, or several at once.
     *
     * @param what the name that the prober gave it
     */
    record Signature(String what) implements Probe {}
}
