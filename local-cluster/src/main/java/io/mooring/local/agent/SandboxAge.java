package io.mooring.local.agent;

import java.time.Duration;

/** How old sandboxes may get on a disk that fills up. */
final class SandboxAge {
    /** The part of the disk that is to stay free: {@code --gc_disk_headroom}. */
    private static final double HEADROOM = 0.1;

    private SandboxAge() {}

    /** The whole delay on an empty disk, none on one that is used up to the headroom. */
    static Duration permitted(Duration delay, long totalBytes, long usableBytes) {
        double usage = totalBytes == 0 ? 0 : 1.0 - (double) usableBytes / totalBytes;
        double factor = Math.max(0.0, 1.0 - HEADROOM - usage);
        return Duration.ofMillis((long) (delay.toMillis() * factor));
    }
}
