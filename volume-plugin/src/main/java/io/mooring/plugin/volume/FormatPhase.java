package io.mooring.plugin.volume;

/**
 * What this pool has done to a volume's device. It is written before mkfs starts and after it has ended, so that a
 * plugin that was killed in between still knows whether data can be on the device.
 */
public enum FormatPhase {
    /** The pool has made the device and no mkfs of ours ever started on it. */
    NEVER,
    /** mkfs was started and its end is not recorded: what is on the device is ours and worthless. */
    BEGUN,
    /** An operator has given up what is on the device: it is formatted at the next mount, whatever it carries. */
    WIPED,
    /** It is a copy of a volume with a file system, whose identity it still has. */
    COPIED,
    /** Its device has become larger than the file system on it, which is given all of it at the next mount. */
    GROWN,
    /** mkfs ended well, or a file system was found: from here on the device holds data and is never formatted. */
    DONE
}
