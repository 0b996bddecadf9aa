package io.mooring.plugin.volume;

/**
 * Decides who may have a volume. One host at a time; a Docker caller never gets what a claim holds, nor the other way
 * round; a claim never gets what a newer claim has had.
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

        /** Touch nothing. */
        record Refuse(String reason) implements Verdict {}
    }

    /** The verdict on a mount call that this boot of this host gets for a volume in this state. */
    public static Verdict decide(Ownership ownership, HostIdentity here, MountId id, Preempt preempt) {
        if (id.holder() instanceof Holder.Claim claim && ownership.highWater().isPast(claim)) {
            HighWater newest = ownership.highWater();
            return new Verdict.Refuse("fence " + claim.fence() + " of claim " + claim.claimId()
                    + " is stale: the volume has been attached under fence " + newest.fence() + " (claim "
                    + newest.claimId() + ")");
        }
        if (ownership instanceof Ownership.Attached attached) {
            return decide(attached.attachment(), here, id.holder(), preempt);
        }
        return new Verdict.Acquire();
    }

    private static Verdict decide(Attachment attachment, HostIdentity here, Holder caller, Preempt preempt) {
        if (!attachment.host().host().equals(here.host())) {
            return new Verdict.Refuse(attachment.describe() + elsewhere(attachment.holder(), preempt));
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

    private static String elsewhere(Holder holder, Preempt preempt) {
        if (preempt == Preempt.OFF) {
            return "";
        }
        return holder instanceof Holder.Claim
                ? "; mount.preempt is on, but never takes a volume from a claim"
                : "; mount.preempt is on, but this driver cannot cut another host off the volume";
    }
}
