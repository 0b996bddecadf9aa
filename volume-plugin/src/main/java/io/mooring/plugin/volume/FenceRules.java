package io.mooring.plugin.volume;

import java.util.Optional;

/**
 * Decides what an order to cut a host off may do. An order can come late, when the volume is another's, or the same
 * host's under a later claim: then its number is not the one of the attachment, and nothing is touched.
 */
public final class FenceRules {
    private FenceRules() {}

    /** What an order does. */
    public sealed interface Verdict {
        /** Touch nothing. */
        record Refuse(String reason) implements Verdict {}

        /** It was done before. */
        record Done() implements Verdict {}

        /** The host has nothing attached: see to it that it does not attach it later. */
        record Bar() implements Verdict {}

        /** It only reads: take its name off, and see to it that it does not come back. */
        record Dismiss(Attachment reader) implements Verdict {}

        /** Cut it off; perhaps that was begun already. */
        record Cut(Attachment holder) implements Verdict {}
    }

    /** The verdict on an order about a volume in this state. */
    public static Verdict decide(Ownership ownership, FenceOrder order) {
        boolean barred = ownership
                .standing()
                .fences()
                .of(order.host())
                .filter(fence -> fence.number() >= order.fence())
                .isPresent();
        if (ownership instanceof Ownership.Shared shared) {
            Optional<Attachment> reader = shared.readers().stream()
                    .filter(each -> each.host().host().equals(order.host()))
                    .findFirst();
            return reader.isPresent() ? reader(reader.get(), order) : absent(ownership, order, barred);
        }
        Optional<Attachment> holder = ownership.attachments().stream().findFirst();
        boolean begun = ownership instanceof Ownership.Cutting;
        if (holder.isEmpty() || (barred && !begun)) {
            return absent(ownership, order, barred);
        }
        return mismatch(holder.get(), order)
                .<Verdict>map(Verdict.Refuse::new)
                .orElseGet(() -> new Verdict.Cut(holder.get()));
    }

    private static Verdict absent(Ownership ownership, FenceOrder order, boolean barred) {
        HighWater highWater = ownership.highWater();
        if (barred) {
            return new Verdict.Done();
        }
        return highWater.fence() > order.fence()
                ? new Verdict.Refuse("fence " + order.fence() + " is stale: the volume has been attached under fence "
                        + highWater.fence() + " (claim " + highWater.claimId() + ") since")
                : new Verdict.Bar();
    }

    private static Verdict reader(Attachment reader, FenceOrder order) {
        boolean same = reader.mountIds().stream()
                .anyMatch(id -> id.holder() instanceof Holder.Claim claim
                        && claim.fence() == order.fence()
                        && order.claimId().map(claim.claimId()::equals).orElse(true));
        return same
                ? new Verdict.Dismiss(reader)
                : new Verdict.Refuse(
                        "the order is for fence " + order.fence() + ", but the volume is " + reader.describe());
    }

    private static Optional<String> mismatch(Attachment attachment, FenceOrder order) {
        boolean sameClaim = attachment.holder() instanceof Holder.Claim claim
                && claim.fence() == order.fence()
                && order.claimId().map(claim.claimId()::equals).orElse(true);
        boolean sameHost = attachment.host().host().equals(order.host())
                && order.boot().map(attachment.host().bootId()::equals).orElse(true);
        return sameClaim && sameHost
                ? Optional.empty()
                : Optional.of("the order is for host " + order.host() + " and fence " + order.fence()
                        + ", but the volume is " + attachment.describe());
    }
}
