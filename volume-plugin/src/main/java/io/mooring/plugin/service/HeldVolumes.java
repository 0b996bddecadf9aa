package io.mooring.plugin.service;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.MountedVolume;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.MountRules;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.UnfinishedException;
import io.mooring.plugin.volume.UnmountRules;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts and unmounts. The record of who has a volume is written before anything is done with it and cleared after
 * everything is undone; so at any moment, also after a crash, what the kernel holds is covered by a record.
 */
public final class HeldVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(HeldVolumes.class);

    private final Pool pool;
    private final Backend backend;
    private final Lanes lanes;
    private final HostIdentity here;
    private final MountPolicy policy;
    private final InstantSource clock;

    public HeldVolumes(
            Pool pool, Backend backend, Lanes lanes, HostIdentity here, MountPolicy policy, InstantSource clock) {
        this.pool = pool;
        this.backend = backend;
        this.lanes = lanes;
        this.here = here;
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * Mounts a volume for one use.
     *
     * @return what the caller may use
     * @throws VolumeException when somebody else has it, or it cannot be mounted
     */
    public Path mount(VolumeName name, MountId id) throws VolumeException, IOException {
        return lanes.run(name, "Mount", () -> {
            VolumeRecord volume = pool.require(name);
            Ownership before = hold(volume, id);
            try {
                MountedVolume mounted = mountWithRetries(name);
                recordDevice(name, mounted.device());
                LOG.atInfo()
                        .addKeyValue("volume", name)
                        .addKeyValue("id", id)
                        .addKeyValue("device", mounted.device())
                        .log("Mounted");
                return mounted.path();
            } catch (UnfinishedException e) {
                throw e; // what may still happen must stay covered by the record
            } catch (VolumeException | IOException e) {
                undo(volume, before);
                throw e;
            }
        });
    }

    /** Writes that this host has the volume, with this use; returns what the record said before. */
    private Ownership hold(VolumeRecord volume, MountId id) throws VolumeException, IOException {
        VolumeName name = volume.name();
        MountRules.Verdict verdict = MountRules.decide(pool.ownership(name), here, id, policy.preempt());
        if (verdict instanceof MountRules.Verdict.ReleaseFirst first) {
            LOG.atInfo()
                    .addKeyValue("volume", name)
                    .addKeyValue("why", first.why())
                    .log("Release before mount");
            release(volume);
        }
        Ownership before = pool.locked(name, () -> {
            pool.require(name);
            Ownership present = pool.ownership(name);
            pool.save(name, held(name, present, id));
            return present;
        });
        if (before instanceof Ownership.Free) {
            requireUnheld(volume, before);
        }
        return before;
    }

    private Ownership held(VolumeName name, Ownership present, MountId id) throws VolumeException {
        MountRules.Verdict verdict = MountRules.decide(present, here, id, policy.preempt());
        if (verdict instanceof MountRules.Verdict.Refuse refuse) {
            throw new VolumeException("volume " + name + ": " + refuse.reason());
        }
        if (verdict instanceof MountRules.Verdict.Join && present instanceof Ownership.Attached attached) {
            return new Ownership.Attached(
                    present.highWater(), attached.attachment().with(id));
        }
        Attachment fresh =
                new Attachment(here, id.holder(), clock.instant().truncatedTo(ChronoUnit.MILLIS), "", List.of(id));
        return new Ownership.Attached(present.highWater().raisedTo(id.holder()), fresh);
    }

    /** A volume that nobody has and that a device of this host holds all the same is in hands that we do not know. */
    private void requireUnheld(VolumeRecord volume, Ownership before) throws VolumeException, IOException {
        try {
            backend.requireUnheld(volume);
        } catch (VolumeException e) {
            save(volume.name(), before);
            throw e;
        }
    }

    /** Each attempt reads the record anew: the one before may have come as far as formatting. */
    private MountedVolume mountWithRetries(VolumeName name) throws VolumeException, IOException {
        for (int left = policy.retryCount(); left > 0; left--) {
            try {
                return backend.mount(pool.require(name));
            } catch (UnfinishedException e) {
                throw e;
            } catch (VolumeException e) {
                LOG.atWarn()
                        .addKeyValue("volume", name)
                        .addKeyValue("left", left)
                        .setCause(e)
                        .log("Mount failed");
                policy.pauseBeforeRetry();
            }
        }
        return backend.mount(pool.require(name));
    }

    private void recordDevice(VolumeName name, String device) throws VolumeException, IOException {
        pool.locked(name, () -> {
            if (pool.ownership(name) instanceof Ownership.Attached attached
                    && !attached.attachment().device().equals(device)) {
                pool.save(
                        name,
                        new Ownership.Attached(
                                attached.highWater(), attached.attachment().on(device)));
            }
            return device;
        });
    }

    /** After a failed mount: a volume that others use stays as it is, a volume that was free becomes free again. */
    private void undo(VolumeRecord volume, Ownership before) throws IOException, UnfinishedException {
        try {
            if (before instanceof Ownership.Attached attached
                    && attached.attachment().host().equals(here)) {
                save(volume.name(), before);
            } else {
                release(volume);
            }
        } catch (UnfinishedException e) {
            throw e; // the volume's lane stays closed until that is over
        } catch (VolumeException e) {
            LOG.atWarn()
                    .addKeyValue("volume", volume.name())
                    .setCause(e)
                    .log("Keep the attachment of a failed mount, because it could not be undone");
        }
    }

    /**
     * Ends one use of a volume; success when that use is not known.
     *
     * @throws VolumeException when it was the last use and something still holds the volume; the use then stays, and the
     *     call may be repeated
     */
    public void unmount(VolumeName name, MountId id) throws VolumeException, IOException {
        lanes.run(name, "Unmount", () -> {
            VolumeRecord volume = pool.require(name);
            Ownership ownership = pool.ownership(name);
            UnmountRules.Verdict verdict = UnmountRules.decide(ownership, here, id, policy.usedCount());
            if (verdict instanceof UnmountRules.Verdict.CheckFree) {
                backend.requireUnheld(volume);
            } else if (verdict instanceof UnmountRules.Verdict.Drop drop) {
                save(name, new Ownership.Attached(ownership.highWater(), drop.rest()));
            } else if (verdict instanceof UnmountRules.Verdict.Release) {
                release(volume);
            }
            LOG.atInfo()
                    .addKeyValue("volume", name)
                    .addKeyValue("id", id)
                    .addKeyValue("verdict", verdict)
                    .log("Unmount");
            return verdict;
        });
    }

    /** Unmounts, detaches, and only then clears the record. */
    void release(VolumeRecord volume) throws VolumeException, IOException {
        backend.release(volume);
        pool.locked(volume.name(), () -> {
            Ownership.Free free =
                    new Ownership.Free(pool.ownership(volume.name()).highWater());
            pool.save(volume.name(), free);
            return free;
        });
    }

    private void save(VolumeName name, Ownership ownership) throws VolumeException, IOException {
        pool.locked(name, () -> {
            pool.save(name, ownership);
            return ownership;
        });
    }
}
