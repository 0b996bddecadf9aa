package io.mooring.plugin.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides whether one claim may follow another on the same host without a detach between them. */
public final class HandOverRules {
    private HandOverRules() {}

    /** Who has the volume then; empty when it may not be handed over. */
    public static Optional<Ownership> decide(Ownership ownership, HostIdentity here, MountId from, MountId to) {
        boolean cutOff = ownership.standing().fences().of(here.host()).isPresent();
        if (!(ownership instanceof Ownership.Attached attached)
                || cutOff
                || !attached.attachment().host().equals(here)) {
            return Optional.empty();
        }
        Attachment attachment = attached.attachment();
        if (attachment.mountIds().contains(to) && attachment.holder().equals(to.holder())) {
            return Optional.of(ownership); // done before
        }
        boolean follows = attachment.mountIds().contains(from)
                && attachment.holder().equals(from.holder())
                && to.access() == Access.READ_WRITE
                && from.holder() instanceof Holder.Claim older
                && to.holder() instanceof Holder.Claim newer
                && newer.fence() > older.fence()
                && !ownership.highWater().isPast(newer);
        if (!follows) {
            return Optional.empty();
        }
        List<MountId> ids = new ArrayList<>(attachment.mountIds());
        ids.set(ids.indexOf(from), to);
        return Optional.of(ownership.attach(
                new Attachment(here, to.holder(), attachment.since(), attachment.device(), ids), Access.READ_WRITE));
    }
}
