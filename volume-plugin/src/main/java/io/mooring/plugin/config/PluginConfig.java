package io.mooring.plugin.config;

import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.service.CatalogPolicy;
import io.mooring.plugin.service.MountPolicy;
import io.mooring.plugin.volume.HostIdentity;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything one module is told, with what was remarked while the configuration was read.
 *
 * @param driver name of the storage driver
 * @param pool directory of the pool
 * @param host this host and its boot
 * @param zone availability zone of this host, or empty
 * @param mountPath directory that volumes are mounted in
 * @param volumeRoot directory of a volume that callers get
 * @param mounting what is said about mounting and unmounting
 * @param catalog what is said about creating and removing
 * @param notes remarks on keys
 */
public record PluginConfig(
        String driver,
        Path pool,
        HostIdentity host,
        String zone,
        Path mountPath,
        VolumeRoot volumeRoot,
        MountPolicy mounting,
        CatalogPolicy catalog,
        List<ConfigNote> notes) {
    public PluginConfig {
        notes = List.copyOf(notes);
    }
}
