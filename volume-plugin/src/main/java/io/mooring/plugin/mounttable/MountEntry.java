package io.mooring.plugin.mounttable;

/**
 * One line of a mountinfo file (proc(5)).
 *
 * @param device major:minor of the file system; btrfs shows an anonymous device here, never the block device
 * @param root the directory of the file system that is mounted, {@code /} unless it is a bind mount
 * @param mountPoint where it is mounted; text, because a foreign mount point need not be a path in our character set
 * @param peerGroup the propagation group it shares events with, 0 when it is not a shared mount
 * @param fsType type of the file system
 * @param source what was mounted, for a block device its node
 */
public record MountEntry(String device, String root, String mountPoint, int peerGroup, String fsType, String source) {
    /** True when mounts made below this one are seen by its peers and slaves. */
    public boolean shared() {
        return peerGroup != 0;
    }
}
