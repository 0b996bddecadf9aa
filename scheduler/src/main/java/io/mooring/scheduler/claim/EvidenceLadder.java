package io.mooring.scheduler.claim;

import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.scheduler.volume.FenceClass;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which evidence frees an activated claim, by what the backend guarantees and by the volume's take-over policy (I4). Time
 * alone is never among it.
 */
public final class EvidenceLadder {
    private EvidenceLadder() {}

    public static Set<Evidence.Code> allowed(FenceClass fenceClass, TakeoverPolicy takeover) {
        EnumSet<Evidence.Code> codes = EnumSet.of(Evidence.Code.E1, Evidence.Code.E1B, Evidence.Code.E5);
        if (takeover != TakeoverPolicy.MANUAL) {
            codes.add(Evidence.Code.E4);
            codes.addAll(byBackend(fenceClass));
        }
        return Collections.unmodifiableSet(codes);
    }

    /** What the storage side can prove. A fence that a person ordered counts under the policy {@code evidence}, too. */
    private static Set<Evidence.Code> byBackend(FenceClass fenceClass) {
        return switch (fenceClass) {
            case A, B -> EnumSet.of(Evidence.Code.E2, Evidence.Code.E3);
            case C -> EnumSet.of(Evidence.Code.E2);
            case D -> EnumSet.noneOf(Evidence.Code.class);
        };
    }
}
