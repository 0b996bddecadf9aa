package io.mooring.plugin.volume;

/** {@code mount.preempt}: whether a mount call may take a volume that another host has. */
public enum Preempt {
    /** It is refused. */
    OFF,
    /** It is taken where the driver can cut the other host off, and never from a claim. */
    ON
}
