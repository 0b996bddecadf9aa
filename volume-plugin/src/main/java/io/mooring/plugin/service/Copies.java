package io.mooring.plugin.service;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.FileTree;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.CreateOptions;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.Source;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of volumes, as snapshots and as new volumes. A copy is what the volume held at one moment. A volume that another
 * host has to write is not copied: what that host has not written back yet would be missing.
 */
public final class Copies {
    private static final Logger LOG = LoggerFactory.getLogger(Copies.class);

    private final Pool pool;
    private final Backend backend;
    private final Lanes lanes;
    private final HostIdentity here;
    private final InstantSource clock;

    public Copies(Pool pool, Backend backend, Lanes lanes, HostIdentity here, InstantSource clock) {
        this.pool = pool;
        this.backend = backend;
        this.lanes = lanes;
        this.here = here;
        this.clock = clock;
    }

    /**
     * A content prepared for a new volume, and what it will be. Who asked for it adds it or deletes it.
     *
     * @param directory in the pool
     */
    record Prepared(VolumeRecord volume, Path directory) {}

    /**
     * Prepares a volume that is a copy.
     *
     * @throws VolumeException when the source is not there, is in use elsewhere, or is larger or of another file system
     *     than what is asked for
     */
    Prepared prepare(VolumeName name, CreateOptions wanted, Source source) throws VolumeException, IOException {
        VolumeRecord original = original(source);
        VolumeRecord volume = original.copiedAs(name, wanted, now());
        if (wanted.statesFsType() && wanted.fsType() != original.fsType()) {
            throw new VolumeException(source + " has " + original.fsType().label()
                    + ", and a copy has what it has; leave" + " newFsType out");
        }
        if (volume.sizeBytes() < original.sizeBytes()) {
            throw new VolumeException(
                    source + " has " + original.sizeGb() + " GB, and a copy cannot be smaller; ask for "
                            + original.sizeGb() + " or more, or leave the size out");
        }
        Path directory = pool.prepare();
        try {
            if (source instanceof Source.OfVolume) {
                copy(source.name(), directory);
            } else {
                backend.copy(pool.snapshots().content(source.name()), directory);
            }
            backend.resize(volume, directory);
        } catch (VolumeException | IOException e) {
            FileTree.delete(directory);
            throw e;
        }
        return new Prepared(volume, directory);
    }

    private VolumeRecord original(Source source) throws VolumeException, IOException {
        Optional<VolumeRecord> original = source instanceof Source.OfVolume
                ? pool.find(source.name())
                : pool.snapshots().find(source.name());
        return original.orElseThrow(() -> new VolumeException("no such " + source));
    }

    /** In the volume's lane: it is neither mounted nor unmounted meanwhile by this host. */
    private void copy(VolumeName name, Path directory) throws VolumeException, IOException {
        lanes.run(name, "Copy", () -> {
            VolumeRecord volume = pool.require(name);
            Ownership ownership = pool.ownership(name);
            if (!(ownership instanceof Ownership.Shared)) {
                requireNotElsewhere(name, ownership);
            }
            backend.copy(
                    Target.of(volume, ownership),
                    ownership.on(here).filter(own -> !(ownership instanceof Ownership.Shared)),
                    directory);
            return volume;
        });
    }

    private void requireNotElsewhere(VolumeName name, Ownership ownership) throws VolumeException {
        Optional<Attachment> elsewhere = ownership.attachments().stream()
                .filter(attachment -> !attachment.host().equals(here))
                .findFirst();
        if (elsewhere.isPresent() || ownership instanceof Ownership.Cutting) {
            throw new VolumeException("volume " + name + " cannot be copied here: "
                    + ownership.attachments().iterator().next().describe() + "; ask the plugin there, or unmount it");
        }
    }

    /**
     * Keeps what a volume holds now under another name.
     *
     * @throws VolumeException when there is no such volume, it is in use elsewhere, or there is such a snapshot
     */
    public void snapshot(VolumeName name, VolumeName snapshot) throws VolumeException, IOException {
        VolumeRecord volume = pool.require(name);
        Path directory = pool.prepare();
        try {
            copy(name, directory);
            pool.addSnapshot(volume.as(snapshot, now()), directory);
        } catch (FileAlreadyExistsException e) {
            FileTree.delete(directory);
            throw new VolumeException("snapshot " + snapshot + " exists already; choose another name", e);
        } catch (VolumeException | IOException e) {
            FileTree.delete(directory);
            throw e;
        }
        LOG.atInfo()
                .addKeyValue("volume", name)
                .addKeyValue("snapshot", snapshot)
                .log("Snapshot taken");
    }

    /** All snapshots, by name; each with the volume as it was. */
    public List<VolumeRecord> snapshots() throws IOException {
        return pool.snapshots().all();
    }

    /** Removes a snapshot; volumes that were made of it stay. */
    public void removeSnapshot(VolumeName snapshot) throws VolumeException, IOException {
        original(new Source.OfSnapshot(snapshot));
        FileTree.delete(pool.takeOutSnapshot(snapshot));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
