package io.mooring.simulation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.simulation.world.SeedResult;
import io.mooring.simulation.world.World;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation can fail: each mistake is found within so many seeds. */
class MutantsTest {
    /** Some ten times the seeds that it takes on the average, so that other seeds than today's find it, too. */
    private static int bound(Mutant mutant) {
        return switch (mutant) {
            case ACK_BEFORE_COMMIT -> 10;
            case REAPER_BY_PID -> 30;
            case NO_ROLLBACK_GUARD -> 1_000;
            case NO_EPOCH_CHECK, NO_ACTIVATION -> 200;
            case RELEASE_ON_TIMEOUT, UNSERIALIZED_MOUNTS -> 400;
            case RELEASE_ON_UNMOUNT_ANSWER -> 1_500;
            case FENCE_WITHOUT_NUMBER -> 2_500;
        };
    }

    @ParameterizedTest
    @EnumSource
    void findsEveryMistake(Mutant mutant) {
        assertThat(first(Variation.of(mutant), bound(mutant), SeedResult::broken))
                .as("seeds until %s is found", mutant.word())
                .isPositive();
    }

    @Test
    void seesTwoWritersAtATimeWhenClaimsAreReleasedBecauseTimeHasPassed() {
        assertThat(first(Variation.of(Mutant.RELEASE_ON_TIMEOUT), 600, SeedResult::overlapping))
                .isPositive();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MOORING")
    void seesTwoWritersAtATimeUnderOtherRules(Rule rule) {
        assertThat(first(Variation.of(rule), rule == Rule.KUBERNETES ? 6_000 : 1_000, SeedResult::overlapping))
                .isPositive();
    }

    /** The first seed of which it is true; -1 if none. */
    private static long first(Variation variation, int bound, Predicate<SeedResult> is) {
        return LongStream.rangeClosed(1, bound)
                .filter(seed -> is.test(World.run(seed, variation, 0)))
                .findFirst()
                .orElse(-1);
    }
}
