package io.mooring.plugin.service;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.backend.Backend;
import io.mooring.plugin.lane.Lanes;
import io.mooring.plugin.pool.Pool;
import io.mooring.plugin.volume.Attachment;
import io.mooring.plugin.volume.FenceOrder;
import io.mooring.plugin.volume.FenceRules;
import io.mooring.plugin.volume.FenceRules.Verdict;
import io.mooring.plugin.volume.Fences;
import io.mooring.plugin.volume.Holder;
import io.mooring.plugin.volume.HostIdentity;
import io.mooring.plugin.volume.Ownership;
import io.mooring.plugin.volume.RefusedException;
import io.mooring.plugin.volume.Standing.Check;
import io.mooring.plugin.volume.Target;
import io.mooring.plugin.volume.VolumeException;
import io.mooring.plugin.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts hosts off from volumes, and lets them come back. The cut is in the record before anything is done, so that the
 * host's own plugin, which is another process, starts nothing any more; then its writes are ended; and only when a new
 * content is in place, which nothing of the old access leads to, the volume is free for others.
 */
public final class Fencing {
    private static final Logger LOG = LoggerFactory.getLogger(Fencing.class);

    private final Pool pool;
    private final Backend backend;
    private final Lanes lanes;
    private final HostIdentity here;
    private final InstantSource clock;
    private final Leftovers leftovers;

    public Fencing(Pool pool, Backend backend, Lanes lanes, HostIdentity here, InstantSource clock) {
        this.pool = pool;
        this.backend = backend;
        this.lanes = lanes;
        this.here = here;
        this.clock = clock;
        this.leftovers = new Leftovers(pool, backend, here);
    }

    /**
     * Cuts a host off. When this returns, no process of that host can write to the volume, and that host gets it again
     * only after {@link #unfence}. Success if that was so before.
     *
     * @throws VolumeException when the backend cannot, or the attachment is not the one that the order is about; then
     *     nothing was done
     */
    public void fence(VolumeName name, FenceOrder order) throws VolumeException, IOException {
        Optional<String> inability = backend.cannotCut();
        if (inability.isPresent()) {
            throw new RefusedException(
                    "host " + order.host() + " is not cut off from volume " + name + ": " + inability.get());
        }
        lanes.run(name, "Fence", () -> {
            VolumeRecord volume = pool.require(name);
            Verdict verdict = begin(name, order);
            if (verdict instanceof Verdict.Cut cut) {
                renew(volume, cut.holder());
            } else if (verdict instanceof Verdict.Dismiss dismiss) {
                renew(volume, dismiss.reader());
            } else if (verdict instanceof Verdict.Done) {
                spoilAgain(volume, order.host());
            }
            LOG.atWarn()
                    .addKeyValue("volume", name)
                    .addKeyValue("host", order.host())
                    .addKeyValue("fence", order.fence())
                    .addKeyValue("verdict", verdict)
                    .log("Cut off");
            return verdict;
        });
    }

    /** Whoever cut the host off may have died before the last step of it. */
    private void spoilAgain(VolumeRecord volume, MachineKey host) throws VolumeException, IOException {
        Ownership present = pool.ownership(volume.name());
        OptionalLong had = present.standing()
                .fences()
                .of(host)
                .map(Fences.Fence::generation)
                .orElse(OptionalLong.empty());
        // Readers stay on the content that another reader was cut off from.
        boolean former = had.isPresent()
                && had.getAsLong() < present.standing().generation()
                && !(present instanceof Ownership.Shared);
        if (former && backend.isCut(Target.former(volume, had.getAsLong()), Target.of(volume, present))) {
            backend.spoil(Target.former(volume, had.getAsLong()));
        }
    }

    /**
     * Cuts off whoever has a volume for a Docker caller, for another Docker caller here. Called in the volume's lane. If
     * it is another's meanwhile nothing is done.
     *
     * @throws VolumeException when the backend cannot
     */
    void preempt(VolumeRecord volume, Attachment holder) throws VolumeException, IOException {
        VolumeName name = volume.name();
        Optional<String> inability = backend.cannotCut();
        if (inability.isPresent()) {
            throw new VolumeException("volume " + name + ": " + holder.describe()
                    + "; mount.preempt is on, but that host cannot be cut off: " + inability.get());
        }
        boolean begun = pool.locked(name, () -> {
            Ownership present = pool.ownership(name);
            if (present instanceof Ownership.Attached && present.attachments().contains(holder)) {
                pool.save(name, cutting(present, holder, holder.host().host(), 0));
                return true;
            }
            return present instanceof Ownership.Cutting && present.attachments().contains(holder);
        });
        if (begun) {
            renew(volume, holder);
            LOG.atWarn()
                    .addKeyValue("volume", name)
                    .addKeyValue("host", holder.host().host())
                    .log("Preempted: that host was cut off, and a Docker caller of this one gets the volume");
        }
    }

