package io.mooring.plugin.volume;

import java.util.Optional;

/**
 * Decides who may have a volume. One host at a time, or any number that only read; a Docker caller never gets what a
 * claim holds, nor the other way round; a claim never gets what a newer claim has had; a host that was cut off gets it
 * only when nothing of its old access can be left.
 */
public final class MountRules {
    private MountRules() {}

    /** What a mount call may do. */
    public sealed interface Verdict {
        /** The volume is free: attach it. */
        record Acquire() implements Verdict {}

        /** This host has it for the same holder: one more use, or the same one again. */
        record Join() implements Verdict {}

        /** This host has a hold on it that is over: release that completely, then attach anew. */
        record ReleaseFirst(String why) implements Verdict {}

        /** This host was cut off, but whatever it had can be cleaned up: do that, then decide anew. */
        record ForgiveFirst(Fences.Fence fence) implements Verdict {}

        /** Another host has it for a Docker caller, and this one may take it: cut that host off, then decide anew. */
        record PreemptFirst(Attachment holder) implements Verdict {}

        /** Touch nothing. */
        record Refuse(String reason) implements Verdict {}
    }

    /** The verdict on a mount call that this boot of this host gets for a volume in this state. */
    public static Verdict decide(Ownership ownership, HostIdentity here, MountId id, Preempt preempt) {
        if (id.holder() instanceof Holder.Claim claim && stale(ownership.highWater(), claim, id.access())) {
            HighWater newest = ownership.highWater();
            return new Verdict.Refuse("fence " + claim.fence() + " of claim " + claim.claimId()
                    + " is stale: the volume has been attached under fence " + newest.fence() + " (claim "
                    + newest.claimId() + ")");
        }
        Optional<Fences.Fence> fence = ownership.standing().fences().of(here.host());
        if (fence.isPresent()) {
            return fenced(fence.get(), here, id.holder());
        }
        if (ownership instanceof Ownership.Cutting cutting) {
            if (mayPreempt(cutting.attachment(), id.holder(), preempt)) {
                return new Verdict.PreemptFirst(cutting.attachment()); // whoever began it did not come to its end
            }
            return new Verdict.Refuse(cutting.attachment().describe() + ", which is being cut off; the order to fence"
                    + " it has to be repeated until it is carried out");
        }
        if (ownership instanceof Ownership.Attached attached) {
            return id.access() == Access.READ_ONLY
                    ? beside(attached.attachment(), here)
                    : decide(attached.attachment(), here, id.holder(), preempt);
        }
        if (ownership instanceof Ownership.Shared shared) {
            return shared(shared, here, id.access());
        }
        return new Verdict.Acquire();
    }

    /** Readers do not lift the mark, so of two readers the later granted one may come first. */
    private static boolean stale(HighWater highWater, Holder.Claim claim, Access access) {
        return switch (access) {
            case READ_WRITE -> highWater.isPast(claim);
            case READ_ONLY -> highWater.fence() > claim.fence();
        };
    }

    /** Among Docker callers there are no fences, so the last one who wants it has it, if the operator says so. */
    private static boolean mayPreempt(Attachment holder, Holder caller, Preempt preempt) {
        return preempt == Preempt.ON
                && caller instanceof Holder.DockerCaller
                && holder.holder() instanceof Holder.DockerCaller;
    }

    /**
     * A claim of a later boot was granted after the cut; and where nothing had been attached, nothing can be left. A cut
     * among Docker callers bars nobody: it only has to be cleaned up.
     */
    private static Verdict fenced(Fences.Fence fence, HostIdentity here, Holder caller) {
        if (fence.amongDockerCallers()) {
            return new Verdict.ForgiveFirst(fence);
        }
        boolean later = caller instanceof Holder.Claim claim && claim.fence() > fence.number();
        boolean otherBoot = fence.boot().isPresent() && !fence.boot().get().equals(here.bootId());
        return later && (otherBoot || fence.generation().isEmpty())
                ? new Verdict.ForgiveFirst(fence)
                : new Verdict.Refuse("this host was cut off from the volume at " + fence.since() + ", under fence "
                        + fence.number() + "; it may have it again once it was cleaned up (Mooring.Unfence)");
    }

    private static Verdict beside(Attachment writer, HostIdentity here) {
        boolean together = writer.host().equals(here) && writer.holder() instanceof Holder.Claim;
        return together
                ? new Verdict.Join()
                : new Verdict.Refuse(writer.describe() + ", to write; it is read beside its writer only");
    }

    private static Verdict shared(Ownership.Shared shared, HostIdentity here, Access access) {
        Optional<Attachment> own = shared.on(here);
        if (own.isPresent() && !own.get().host().equals(here)) {
            return new Verdict.ReleaseFirst("it was attached in an earlier boot of this host");
        }
        return switch (access) {
            case READ_ONLY -> own.isPresent() ? new Verdict.Join() : new Verdict.Acquire();
            case READ_WRITE ->
                new Verdict.Refuse(shared.readers().get(0).describe() + ", to read"
                        + (shared.readers().size() > 1
                                ? ", and by " + (shared.readers().size() - 1) + " more"
                                : ""));
        };
    }

    private static Verdict decide(Attachment attachment, HostIdentity here, Holder caller, Preempt preempt) {
        if (!attachment.host().host().equals(here.host())) {
            return mayPreempt(attachment, caller, preempt)
                    ? new Verdict.PreemptFirst(attachment)
                    : new Verdict.Refuse(attachment.describe() + elsewhere(preempt));
        }
        if (!attachment.host().bootId().equals(here.bootId())) {
            return new Verdict.ReleaseFirst("it was attached in an earlier boot of this host");
        }
        if (caller.equals(attachment.holder())) {
            return new Verdict.Join();
        }
        if (caller instanceof Holder.Claim newer && attachment.holder() instanceof Holder.Claim older) {
            return new Verdict.ReleaseFirst("claim " + newer.claimId() + " with fence " + newer.fence()
                    + " follows claim " + older.claimId() + " with fence " + older.fence());
        }
        return new Verdict.Refuse(attachment.describe());
    }

    private static String elsewhere(Preempt preempt) {
        return preempt == Preempt.OFF
                ? ""
                : "; mount.preempt is on, but takes a volume only for a Docker caller, and never takes a volume from a"
                        + " claim";
    }
}
