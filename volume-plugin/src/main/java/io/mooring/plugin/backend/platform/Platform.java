package io.mooring.plugin.backend.platform;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Usage;
import io.mooring.plugin.volume.VolumeException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A storage platform that has volumes of its own and attaches them to machines when it is told to. Every call asks the
 * platform; what fails there is a {@link VolumeException} with its words. Calls may be repeated.
 */
public interface Platform {
    /** Name of the driver. */
    String driver();

    /** Logs in, and finds this machine on the platform. */
    void start() throws VolumeException;

    /** The platform's name of this machine. */
    String here() throws VolumeException;

    /** The volume of this name, if there is one. */
    Optional<PlatformVolume> named(VolumeName name) throws VolumeException;

    /** The volume with this id, as it is now. */
    PlatformVolume get(String id) throws VolumeException;

    /** Makes a volume; its id. */
    String create(VolumeName name, long bytes) throws VolumeException;

    /** Deletes a volume with its content. */
    void remove(String id) throws VolumeException;

    /** Attaches a volume to this machine, exclusively: the platform refuses when another machine has it. */
    void attach(String id) throws VolumeException;

    /** Takes a volume from this machine. */
    void detach(String id) throws VolumeException;

    /** Where this machine shows the volume's device, once it has found it. */
    Optional<Path> device(String id) throws VolumeException;

    /** Copies what a volume holds at this moment; the id of the copy. */
    String copy(String id) throws VolumeException;

    /** Gives a copy its name, and its size if that is larger. */
    void adapt(String id, VolumeName name, long bytes) throws VolumeException;

    /** Space for volumes. */
    Usage usage() throws VolumeException;
}
