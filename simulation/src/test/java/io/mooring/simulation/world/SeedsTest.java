package io.mooring.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.simulation.check.Findings.Finding;
import io.mooring.simulation.rule.Variation;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The default build's share of seeds; {@code mooring simulate} runs any number of them. */
class SeedsTest {
    private static final int SEEDS = 200;

    @Test
    void keepsEveryPromiseInEverySeedAndGoesTheSameWayTwice() {
        List<SeedResult> first = run();
        List<SeedResult> second = run();

        assertThat(first).allSatisfy(result -> assertThat(result.findings())
                .as("seed %d; all of it: mooring simulate --seed %d --seeds 1", result.seed(), result.seed())
                .isEmpty());
        assertThat(second)
                .extracting(SeedResult::hash)
                .containsExactlyElementsOf(first.stream().map(SeedResult::hash).toList());
    }

    @Test
    void goesTheSameWayWhetherItsTraceIsKeptInWordsOrNot() {
        SeedResult silent = World.run(7, Variation.NONE, 0);
        SeedResult told = World.run(7, Variation.NONE, 20);

        assertThat(told.steps()).isEqualTo(silent.steps());
        assertThat(told.trace()).hasSize(20);
        assertThat(silent.trace()).isEmpty();
    }

    @Test
    void drawsDifferentFaultsForDifferentSeeds() {
        assertThat(LongStream.rangeClosed(1, 20)
                        .mapToObj(seed -> World.run(seed, Variation.NONE, 0).faults())
                        .distinct())
                .hasSizeGreaterThan(15);
    }

    @Test
    void namesTheInvariantTheTimeAndWhatHappened() {
        Finding finding = new Finding(io.mooring.simulation.check.Invariant.I12, "two writers", 1_500);

        assertThat(finding).hasToString("I12 at 1.5 s: two writers");
    }

    private static List<SeedResult> run() {
        return LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .mapToObj(seed -> World.run(seed, Variation.NONE, 0))
                .toList();
    }
}
