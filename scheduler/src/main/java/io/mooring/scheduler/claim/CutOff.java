package io.mooring.scheduler.claim;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import java.time.Instant;
import java.util.Optional;

/**
 * The order to cut one machine off from one volume, on record before anybody is told. Its target and number come from the
 * claim, never from what the storage lists, so that an order that comes late can only hit the holder it was meant for.
 *
 * @param id names the operation; giving the same one again does no harm
 * @param fence the claim's number; the storage refuses the order when the attachment there carries another
 */
public record CutOff(
        String id,
        ClaimId claim,
        VolumeName volume,
        DriverName driver,
        MachineKey machine,
        Optional<BootId> boot,
        long fence,
        Instant since) {
    /** The order against the holder of this claim. */
    public static CutOff of(String id, Claim claim, DriverName driver, Instant now) {
        return new CutOff(id, claim.id(), claim.volume(), driver, claim.machine(), claim.boot(), claim.fence(), now);
    }
}
