package io.mooring.executor.mount;

import java.util.Objects;
import java.util.Optional;

/**
 * One mounted volume as the kernel shows it. The release is verified against these, also by another process.
 *
 * @param path what the plugin's Mount answered
 * @param root the volume's root: the mount point that {@code path} lies on, or the volume's directory
 * @param device the file system's device number, {@code major:minor}
 * @param source what the kernel names as mounted, such as {@code /dev/loop3}; device numbers are used again
 * @param fsRoot the part of the file system that is the volume, {@code /} for all of it
 * @param backingFile the file behind a loop device
 */
public record MountFacts(
        String path,
        String root,
        MountKind kind,
        String device,
        String source,
        String fsType,
        String fsRoot,
        Optional<String> backingFile) {
    public MountFacts {
        Objects.requireNonNull(path, "path is null");
        Objects.requireNonNull(root, "root is null");
        Objects.requireNonNull(kind, "kind is null");
        Objects.requireNonNull(device, "device is null");
        Objects.requireNonNull(source, "source is null");
        Objects.requireNonNull(fsType, "fsType is null");
        Objects.requireNonNull(fsRoot, "fsRoot is null");
        Objects.requireNonNull(backingFile, "backingFile is null");
    }
}
