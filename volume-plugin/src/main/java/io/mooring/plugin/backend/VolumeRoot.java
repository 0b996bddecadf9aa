package io.mooring.plugin.backend;

import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The directory inside a volume that callers get ({@code mount.rootPath}). It is made once, with its mode; whatever the
 * workload does to its mode or owner later stays.
 *
 * @param path relative to the volume's own root; empty for the root itself
 * @param mode mode of directories that have to be made
 */
public record VolumeRoot(Path path, Set<PosixFilePermission> mode) {
    public VolumeRoot {
        mode = Set.copyOf(mode);
    }

    /** Below this mount point, whether it exists or not. */
    public Path below(Path mountPoint) {
        return path.toString().isEmpty() ? mountPoint : mountPoint.resolve(path);
    }

    /**
     * Makes it where it is missing.
     *
     * @throws VolumeException when the volume's content has something else in its place: a symbolic link there would lead
     *     out of the volume
     */
    public Path ensureBelow(Path mountPoint) throws IOException, VolumeException {
        Path directory = mountPoint;
        for (Path element : below(mountPoint).equals(mountPoint) ? List.<Path>of() : path) {
            directory = directory.resolve(element);
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(mode));
                Files.setPosixFilePermissions(directory, mode); // whatever the umask is
            }
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new VolumeException("root path " + path + " of the volume cannot be used: " + element
                        + " exists in it and is not a directory; move it away or set mount.rootPath");
            }
        }
        return directory;
    }
}
