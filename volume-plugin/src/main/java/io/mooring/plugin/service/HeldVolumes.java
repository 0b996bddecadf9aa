package io.mooring.plugin.service;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.backend.MountedVolume;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.Fences;
import io.mooring.plugin.volume.HandOverRules;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.MountId;
import io.mooring.plugin.volume.MountRules;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.Standing;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.UnfinishedException;
import io.mooring.plugin.volume.UnmountRules;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts and unmounts. The record of who has a volume is written before anything is done with it and cleared after
 * everything is undone; so at any moment, also after a crash, what the kernel holds is covered by a record.
 */
public final class HeldVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(HeldVolumes.class);
    /** A fence of this host, a caller of another, an attachment of an earlier boot: each may be in the way once. */
    private static final int MOST_CLEARED = 3;

    private final Pool pool;
    private final Backend backend;
    private final Lanes lanes;
    private final HostIdentity here;
    private final MountPolicy policy;
    private final InstantSource clock;
    private final Leftovers leftovers;
    private final Fencing fencing;

    public HeldVolumes(
            Pool pool, Backend backend, Lanes lanes, HostIdentity here, MountPolicy policy, InstantSource clock) {
        this.fencing = new Fencing(pool, backend, lanes, here, clock);
        this.leftovers = new Leftovers(pool, backend, here);
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
            Hold hold = hold(name, id);
            try {
                MountedVolume mounted = mountWithRetries(hold);
                recordDevice(hold.target(), mounted.device());
                LOG.atInfo()
                        .addKeyValue("volume", name)
                        .addKeyValue("id", id)
                        .addKeyValue("device", mounted.device())
                        .log("Mounted");
                return mounted.path();
            } catch (UnfinishedException e) {
                throw e; // what may still happen must stay covered by the record
            } catch (VolumeException | IOException e) {
                boolean cutOff =
                        pool.ownership(name).standing().fences().of(here.host()).isPresent();
                undo(hold);
                if (cutOff) {
                    throw cutOff(name, e);
                }
                throw e;
            }
        });
    }

    /** What came of taking a volume. */
    private sealed interface Taking {}

    /**
     * This host has it.
     *
     * @param before what the record said before
     * @param target what may be attached, whatever becomes of the volume meanwhile
     */
    private record Hold(Ownership before, Target target) implements Taking {
        Backend.Found found(HostIdentity here) {
            return before.on(here).isEmpty() ? Backend.Found.UNHELD : Backend.Found.UNKNOWN;
        }
    }

    /** Something has to be cleared away before. */
    private record InTheWay(VolumeRecord volume, MountRules.Verdict verdict) implements Taking {}

    /** Writes that this host has the volume, with this use, after whatever is in the way and may be cleared away. */
    private Hold hold(VolumeName name, MountId id) throws VolumeException, IOException {
        for (int cleared = 0; cleared <= MOST_CLEARED; cleared++) {
            Taking taking = pool.locked(name, () -> take(name, id));
            if (taking instanceof Hold hold) {
                if (hold.before().on(here).isEmpty()) {
                    requireUnheld(hold.target());
                }
                return hold;
            }
            clear((InTheWay) taking);
        }
        throw new VolumeException("volume " + name + ": it was given to another while this call was on its way");
    }

    private Taking take(VolumeName name, MountId id) throws VolumeException, IOException {
        VolumeRecord volume = pool.require(name);
        Ownership present = pool.ownership(name);
        MountRules.Verdict verdict = MountRules.decide(present, here, id, policy.preempt());
        if (verdict instanceof MountRules.Verdict.Refuse refuse) {
            throw new VolumeException("volume " + name + ": " + refuse.reason());
        }
        if (verdict instanceof MountRules.Verdict.Join) {
            return saved(
                    volume,
                    present,
                    present.replace(present.on(here).orElseThrow().with(id)));
        }
        if (verdict instanceof MountRules.Verdict.Acquire) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            Attachment fresh = new Attachment(here, id.holder(), now, "", List.of(id));
            return saved(volume, present, present.attach(fresh, id.access()));
        }
        return new InTheWay(volume, verdict);
    }

    private Hold saved(VolumeRecord volume, Ownership before, Ownership after) throws IOException {
        pool.save(volume.name(), after);
        return new Hold(before, Target.of(volume, after));
    }

    private void clear(InTheWay inTheWay) throws VolumeException, IOException {
        VolumeRecord volume = inTheWay.volume();
        if (inTheWay.verdict() instanceof MountRules.Verdict.ForgiveFirst first) {
            leftovers.clear(volume, first.fence());
        } else if (inTheWay.verdict() instanceof MountRules.Verdict.PreemptFirst first) {
            fencing.preempt(volume, first.holder());
        } else if (inTheWay.verdict() instanceof MountRules.Verdict.ReleaseFirst first) {
            LOG.atInfo()
                    .addKeyValue("volume", volume.name())
                    .addKeyValue("why", first.why())
                    .log("Release before mount");
            release(volume);
        }
    }

    /** A volume that nobody has and that a device of this host holds all the same is in hands that we do not know. */
    private void requireUnheld(Target target) throws VolumeException, IOException {
        try {
            backend.requireUnheld(target);
        } catch (VolumeException e) {
            change(target.volume().name(), present -> present.leave(here));
            throw e;
        }
    }

    /** Each further attempt reads the record anew: the one before may have come as far as formatting. */
    private MountedVolume mountWithRetries(Hold hold) throws VolumeException, IOException {
        Target target = hold.target();
        Backend.Found found = hold.found(here);
        for (int left = policy.retryCount(); left > 0; left--) {
            try {
                return backend.mount(target, found);
            } catch (UnfinishedException e) {
                throw e;
            } catch (VolumeException e) {
                LOG.atWarn()
                        .addKeyValue("volume", target.volume().name())
                        .addKeyValue("left", left)
                        .setCause(e)
                        .log("Mount failed");
                policy.pauseBeforeRetry();
            }
            target = target.as(pool.require(target.volume().name()));
            found = Backend.Found.UNKNOWN;
        }
        return backend.mount(target, found);
    }

    /** A host that was cut off while it mounted has mounted a content that nobody sees any more. */
    private void recordDevice(Target target, String device) throws VolumeException, IOException {
        VolumeName name = target.volume().name();
        Ownership after = changeForThisBoot(name, present -> {
            boolean checked = present instanceof Ownership.Attached && target.check() == Standing.Check.DUE;
            Ownership next = checked ? present.with(present.standing().checked()) : present;
            return next.replace(next.on(here)
                    .map(own -> own.on(device))
                    .orElseThrow(() -> new VolumeException("volume " + name + " is not this host's any more")));
        });
        if (after.standing().generation() != target.generation() || after instanceof Ownership.Cutting) {
            throw new VolumeException("volume " + name + " is not this host's any more");
        }
    }

    private static VolumeException cutOff(VolumeName name, Exception failure) {
        return new VolumeException(
                "volume " + name + ": this host was cut off from it while it was being mounted (" + failure.getMessage()
                        + ")",
                failure);
    }

    /** After a failed mount: a volume that others use stays as it is, a volume that was free becomes free again. */
    private void undo(Hold hold) throws IOException, UnfinishedException {
        VolumeRecord volume = hold.target().volume();
        try {
            Optional<Attachment> own = hold.before().on(here);
            if (own.isPresent() && own.get().host().equals(here)) {
                change(volume.name(), present -> present.replace(own.get()));
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
                backend.requireUnheld(Target.of(volume, ownership));
            } else if (verdict instanceof UnmountRules.Verdict.Drop drop) {
                changeForThisBoot(name, present -> present.replace(drop.rest()));
            } else if (verdict instanceof UnmountRules.Verdict.CleanUp cut) {
                leftovers.takeOff(volume, cut.fence());
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

    /**
     * Gives a mounted volume from one claim of this host to the next, as it is.
     *
     * @throws VolumeException when the first has it not, or the second was not granted after it
     */
    public void handOver(VolumeName name, MountId from, MountId to) throws VolumeException, IOException {
        lanes.run(name, "HandOver", () -> {
            pool.require(name);
            return change(name, present -> HandOverRules.decide(present, here, from, to)
                    .orElseThrow(() ->
                            new VolumeException("volume " + name + " is not handed over from " + from + " to " + to
                                    + ": the first has to have it on this host, and the second to be granted later")));
        });
    }

    /** Unmounts, detaches, and only then clears the record; one that is another's by then is left alone. */
    void release(VolumeRecord volume) throws VolumeException, IOException {
        Ownership ownership = pool.ownership(volume.name());
        Optional<Fences.Fence> fence = ownership.standing().fences().of(here.host());
        if (fence.isPresent()) {
            leftovers.takeOff(volume, fence.get());
            return;
        }
        if (ownership.on(here).isPresent()) {
            backend.release(Target.of(volume, ownership));
            changeForThisBoot(volume.name(), present -> present.leave(here));
        }
    }

    private Ownership change(VolumeName name, Change change) throws VolumeException, IOException {
        return change(name, change, pool::save);
    }

    /** For what a crash of the machine ends by itself; see {@link Pool#saveForThisBoot}. */
    private Ownership changeForThisBoot(VolumeName name, Change change) throws VolumeException, IOException {
        return change(name, change, pool::saveForThisBoot);
    }

    private Ownership change(VolumeName name, Change change, Save save) throws VolumeException, IOException {
        return pool.locked(name, () -> {
            Ownership present = pool.ownership(name);
            Ownership next = change.of(present);
            if (!next.equals(present)) {
                save.of(name, next);
            }
            return next;
        });
    }

    private interface Save {
        void of(VolumeName name, Ownership ownership) throws IOException;
    }

    private interface Change {
        Ownership of(Ownership present) throws VolumeException;
    }
}
