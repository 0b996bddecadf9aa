package io.mooring.scheduler.claim;

/** A claim's life. Released is no state: a released claim does not exist, it is history. */
public enum ClaimState {
    /** Granted; the executor has no right to touch the volume yet, so the grant can be taken back at any time. */
    RESERVED,
    /** The executor on that boot of that machine may attach and mount. */
    ACTIVATED,
    /** The executor has reported the mount. */
    MOUNTED,
    /** The task is to end, or has ended, and the proof that it let go is awaited. */
    RELEASING,
    /** Nobody reaches the holder; it may still write. */
    SUSPECT,
    /** The storage side is cutting the holder off; there is no way back. */
    FENCING
}
