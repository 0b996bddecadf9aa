package io.mooring.plugin.config;

import io.mooring.plugin.backend.VolumeRoot;
import io.mooring.plugin.service.CatalogPolicy;
import io.mooring.plugin.service.MountPolicy;
import io.mooring.plugin.volume.HostIdentity;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
 * @param platform the driver's own keys, lower-cased, with what was written; what they mean is the driver's affair
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
        Map<String, String> platform,
        List<ConfigNote> notes) {
    public PluginConfig {
        platform = Collections.unmodifiableMap(new TreeMap<>(platform));
        notes = List.copyOf(notes);
    }
}
