package io.mooring.executor.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.ClaimId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HighWaterTest {
    private final ClaimId mine = new ClaimId("mine");
    private final ClaimId other = new ClaimId("other");

    @Test
    void permitsAHigherFenceAndTheVeryClaimThatSetTheMark() {
        HighWater mark = new HighWater(5, Optional.of(mine));
        assertThat(mark.permits(other, 6)).isTrue();
        assertThat(mark.permits(mine, 5)).isTrue();
        assertThat(mark.permits(other, 5)).isFalse();
        assertThat(mark.permits(mine, 4)).isFalse();
    }

    @Test
    void permitsAnyFenceOnAMachineThatNeverHadTheVolume() {
        assertThat(HighWater.NONE.permits(mine, 1)).isTrue();
        assertThat(HighWater.NONE.permits(mine, 0)).isFalse();
    }
}
