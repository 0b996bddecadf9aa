package io.mooring.executor.mount;

/**
 * What the storage says of a host after it was to be cut off from a volume.
 *
 * @param attached whether it can still reach it
 * @param fenced whether it is kept from attaching it again
 */
public record CutState(boolean attached, boolean fenced) {
    /** Whether no further write of that host can reach the volume. */
    public boolean cutOff() {
        return fenced && !attached;
    }
}
