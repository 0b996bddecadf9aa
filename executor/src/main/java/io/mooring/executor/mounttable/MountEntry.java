package io.mooring.executor.mounttable;

import java.util.Optional;

/**
 * One line of a mountinfo file (proc_pid_mountinfo(5)).
 *
 * @param device {@code major:minor}
 * @param root the part of the file system that is mounted
 * @param point where
 * @param sharedGroup the peer group, if the mount is shared
 */
public record MountEntry(
        int id,
        int parent,
        String device,
        String root,
        String point,
        Optional<Integer> sharedGroup,
        String fsType,
        String source) {}
