package io.mooring.simulation.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private final Agenda agenda = new Agenda();
    private final List<String> happened = new ArrayList<>();

    @Test
    void goesByTimeAndThenByTheOrderOfPlanning() {
        agenda.in(20, () -> happened.add("late"));
        agenda.in(10, () -> happened.add("first"));
        agenda.in(10, () -> happened.add("second"));

        while (agenda.step(100)) {}

        assertThat(happened).containsExactly("first", "second", "late");
        assertThat(agenda.now()).isEqualTo(100);
    }

    @Test
    void doesNotGoPastTheTimeThatItIsGiven() {
        agenda.in(50, () -> happened.add("later"));

        assertThat(agenda.step(49)).isFalse();

        assertThat(agenda.now()).isEqualTo(49);
        assertThat(agenda.step(50)).isTrue();
        assertThat(happened).containsExactly("later");
    }

    @Test
    void tellsTwoRunsApartByOneHappening() {
        Trace one = new Trace(agenda, 0);
        Trace other = new Trace(agenda, 5);
        one.note("a", "b", "c");
        other.note("a", "b", "c");
        assertThat(one.hash()).isEqualTo(other.hash());

        other.note("a", "b", "d");

        assertThat(one.hash()).isNotEqualTo(other.hash());
        assertThat(other.lines()).hasSize(2);
    }
}
