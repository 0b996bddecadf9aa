package io.mooring.plugin.backend;

import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.FsType;
import io.mooring.plugin.volume.Target;
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

    /** Why the IOPS that a volume is created with are not enforced on this host; empty when they are. */
    Optional<String> cannotLimitIops();

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
     * Copies what a volume holds at one moment into an empty directory, as {@link #provision} would have made it.
     *
     * @param here the attachment of this host, if it has the volume; no other host has it to write
     * @throws VolumeException when it cannot be copied while it is in use
     */
    void copy(Target source, Optional<Attachment> here, Path directory) throws VolumeException, IOException;

    /** Copies a content that nobody uses, a snapshot's, into an empty directory. */
    void copy(Path content, Path directory) throws VolumeException, IOException;

    /** Makes the device of a volume that nobody has mounted larger. May be repeated. */
    void extend(VolumeRecord volume, Target target) throws IOException;

    /**
     * Makes a volume larger that this host has mounted to write, while it is in use. May be repeated.
     *
     * @param volume with the size that it is to have
     * @throws VolumeException when its file system cannot be made larger now; its device is, and nothing is lost
     */
    void grow(VolumeRecord volume, Target target) throws VolumeException, IOException;

    /** Gives a copied content the size of the volume that it is for, which is at least its own. */
    void resize(VolumeRecord volume, Path directory) throws IOException;

    /**
     * Checks that nothing on this host holds a volume that nobody has.
     *
     * @throws VolumeException with who holds it
     */
    void requireUnheld(Target target) throws VolumeException;

    /**
     * Attaches the volume, checks it if that is due, formats it if it is new, and mounts it. If it is mounted already, by
     * device and not merely by path, that is the answer.
     *
     * @param found what is known of it on this host
     * @throws VolumeException when it is not mounted; then {@link #release} takes back what was done
     */
    MountedVolume mount(Target target, Found found) throws VolumeException, IOException;

    /** What is known of a volume on this host when it is to be mounted. */
    enum Found {
        /** {@link #requireUnheld} was asked just now, so that this need not be looked at again. */
        UNHELD,
        /** It may be attached, or mounted, by an earlier call. */
        UNKNOWN
    }

    /** What is mounted on this host now, looked at once for any number of volumes. */
    Mounted mounted();

    /**
     * Whether any process of this host has an attached volume mounted elsewhere than at its mount point, as a container
     * has. True where that cannot be seen.
     */
    default boolean usedElsewhere(VolumeRecord volume, Attachment attachment) throws IOException {
        return true;
    }

    /**
     * Unmounts and detaches. Returns only when nothing on this host holds the volume any more; success if that was so
     * before.
     *
     * @throws VolumeException with who still holds it
     */
    void release(Target target) throws VolumeException;

    /**
     * Cuts whoever has this content off from it: when this returns, no write of any process can change what the draft
     * holds, a consistent copy of all that was written before. May be called again, also by another host at once.
     *
     * @param draft where the new content is made; it does not exist yet
     * @throws VolumeException when nobody can be cut off here, or when it is not known whether it was done
     */
    void cut(Target target, Path draft) throws VolumeException, IOException;

    /** Puts the draft of a cut in place as the content of this target. Atomic; called with the volume's lock. */
    void adopt(Path draft, Target target) throws IOException;

    /** After the new content is the valid one: whoever still has the former one shall notice. */
    void spoil(Target former) throws VolumeException, IOException;

    /** Why this backend cannot cut anybody off; empty if it can. */
    Optional<String> cannotCut();

    /** Whether nothing that is written to a former content can be seen in the valid one. */
    boolean isCut(Target former, Target valid) throws IOException;

    /**
     * Takes away whatever this host still has of a content that it was cut off from, and then that content.
     *
     * @throws VolumeException with who still holds it
     */
    void forget(Target former) throws VolumeException, IOException;

    /** Makes ready to be deleted what {@link #cut} left of a volume that was taken out of the pool. */
    void unlock(Path directory) throws VolumeException, IOException;

    /** Space of the pool. */
    Usage usage() throws VolumeException, IOException;
}