    /** Decides and records at once, so that nothing can come between. */
    private Verdict begin(VolumeName name, FenceOrder order) throws VolumeException, IOException {
        return pool.locked(name, () -> {
            pool.require(name);
            Ownership present = pool.ownership(name);
            Verdict verdict = FenceRules.decide(present, order);
            if (verdict instanceof Verdict.Refuse refuse) {
                throw new RefusedException("volume " + name + ": " + refuse.reason());
            }
            if (verdict instanceof Verdict.Bar) {
                OptionalLong had = present.standing()
                        .fences()
                        .of(order.host())
                        .map(Fences.Fence::generation)
                        .orElse(OptionalLong.empty()); // of an earlier claim, which may still see it
                pool.save(
                        name,
                        present.with(
                                present.standing().fencing(order.host(), entry(order.fence(), order.boot(), had))));
            } else if (verdict instanceof Verdict.Cut cut && present instanceof Ownership.Attached) {
                pool.save(name, cutting(present, cut.holder(), order.host(), order.fence()));
            }
            return verdict;
        });
    }

    private Ownership cutting(Ownership present, Attachment holder, MachineKey host, long number) {
        Fences.Fence entry = entry(
                number,
                Optional.of(holder.host().bootId()),
                OptionalLong.of(present.standing().generation()));
        return new Ownership.Cutting(present.standing().fencing(host, entry), holder);
    }

    private Fences.Fence entry(long number, Optional<BootId> boot, OptionalLong generation) {
        return new Fences.Fence(number, boot, clock.instant().truncatedTo(ChronoUnit.MILLIS), generation);
    }

    /** Makes the content anew without this holder or reader, and frees it from the record. */
    private void renew(VolumeRecord volume, Attachment leaving) throws VolumeException, IOException {
        Ownership before = pool.ownership(volume.name());
        Target former = Target.of(volume, before);
        Path draft = pool.draft();
        try {
            backend.cut(former, draft);
            boolean first = pool.locked(volume.name(), () -> {
                Ownership present = pool.ownership(volume.name());
                // Another host may have been as fast; its copy may be in use by now.
                if (!present.attachments().contains(leaving)
                        || present.standing().generation() != former.generation()) {
                    return false;
                }
                Ownership next = without(present, leaving);
                backend.adopt(draft, Target.of(volume, next));
                pool.save(volume.name(), next);
                return true;
            });
            if (first) {
                backend.spoil(former);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Only a writer leaves something behind that has to be checked. */
    private Ownership without(Ownership present, Attachment leaving) {
        if (present instanceof Ownership.Shared shared) {
            Fences.Fence entry = entry(
                    highest(leaving),
                    Optional.of(leaving.host().bootId()),
                    OptionalLong.of(present.standing().generation()));
            Ownership rest = shared.without(leaving);
            return rest.with(rest.standing()
                    .fencing(leaving.host().host(), entry)
                    .renewed(rest.standing().check()));
        }
        return new Ownership.Free(present.standing().renewed(Check.DUE));
    }

    private static long highest(Attachment reader) {
        return reader.mountIds().stream()
                .map(id -> id.holder())
                .mapToLong(holder -> holder instanceof Holder.Claim claim ? claim.fence() : 1)
                .max()
                .orElse(1);
    }

    /** What is so after a cut, asked from the record and from the kernel. */
    public record Verification(Answer attached, Answer fenced) {
        /** Yes or no. */
        public enum Answer {
            YES,
            NO
        }
    }

    /** Asks whether a host can reach a volume. */
    public Verification verify(VolumeName name, MachineKey host) throws VolumeException, IOException {
        VolumeRecord volume = pool.require(name);
        Ownership ownership = pool.ownership(name);
        Optional<Fences.Fence> fence = ownership.standing().fences().of(host);
        boolean attached = ownership.attachments().stream()
                .anyMatch(attachment -> attachment.host().host().equals(host));
        boolean open = fence.isPresent()
                && fence.get().generation().isPresent()
                && (fence.get().generation().getAsLong() == ownership.standing().generation()
                        || !backend.isCut(
                                Target.former(volume, fence.get().generation().getAsLong()),
                                Target.of(volume, ownership)));
        return new Verification(answer(attached || open), answer(fence.isPresent()));
    }

    private static Verification.Answer answer(boolean yes) {
        return yes ? Verification.Answer.YES : Verification.Answer.NO;
    }

    /**
     * Lets this host have a volume again that it was cut off from, after taking away whatever it still has of it. Success
     * if it is not cut off.
     *
     * @throws VolumeException with who still holds it; or when the cut is of a later claim, or of another host
     */
    public void unfence(VolumeName name, MachineKey host, long fence) throws VolumeException, IOException {
        if (!host.equals(here.host())) {
            throw new VolumeException(
                    "host " + host + " has to be cleaned up by its own plugin; this is the one of host " + here.host());
        }
        lanes.run(name, "Unfence", () -> {
            VolumeRecord volume = pool.require(name);
            Optional<Fences.Fence> entry =
                    pool.ownership(name).standing().fences().of(host);
            if (entry.isPresent() && entry.get().number() > fence) {
                throw new VolumeException("volume " + name + ": this host was cut off under fence "
                        + entry.get().number() + ", later than fence " + fence);
            }
            if (entry.isPresent()) {
                leftovers.clear(volume, entry.get());
                LOG.atInfo()
                        .addKeyValue("volume", name)
                        .addKeyValue("fence", fence)
                        .log("Cleaned up after a cut");
            }
            return volume;
        });
    }
}
