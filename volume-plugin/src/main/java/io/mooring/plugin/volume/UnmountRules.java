package io.mooring.plugin.volume;

import java.util.Optional;

/**
 * Decides what an unmount call does. Uses are counted by their IDs, so that a call that is sent twice, or after a
 * restart, ends only its own use; an ID that is not known has nothing to end, and the call succeeds.
 */
public final class UnmountRules {
    private UnmountRules() {}

    /** What an unmount call does. */
    public sealed interface Verdict {
        /** Nobody has the volume; the caller may believe that once no device holds it. */
        record CheckFree() implements Verdict {}

        /** This host was cut off: take away whatever is left of that. */
        record CleanUp(Fences.Fence fence) implements Verdict {}

        /** The use is not known here: nothing to do. */
        record Nothing() implements Verdict {}

        /** One use less, others go on. */
        record Drop(Attachment rest) implements Verdict {}

        /** The last use: unmount and detach. */
        record Release() implements Verdict {}
    }

    /** The verdict on an unmount call that this boot of this host gets for a volume in this state. */
    public static Verdict decide(Ownership ownership, HostIdentity here, MountId id, UsedCount usedCount) {
        Optional<Fences.Fence> fence = ownership.standing().fences().of(here.host());
        if (fence.isPresent()) {
            return new Verdict.CleanUp(fence.get());
        }
        if (ownership instanceof Ownership.Free) {
            return new Verdict.CheckFree();
        }
        Optional<Attachment> own = ownership.on(here);
        if (own.isEmpty()) {
            return new Verdict.Nothing();
        }
        Attachment attachment = own.get();
        if (!attachment.host().bootId().equals(here.bootId())) {
            return new Verdict.Release();
        }
        boolean sameKind =
                id.holder() instanceof Holder.DockerCaller && attachment.holder() instanceof Holder.DockerCaller;
        if (sameKind && usedCount == UsedCount.IGNORED) {
            return new Verdict.Release();
        }
        if (!attachment.mountIds().contains(id)) {
            return new Verdict.Nothing();
        }
        Attachment rest = attachment.without(id);
        return rest.mountIds().isEmpty() ? new Verdict.Release() : new Verdict.Drop(rest);
    }
}
