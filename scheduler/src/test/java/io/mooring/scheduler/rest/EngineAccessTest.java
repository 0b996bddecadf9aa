package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineAccessTest {
    private static final List<Integer> MANY = IntStream.range(0, 1_000).boxed().toList();

    private final EngineAccess access = new EngineAccess(Duration.ofSeconds(60));
    private Engine engine;

    @BeforeEach
    void start() {
        Policy policy = new Policy(
                1,
                new Resources(0.05, 96, 0),
                Map.of(),
                Map.of(),
                "/var/lib/rexray/volumes/{name}",
                1,
                Policy.Timing.usual(),
                Policy.Takeover.usual(),
                Optional.empty());
        engine = new Engine(
                new Decider(new ClusterState(), policy, () -> "id"),
                (records, outcome) -> outcome.accept(new Store.Outcome.Committed()),
                effect -> {},
                InstantSource.system(),
                why -> {});
        engine.start();
        access.open(engine, (app, version) -> CompletableFuture.completedFuture(Optional.empty()));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void answersOthersWhileManyThingsAreLookedAt() {
        CompletableFuture<Integer> inBetween = new CompletableFuture<>();
        List<Boolean> answered = access.each((decider, decision) -> MANY, (number, decider, decision) -> {
            if (number == 0) {
                engine.post((other, event) -> inBetween.complete(number));
            }
            return Optional.of(inBetween.isDone());
        });

        assertThat(answered).hasSize(MANY.size()).last().isEqualTo(true);
    }

    @Test
    void leavesOutWhatIsGoneWhenItsTurnComes() {
        assertThat(access.each((decider, decision) -> MANY, (number, decider, decision) -> Optional.of(number)
                        .filter(there -> there % 500 != 250)))
                .hasSize(MANY.size() - 2)
                .doesNotContain(250, 750)
                .isSorted();
    }
}
