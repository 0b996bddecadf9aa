package io.mooring.plugin.service;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.FileTree;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.service.CatalogPolicy.Switch;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.CreateOptions;
import io.mooring.plugin.volume.Holder;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.Source;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates and removes volumes. Neither ever touches the content of a volume that somebody has. */
public final class Catalog {
    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

    private final Pool pool;
    private final Backend backend;
    private final Lanes lanes;
    private final CatalogPolicy policy;
    private final Copies copies;
    private final InstantSource clock;

    public Catalog(Pool pool, Backend backend, Lanes lanes, CatalogPolicy policy, Copies copies, InstantSource clock) {
        this.pool = pool;
        this.backend = backend;
        this.lanes = lanes;
        this.policy = policy;
        this.copies = copies;
        this.clock = clock;
    }

    /**
     * Creates a volume. One of that name that is what was asked for is success.
     *
     * @throws VolumeException when an option is wrong, the volume exists with another size or file system, this host
     *     could not make its file system, or the pool has no room for it
     */
    public void create(VolumeName name, Map<String, String> options) throws VolumeException, IOException {
        if (policy.create() == Switch.OFF) {
            LOG.atInfo().addKeyValue("volume", name).log("Create is disabled, nothing was done");
            return;
        }
        CreateOptions wanted = CreateOptions.parse(options, policy.defaults());
        if (wanted.source().isPresent() && pool.find(name).isEmpty()) {
            // Not in the lane of the new volume: the one that is copied has a lane, too, and two may be copied
            // crosswise.
            createAsCopy(name, wanted, wanted.source().get());
        }
        lanes.run(name, "Create", () -> createIfMissing(name, wanted));
    }

    private void createAsCopy(VolumeName name, CreateOptions wanted, Source source)
            throws VolumeException, IOException {
        Copies.Prepared prepared = copies.prepare(name, wanted, source);
        try {
            VolumeRecord volume = prepared.volume();
            backend.requireFeasible(volume);
            pool.add(
                    volume,
                    present -> admit(volume, present),
                    directory -> FileTree.moveInto(prepared.directory(), directory));
            LOG.atInfo()
                    .addKeyValue("volume", name)
                    .addKeyValue("source", source)
                    .log("Created as a copy");
        } finally {
            FileTree.delete(prepared.directory());
        }
    }

    private VolumeRecord createIfMissing(VolumeName name, CreateOptions wanted) throws VolumeException, IOException {
        if (pool.find(name).isEmpty()) {
            VolumeRecord volume = VolumeRecord.of(name, wanted, clock.instant().truncatedTo(ChronoUnit.MILLIS));
            backend.requireFeasible(volume);
            pool.add(volume, present -> admit(volume, present), directory -> backend.provision(volume, directory));
            LOG.atInfo()
                    .addKeyValue("volume", name)
                    .addKeyValue("sizeGb", volume.sizeGb())
                    .log("Created, if no other host was faster");
        }
        VolumeRecord volume = pool.require(name);
        List<String> differences = wanted.differencesFrom(volume);
        if (!differences.isEmpty()) {
            throw new VolumeException("volume " + name + " already exists, and " + String.join(" and ", differences)
                    + "; use it as it is, or choose another name");
        }
        return volume;
    }

    /**
     * Makes a volume larger: under its user where this host has it mounted, else at its next mount.
     *
     * @throws VolumeException when it is larger already, another host has it, the pool has no room, or its file system
     *     grows at the next mount only
     */
    public void grow(VolumeName name, long sizeGb) throws VolumeException, IOException {
        lanes.run(name, "Grow", () -> {
            VolumeRecord volume = pool.require(name);
            VolumeRecord larger = volume.grown(sizeGb);
            if (larger.sizeBytes() < volume.sizeBytes()) {
                throw new VolumeException(
                        "volume " + name + " has " + volume.sizeGb() + " GB, and none is made smaller");
            }
            Ownership ownership = pool.ownership(name);
            boolean attached = ownership instanceof Ownership.Attached;
            pool.admitted(present -> admit(larger, others(name, present)), () -> {
                if (attached) {
                    // Recorded first: whatever becomes of the file system now, the next mount lets it have all of its
                    // device.
                    pool.save(larger);
                } else {
                    pool.saveUnheld(larger, () -> backend.extend(larger, Target.of(volume, ownership)));
                }
            });
            if (attached) {
                backend.grow(larger, Target.of(volume, ownership));
                pool.save(larger.formatted(volume.phase(), volume.fsType()));
            }
            LOG.atInfo()
                    .addKeyValue("volume", name)
                    .addKeyValue("sizeGb", sizeGb)
                    .log("Grown");
            return larger;
        });
    }

    private static List<VolumeRecord> others(VolumeName name, List<VolumeRecord> volumes) {
        return volumes.stream()
                .filter(other -> !other.name().key().equals(name.key()))
                .toList();
    }

    private void admit(VolumeRecord volume, List<VolumeRecord> present) throws VolumeException, IOException {
        long promised = present.stream().mapToLong(VolumeRecord::sizeBytes).sum();
        if (policy.overcommit() == Switch.ON) {
            return;
        }
        long free = backend.usage().totalBytes() - promised;
        if (volume.sizeBytes() > free) {
            throw new VolumeException("size of volume " + volume.name() + " is " + volume.sizeGb() + " GB, but the pool"
                    + " has room for " + Math.max(0, free >> 30) + " GB more; choose a smaller size, remove volumes, or"
                    + " allow more than fits with " + backend.driver() + ".overcommit");
        }
    }

    /** Creates a volume with default options when a Docker caller mounts one that does not exist. */
    public void createImplicitly(VolumeName name, MountId id) throws VolumeException, IOException {
        boolean wanted = policy.implicitCreate() == Switch.ON && id.holder() instanceof Holder.DockerCaller;
        if (wanted && pool.find(name).isEmpty()) {
            create(name, Map.of());
        }
    }

    /**
     * Removes a volume with its content.
     *
     * @throws VolumeException when there is none, or somebody has it
     */
    public void remove(VolumeName name) throws VolumeException, IOException {
        if (policy.remove() == Switch.OFF) {
            LOG.atInfo().addKeyValue("volume", name).log("Remove is disabled, nothing was done");
            return;
        }
        lanes.run(name, "Remove", () -> {
            requireFree(name);
            VolumeRecord volume = pool.require(name);
            backend.requireUnheld(Target.of(volume, pool.ownership(name)));
            Path leftover = pool.locked(name, () -> {
                requireFree(name);
                return pool.takeOut(name);
            });
            backend.unlock(leftover);
            FileTree.delete(leftover);
            LOG.atInfo().addKeyValue("volume", name).log("Removed");
            return leftover;
        });
    }

    private void requireFree(VolumeName name) throws VolumeException, IOException {
        pool.require(name);
        Optional<Attachment> holder =
                pool.ownership(name).attachments().stream().findFirst();
        if (holder.isPresent()) {
            throw new VolumeException(
                    "volume " + name + " cannot be removed: " + holder.get().describe() + "; unmount it there first");
        }
    }
}
