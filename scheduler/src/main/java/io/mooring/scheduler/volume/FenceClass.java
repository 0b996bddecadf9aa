package io.mooring.scheduler.volume;

/** The guarantee that a backend gives against a second writer. */
public enum FenceClass {
    /** The backend can cut a machine off. */
    A,
    /** The backend refuses a second attachment, and a forced detach cuts the first one's access. */
    B,
    /** A lock that its users have to heed. */
    C,
    /** Nothing. */
    D;

    /** Whether the backend itself can end a machine's access. */
    public boolean cutsOff() {
        return this == A || this == B;
    }
}
