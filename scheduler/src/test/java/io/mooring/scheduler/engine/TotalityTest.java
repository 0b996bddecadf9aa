package io.mooring.scheduler.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.ReadinessCheck;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Notice;
import io.mooring.scheduler.effect.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Java 17 does not check a chain of instanceof: one example of every kind goes through each of them here. */
class TotalityTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final TaskId TASK = new TaskId("task");
    private static final AgentId AGENT = new AgentId("agent");

    static List<Effect> effects() {
        return List.of(
                new Effect.AcceptOffers(AGENT, List.of(new OfferId("o")), List.of(), Duration.ZERO),
                new Effect.DeclineOffers(List.of(new OfferId("o")), Duration.ZERO),
                new Effect.Revive(),
                new Effect.Suppress(),
                new Effect.WishOffers(List.of()),
                new Effect.AnswerInverseOffer(
                        new OfferId("o"), Effect.AnswerInverseOffer.Answer.ACCEPT, Duration.ofSeconds(1)),
                new Effect.KillTask(TASK, AGENT, Optional.of(Duration.ofSeconds(1))),
                new Effect.Acknowledge(TASK, AGENT, List.of((byte) 1)),
                new Effect.SendMessage(TASK, AGENT, new Deny(TASK, 1, "no")),
                new Effect.Reconcile(List.of(new Effect.KnownTask(TASK, AGENT))),
                new Effect.AskReadiness(
                        TASK,
                        "a1.example",
                        31000,
                        new ReadinessCheck(
                                "ready",
                                "http",
                                "/",
                                0,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(10),
                                List.of(200),
                                ReadinessCheck.Response.KEPT)),
                new Effect.StartTimer(new Timer.WantOffers(), NOW),
                new Effect.Publish(new Notice("type", NOW, Map.of())));
    }

    static List<Timer> timers() {
        return List.of(
                new Timer.LaunchTimeout(TASK),
                new Timer.KillAgain(TASK, 1),
                new Timer.BackoffOver(new AppId("/web")),
                new Timer.OperationDue("volume x"),
                new Timer.ReconcileAgain(),
                new Timer.ReconcileAll(),
                new Timer.SuspectGrace(new ClaimId("claim")),
                new Timer.RemovalGoesOn(new AppId("/app")),
                new Timer.HandOverMissed(new ClaimId("claim")),
                new Timer.CompareAll(),
                new Timer.CollectGarbage(),
                new Timer.LeaveAgent(AGENT),
                new Timer.HeartbeatDue(new ClaimId("foreign")),
                new Timer.AskReadiness(TASK),
                new Timer.OutOfReach(new AppId("/app"), TASK, Duration.ofSeconds(1)),
                new Timer.WantOffers());
    }

    @Test
    void examplesAreOfEveryKind() {
        complete(Effect.class, effects());
        complete(Timer.class, timers());
    }

    @Test
    void timersNoticesAndReadinessGoToTheirPortsAndAllElseToMesos() {
        List<Object> mesos = new ArrayList<>();
        List<Object> readiness = new ArrayList<>();
        List<Object> timers = new ArrayList<>();
        List<Object> notices = new ArrayList<>();
        Effects performer = new Effects(mesos::add, readiness::add, (timer, at) -> timers.add(timer), notices::add);

        effects().forEach(performer::perform);

        assertThat(timers).hasSize(1);
        assertThat(notices).hasSize(1);
        assertThat(readiness).hasSize(1);
        assertThat(mesos).hasSize(effects().size() - 3);
    }

    @Test
    void everyTimerHasAnAnswer() {
        ClusterState state = new ClusterState();
        Policy policy = new Policy(
                1,
                new Resources(0, 0, 0),
                Map.of(),
                Map.of(),
                "/{name}",
                1,
                Policy.Timing.usual(),
                Policy.Takeover.usual(),
                Optional.empty());
        Decider decider = new Decider(state, policy, () -> "name");

        timers().forEach(timer -> decider.timer(timer, new Decision(state, NOW)));
    }

    private static void complete(Class<?> sealed, List<?> examples) {
        assertThat(examples.stream().map(example -> example.getClass().getSimpleName()))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(sealed.getPermittedSubclasses())
                        .filter(kind -> sealed.isAssignableFrom(kind))
                        .map(Class::getSimpleName)
                        .toList());
    }
}
