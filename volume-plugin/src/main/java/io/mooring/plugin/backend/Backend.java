package io.mooring.plugin.backend;

import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a kind of storage does for volumes on this host. The caller sees to it that nobody else has the volume and that
 * no two calls for one volume run at once; each call can be repeated after it failed or was cut off half way.
 */
public interface Backend {
    /** Name of the driver. */
    String driver();

    /** The guarantee that stands behind single-writer: A to D. */
    String backendClass();

    /** What stands behind a mount point. */
    MountKind mountKind();

    /**
     * Makes ready what all volumes need on this host.
     *
     * @throws VolumeException when the host cannot serve this driver, with what is missing
     */
    void start() throws VolumeException, IOException;

    /** File systems that this host cannot make now, each with why; a volume that has its one already is mounted all the same. */
    Map<FsType, String> cannotMake();

    /** Takes back what {@link #start()} made, unless a volume still needs it. */
    void stop();

    /**
     * Checks, before anything is created, that this host could create and mount such a volume.
     *
     * @throws VolumeException with what is missing or too small
     */
    void requireFeasible(VolumeRecord volume) throws VolumeException;

    /** Makes the content of a new volume in an empty directory. */
    void provision(VolumeRecord volume, Path directory) throws IOException;

    /**
     * Checks that nothing on this host holds a volume that nobody has.
     *
     * @throws VolumeException with who holds it
     */
    void requireUnheld(VolumeRecord volume) throws VolumeException;

    /**
     * Attaches the volume, formats it if it is new, and mounts it. If it is mounted already, by device and not merely by
     * path, that is the answer.
     *
     * @throws VolumeException when it is not mounted; then {@link #release} takes back what was done
     */
    MountedVolume mount(VolumeRecord volume) throws VolumeException, IOException;

    /** Where an attached volume can be used on this host now, if anywhere. */
    Optional<Path> mountedAt(VolumeRecord volume, Attachment attachment);

    /**
     * Unmounts and detaches. Returns only when nothing on this host holds the volume any more; success if that was so
     * before.
     *
     * @throws VolumeException with who still holds it
     */
    void release(VolumeRecord volume) throws VolumeException;

    /** Space of the pool. */
    Usage usage() throws VolumeException, IOException;
}
