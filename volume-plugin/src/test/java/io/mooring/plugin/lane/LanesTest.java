package io.mooring.plugin.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.volume.VolumeName;
import io.mooring.plugin.volume.UnfinishedException;
import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final VolumeName VOLUME = new VolumeName("Vol1");
    private static final VolumeName SAME_IN_OTHER_CASE = new VolumeName("vOL1");
    private static final VolumeName OTHER = new VolumeName("vol2");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Lanes lanes = new Lanes(InstantSource.fixed(NOW), Duration.ofMillis(50));

    @Test
    void keepsASecondCallForTheSameVolumeOut() throws VolumeException, IOException {
        String answer = lanes.run(VOLUME, "Mount", () -> {
            assertThatThrownBy(() -> inAnotherThread(SAME_IN_OTHER_CASE))
                    .hasMessageContaining("volume vOL1 is busy: Mount since 2026-01-02T03:04:05Z");
            return "done";
        });
        assertThat(answer).isEqualTo("done");
    }

    @Test
    void letsCallsForOtherVolumesPass() throws VolumeException, IOException {
        assertThat(lanes.run(VOLUME, "Mount", () -> inAnotherThread(OTHER))).isEqualTo("ran");
    }

    @Test
    void showsCallsWhileTheyRun() throws VolumeException, IOException {
        assertThat(lanes.run(VOLUME, "Mount", () -> lanes.inFlight(SAME_IN_OTHER_CASE)))
                .containsExactly(new Operation("Mount", NOW));
        assertThat(lanes.inFlight(VOLUME)).isEmpty();
    }

    @Test
    void keepsTheLaneOfACallThatMayStillTakeEffect() throws VolumeException, IOException {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        assertThatThrownBy(() -> lanes.run(VOLUME, "Mount", () -> {
                    throw new UnfinishedException("hangs", new IOException(), ended);
                }))
                .hasMessage("hangs");
        assertThat(lanes.inFlight(VOLUME)).hasSize(1);
        assertThatThrownBy(() -> lanes.run(VOLUME, "Unmount", () -> "ran")).hasMessageContaining("busy");
        ended.complete(null);
        assertThat(lanes.inFlight(VOLUME)).isEmpty();
        assertThat(lanes.run(VOLUME, "Unmount", () -> "ran")).isEqualTo("ran");
    }

    private String inAnotherThread(VolumeName volume) throws VolumeException {
        CompletableFuture<String> result = CompletableFuture.supplyAsync(() -> {
            try {
                return lanes.run(volume, "Mount", () -> "ran");
            } catch (VolumeException | IOException e) {
                return e.getMessage();
            }
        });
        if (!result.join().equals("ran")) {
            throw new VolumeException(result.join());
        }
        return result.join();
    }
}
