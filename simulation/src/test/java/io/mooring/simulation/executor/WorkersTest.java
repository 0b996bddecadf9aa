package io.mooring.simulation.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private final Deque<Runnable> soon = new ArrayDeque<>();
    private final Workers workers = new Workers(soon::add);
    private final List<Consumer<String>> calls = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    private String call() {
        return workers.await(calls::add);
    }

    private void runAll() {
        while (!soon.isEmpty()) {
            soon.remove().run();
        }
    }

    @Test
    void goesOnWhereItWasWhenAnAnswerComes() {
        workers.execute(() -> done.add(call() + call()));
        runAll();
        assertThat(calls).hasSize(1);

        calls.get(0).accept("first ");
        runAll();
        assertThat(calls).hasSize(2);
        assertThat(done).isEmpty();

        calls.get(1).accept("second");
        runAll();
        assertThat(done).containsExactly("first second");
        assertThat(calls).hasSize(2);
    }

    @Test
    void keepsPiecesOfWorkApart() {
        workers.execute(() -> done.add("one " + call()));
        workers.execute(() -> done.add("two " + call()));
        runAll();

        calls.get(1).accept("b");
        calls.get(0).accept("a");
        runAll();

        assertThat(done).containsExactly("two b", "one a");
    }
}
