package io.mooring.executor.mounttable;

import java.util.Optional;

/**
 * One line of a mountinfo file (proc_pid_mountinfo(5)).
 *
 * @param device {@code major:minor}
 * @param root the part of the file system that is mounted
 * @param point where
 * @param sharedGroup the peer group, if the mount is shared
 * @param masterGroup the peer group that it follows, if it is a slave: what is unmounted there is unmounted here
 */
public record MountEntry(
        int id,
        int parent,
        String device,
        String root,
        String point,
        Optional<Integer> sharedGroup,
        Optional<Integer> masterGroup,
        String fsType,
        String source) {
    /** Whether it is a copy that stays, whatever is unmounted elsewhere. */
    boolean unconnected() {
        return sharedGroup.isEmpty() && masterGroup.isEmpty();
    }
}
