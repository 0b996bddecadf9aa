package io.mooring.executor.mount;

/** What the kernel's mount table says to a path that a plugin answered. */
public sealed interface MountCheck {
    /** It is a mount that a workload may be given. */
    record Fit(MountFacts facts) implements MountCheck {}

    /** It is not; why, and what would be right. */
    record Unfit(String reason) implements MountCheck {}
}
