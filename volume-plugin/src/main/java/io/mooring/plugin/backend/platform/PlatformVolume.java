package io.mooring.plugin.backend.platform;

import java.util.List;

/**
 * A volume as the storage platform knows it.
 *
 * @param id the platform's own name for it, which never changes
 * @param bytes its size
 * @param attachedTo the platform's names of the machines that have it
 */
public record PlatformVolume(String id, long bytes, List<String> attachedTo) {
    public PlatformVolume {
        attachedTo = List.copyOf(attachedTo);
    }
}
