package io.mooring.plugin.volume;

/**
 * The highest fence that a volume was ever attached under, and its claim. It outlives the attachment: a mount call that
 * was delayed past the end of its claim is recognised by it.
 *
 * @param fence 0 when no claim ever attached the volume
 * @param claimId the claim of that fence, or empty
 */
public record HighWater(long fence, String claimId) {
    /** Of a volume that no claim ever attached. */
    public static final HighWater NONE = new HighWater(0, "");

    /** The mark after an attach on behalf of this holder. */
    public HighWater raisedTo(Holder holder) {
        return holder instanceof Holder.Claim claim && claim.fence() > fence
                ? new HighWater(claim.fence(), claim.claimId())
                : this;
    }

    /** True when a claim comes too late: a newer one, or another one with the same fence, has been here. */
    public boolean isPast(Holder.Claim claim) {
        return claim.fence() < fence
                || (claim.fence() == fence && !claim.claimId().equals(claimId));
    }
}
