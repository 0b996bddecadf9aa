package io.mooring.plugin.backend;

import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.VolumeRecord;
import java.nio.file.Path;
import java.util.Optional;

/** What was mounted on this host at one moment. */
public interface Mounted {
    /** Where an attached volume could be used, if anywhere. */
    Optional<Path> at(VolumeRecord volume, Attachment attachment);
}
