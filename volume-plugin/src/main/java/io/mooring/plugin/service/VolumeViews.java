package io.mooring.plugin.service;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.Mounted;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers what volumes there are. Reads records and the mount table only, so it never waits for a slow volume. */
public final class VolumeViews {
    private final Pool pool;
    private final Backend backend;
    private final HostIdentity here;

    public VolumeViews(Pool pool, Backend backend, HostIdentity here) {
        this.pool = pool;
        this.backend = backend;
        this.here = here;
    }

    /** All volumes as their records are now, by name. */
    public List<VolumeView> all() throws IOException {
        Mounted mounted = backend.mounted();
        List<VolumeView> views = new ArrayList<>();
        for (VolumeRecord volume : pool.volumes()) {
            views.add(view(volume, pool.ownership(volume.name()), mounted));
        }
        return views;
    }

    /** All volumes, by name, for a list that somebody reads often; see {@link Pool#entries()}. */
    public List<VolumeView> listed() throws IOException {
        Mounted mounted = backend.mounted();
        return pool.entries().stream()
                .map(entry -> view(entry.volume(), entry.ownership(), mounted))
                .toList();
    }

    /**
     * One volume.
     *
     * @throws VolumeException when there is none of that name
     */
    public VolumeView one(VolumeName name) throws VolumeException, IOException {
        return view(pool.require(name));
    }

    /** One volume, if there is one of that name. */
    public Optional<VolumeView> find(VolumeName name) throws IOException {
        Optional<VolumeRecord> volume = pool.find(name);
        return volume.isPresent() ? Optional.of(view(volume.get())) : Optional.empty();
    }

    /** Sum of the nominal sizes of all volumes, in bytes. */
    public long provisionedBytes() throws IOException {
        return pool.volumes().stream().mapToLong(VolumeRecord::sizeBytes).sum();
    }

    /** Why this host does not enforce the IOPS that volumes were created with; empty if it does. */
    public Optional<String> iopsNotEnforced() {
        return backend.cannotLimitIops();
    }

    private VolumeView view(VolumeRecord volume) throws IOException {
        Mounted now = (attached, attachment) -> backend.mounted().at(attached, attachment);
        return view(volume, pool.ownership(volume.name()), now);
    }

    private VolumeView view(VolumeRecord volume, Ownership ownership, Mounted mounted) {
        String mountpoint = ownership
                .on(here)
                .filter(own -> own.host().equals(here))
                .flatMap(own -> mounted.at(volume, own))
                .map(Path::toString)
                .orElse("");
        return new VolumeView(volume, ownership, mountpoint);
    }
}
