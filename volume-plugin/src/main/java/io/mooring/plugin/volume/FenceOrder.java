package io.mooring.plugin.volume;

import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import java.util.Optional;

/**
 * The order to cut a host off. Target and number come from the claim that it had, never from what is attached now.
 *
 * @param host who is to be cut off
 * @param fence the fence of its claim
 * @param boot the boot that it had the claim in, if the caller knows
 * @param claimId the claim, if the caller says
 */
public record FenceOrder(MachineKey host, long fence, Optional<BootId> boot, Optional<String> claimId) {
    public FenceOrder {
        if (fence < 1) {
            throw new IllegalArgumentException("Fence is " + fence + ", must be at least 1");
        }
    }
}
