package io.mooring.executor.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private Instant now = Instant.EPOCH;
    private final Breaker breaker = new Breaker(() -> now, PluginLimits.USUAL);

    private void silentCall() {
        assertThat(breaker.enter()).isEmpty();
        breaker.silent();
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void leavesASilentPluginAloneForLongerAndLonger() {
        for (int i = 0; i < 3; i++) {
            silentCall();
        }
        for (int seconds : new int[] {1, 2, 4, 8, 15, 15}) {
            assertThat(breaker.enter()).get().asString().contains("calls in a row");
            pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(breaker.enter()).as("%s s", seconds).isPresent();
            pass(Duration.ofMillis(1));
            silentCall();
        }
    }

    @Test
    void isOpenAgainAfterOneAnswer() {
        for (int i = 0; i < 3; i++) {
            silentCall();
        }
        pass(Duration.ofSeconds(1));
        assertThat(breaker.enter()).isEmpty();
        assertThat(breaker.enter()).as("one call is let through to see").isPresent();
        breaker.answered();
        silentCall();
        silentCall();
        assertThat(breaker.enter()).isEmpty();
    }

    @Test
    void boundsTheCallsUnderWay() {
        for (int i = 0; i < PluginLimits.USUAL.calls(); i++) {
            assertThat(breaker.enter()).isEmpty();
        }
        assertThat(breaker.enter()).get().asString().contains("under way already");
        breaker.answered();
        assertThat(breaker.enter()).isEmpty();
    }

    @Test
    void isAsPatientAsItIsConfigured() {
        Duration usual = Duration.ofSeconds(10);
        Breaker nervous =
                new Breaker(() -> now, new PluginLimits(usual, usual, usual, usual, 2, 1, Duration.ofSeconds(2)));
        assertThat(nervous.enter()).isEmpty();
        assertThat(nervous.enter()).isEmpty();
        assertThat(nervous.enter()).get().asString().startsWith("2 calls");
        nervous.answered();
        for (int seconds : new int[] {1, 2, 2}) {
            nervous.silent();
            pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(nervous.enter()).as("%s s", seconds).isPresent();
            pass(Duration.ofMillis(1));
            assertThat(nervous.enter()).isEmpty();
        }
    }
}
