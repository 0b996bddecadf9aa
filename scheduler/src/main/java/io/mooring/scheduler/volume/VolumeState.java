package io.mooring.scheduler.volume;

/** A volume's life. */
public enum VolumeState {
    /** Its creation was ordered and is not confirmed. */
    PROVISIONING,
    /** Nobody has a claim on it. */
    AVAILABLE,
    /** There is a claim. */
    IN_USE,
    /** Something contradicts what is recorded; nothing is granted until that is settled. */
    QUARANTINED,
    /** Its removal was ordered and is not confirmed. */
    DELETING,
    /** The backend said no for good. */
    FAILED
}
