package io.mooring.simulation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.simulation.rule.Mutant;
import io.mooring.simulation.rule.Rule;
import io.mooring.simulation.rule.Variation;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void runsTheProductAsItIsUnlessToldOtherwise() {
        assertThat(Options.parse(List.of("--seeds", "10", "--seed", "4")))
                .isEqualTo(new Options(4, 10, Variation.NONE, Options.Until.ALL_SEEDS));
    }

    @Test
    void readsRulesAndMutantsByTheirNames() {
        assertThat(Options.parse(List.of("--rule", "kubernetes")).variation()).isEqualTo(Variation.of(Rule.KUBERNETES));
        Options until = Options.parse(List.of("--mutant", "no-epoch-check", "--until-found"));
        assertThat(until.variation()).isEqualTo(Variation.of(Mutant.NO_EPOCH_CHECK));
        assertThat(until.until()).isEqualTo(Options.Until.FOUND);
    }

    @Test
    void saysWhatWouldBeRight() {
        refused("there are mooring, marathon, kubernetes, nomad", "--rule", "swarm");
        refused("release-on-timeout", "--mutant", "other");
        refused("--seeds needs a whole number, not 'x'", "--seeds", "x");
        refused("--seeds is 0", "--seeds", "0");
        refused("--seed needs a value", "--seed");
        refused("'--fast' is not known", "--fast");
        refused("leave --rule out", "--rule", "nomad", "--mutant", "no-activation");
        refused("--until-found needs --mutant", "--until-found");
    }

    private static void refused(String why, String... arguments) {
        assertThatThrownBy(() -> Options.parse(List.of(arguments)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
