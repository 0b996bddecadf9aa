package io.mooring.scheduler.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The conductor without a thread: every step is the test's. */
class ConductorTest {
    private static final TaskId TASK = new TaskId("task");
    private static final AgentId AGENT = new AgentId("agent");
    private static final Effect GO = new Effect.SendMessage(TASK, AGENT, new Go(TASK, 1, List.of()));
    private static final Effect ACKNOWLEDGE = new Effect.Acknowledge(TASK, AGENT, List.of((byte) 1));
    private static final Effect KILL = new Effect.KillTask(TASK, AGENT, Optional.empty());

    private final List<List<StoreRecord>> commits = new ArrayList<>();
    private final Deque<Consumer<Store.Outcome>> open = new ArrayDeque<>();
    private final List<Effect> performed = new ArrayList<>();
    private final Conductor conductor = new Conductor(
            new Decider(new ClusterState(), policy(), () -> "name"),
            this::commit,
            this::perform,
            InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")),
            this::settle);

    private void commit(List<StoreRecord> records, Consumer<Store.Outcome> outcome) {
        commits.add(List.copyOf(records));
        open.add(outcome);
    }

    private void settle(Store.Outcome outcome) {
        if (!conductor.settled(outcome)) {
            conductor.end("lost");
        }
    }

    private void perform(Effect effect) {
        if (effect.equals(GO) || effect.equals(ACKNOWLEDGE) || effect.equals(KILL)) {
            performed.add(effect);
        }
    }

    private void decide(Engine.Reaction reaction) {
        conductor.decide(Conductor.reaction(reaction), () -> null);
        conductor.send();
    }

    private void answer(Store.Outcome outcome) {
        open.remove().accept(outcome);
    }

    @Test
    void asksWhetherItStillLeadsBeforeAGoThatRecordsNothing() {
        decide((decider, decision) -> decision.effect(GO));

        assertThat(commits).containsExactly(List.of());
        assertThat(performed).isEmpty();
        answer(new Store.Outcome.Committed());
        assertThat(performed).containsExactly(GO);
    }

    @Test
    void asksWhetherItStillLeadsBeforeAnAcknowledgementThatRecordsNothing() {
        decide((decider, decision) -> decision.effect(ACKNOWLEDGE));

        assertThat(commits).containsExactly(List.of());
        answer(new Store.Outcome.Committed());
        assertThat(performed).containsExactly(ACKNOWLEDGE);
    }

    @Test
    void saysNothingToExecutorsOnceItIsDeposed() {
        decide((decider, decision) -> decision.effect(GO));

        answer(new Store.Outcome.Lost("another leader"));

        assertThat(performed).isEmpty();
    }

    @Test
    void performsWithoutTheStoreWhatSpeaksToNoExecutor() {
        decide((decider, decision) -> decision.effect(KILL));

        assertThat(commits).isEmpty();
        assertThat(performed).containsExactly(KILL);
    }

    @Test
    void sendsTheNextBatchWhenTheOneBeforeIsDurable() {
        StoreRecord record = new StoreRecord.PutFramework(new FrameworkId("framework"));
        decide((decider, decision) -> decision.record(record));
        decide((decider, decision) -> decision.effect(GO));
        assertThat(commits).hasSize(1);

        answer(new Store.Outcome.Committed());

        assertThat(commits).containsExactly(List.of(record), List.of());
        assertThat(performed).isEmpty();
        answer(new Store.Outcome.Committed());
        assertThat(performed).containsExactly(GO);
    }

    private static Policy policy() {
        return new Policy(
                1,
                new Resources(0, 0, 0),
                Map.of(),
                Map.of(),
                "/{name}",
                1,
                Policy.Timing.usual(),
                Policy.Takeover.usual(),
                Optional.empty());
    }
}
