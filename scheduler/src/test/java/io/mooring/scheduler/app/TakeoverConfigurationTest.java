package io.mooring.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.util.Duration;
import io.mooring.scheduler.app.SchedulerConfiguration.Storage;
import io.mooring.scheduler.app.SchedulerConfiguration.Takeover;
import io.mooring.scheduler.decision.Policy;
import org.junit.jupiter.api.Test;

class TakeoverConfigurationTest {
    @Test
    void whatIsNotSetIsAsUsual() {
        Policy.Takeover usual = Policy.Takeover.usual();
        assertThat(new Storage(null, null, null, null, null).takeover().policy())
                .isEqualTo(usual);
        Takeover grace = new Takeover(Duration.seconds(5), null, null, null, null);
        assertThat(grace.policy())
                .isEqualTo(new Policy.Takeover(
                        java.time.Duration.ofSeconds(5),
                        usual.observeEvery(),
                        usual.settle(),
                        usual.compareEvery(),
                        usual.brakeShare()));
    }

    @Test
    void everyKeySetsItsOwnValue() {
        Takeover set =
                new Takeover(Duration.seconds(1), Duration.seconds(2), Duration.seconds(3), Duration.minutes(4), 0.25);
        assertThat(set.policy())
                .isEqualTo(new Policy.Takeover(
                        java.time.Duration.ofSeconds(1),
                        java.time.Duration.ofSeconds(2),
                        java.time.Duration.ofSeconds(3),
                        java.time.Duration.ofMinutes(4),
                        0.25));
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        assertThatThrownBy(() -> new Takeover(null, null, Duration.milliseconds(5), null, null))
                .hasMessageContaining("storage.takeover.settle")
                .hasMessageContaining("a second at least");
        for (double share : new double[] {0, -0.5, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> new Takeover(null, null, null, null, share))
                    .hasMessageContaining("storage.takeover.brakeShare is " + share);
        }
    }
}
