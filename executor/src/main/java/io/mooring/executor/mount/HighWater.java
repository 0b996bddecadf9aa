package io.mooring.executor.mount;

import io.mooring.common.ids.ClaimId;
import java.util.Optional;

/**
 * The highest fence this machine acted under for one volume. It guards against a scheduler whose store went back in
 * time.
 *
 * @param fence 0 if the machine never had the volume
 * @param claim the claim that had it
 */
public record HighWater(long fence, Optional<ClaimId> claim) {
    /** This machine never had the volume. */
    public static final HighWater NONE = new HighWater(0, Optional.empty());

    /** Whether a claim with this fence may be acted on: a higher one, or the very claim that set the mark. */
    public boolean permits(ClaimId candidate, long candidateFence) {
        return candidateFence > fence
                || (candidateFence == fence && claim.isPresent() && claim.get().equals(candidate));
    }
}
