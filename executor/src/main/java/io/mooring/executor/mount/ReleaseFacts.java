package io.mooring.executor.mount;

/**
 * What the kernel shows of a volume after its unmount.
 *
 * @param unmounted this process sees no mount of it
 * @param closed no mount namespace of the machine shows it
 * @param detached no device holds it
 * @param remark what is left and where; empty when nothing is
 */
public record ReleaseFacts(boolean unmounted, boolean closed, boolean detached, String remark) {
    /** Nothing is known to be gone yet. */
    public static final ReleaseFacts NONE = new ReleaseFacts(false, false, false, "not looked at");

    /** Whether nothing of the volume is left on this machine. */
    public boolean clean() {
        return unmounted && closed && detached;
    }
}
