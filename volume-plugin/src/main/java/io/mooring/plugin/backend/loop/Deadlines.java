package io.mooring.plugin.backend.loop;

import java.time.Duration;

/**
 * How long external programs may take before they are killed and the call is given up.
 *
 * @param quick for programs that only ask or set something up
 * @param mkfs for making a file system
 * @param mount for mounting, which may replay a journal
 * @param unmount for unmounting, which writes back what is dirty
 * @param detach for a loop device to go after its detach was ordered: others may have it open for a moment
 */
public record Deadlines(Duration quick, Duration mkfs, Duration mount, Duration unmount, Duration detach) {
    /** For production. */
    public static Deadlines usual() {
        return new Deadlines(
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofSeconds(3));
    }
}
