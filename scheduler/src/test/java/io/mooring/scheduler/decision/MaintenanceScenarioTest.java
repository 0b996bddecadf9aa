package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.spec;
import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.OfferId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Effect.AnswerInverseOffer.Answer;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.placement.InverseOffer;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.placement.Unavailability;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Agents that operators of Mesos take down, by a schedule or by draining them. */
class MaintenanceScenarioTest {
    private static final Duration HOUR = Duration.ofHours(1);

    static Offer down(Offer offer, Instant start, Optional<Duration> length) {
        return new Offer(
                offer.id(),
                offer.agent(),
                offer.role(),
                offer.hostname(),
                offer.machine(),
                offer.zone(),
                offer.attributes(),
                offer.shares(),
                offer.slots(),
                offer.ports(),
                Optional.of(new Unavailability(start, length)));
    }

    private static void asked(Scenario scenario, String agent, Instant start) {
        InverseOffer offer = new InverseOffer(
                new OfferId("inverse-" + agent), new AgentId(agent), new Unavailability(start, Optional.of(HOUR)));
        scenario.step(decision -> scenario.decider.inverseOffer(offer, decision));
    }

    private static Answer answer(Scenario scenario) {
        return scenario.effects(Effect.AnswerInverseOffer.class).get(0).answer();
    }

    @Test
    void prefersAnAgentThatStaysAndStillUsesOneThatGoesLater() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/web").instances(2).draft());
        Instant tomorrow = scenario.now.plus(Duration.ofDays(1));

        scenario.offers(List.of(
                down(scenario.offer("a1", 9, 9000), tomorrow, Optional.empty()), scenario.offer("a2", 0.6, 200)));

        assertThat(scenario.effects(Effect.AcceptOffers.class))
                .as("one each, though the first has more room")
                .extracting(accept ->
                        accept.agent().value() + " " + accept.launches().size())
                .containsExactlyInAnyOrder("a1 1", "a2 1");
    }

    @Test
    void placesNothingWhereAWindowIsAboutToBeginUntilItIsOver() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").draft());
        Instant start = scenario.now.plusSeconds(300);

        assertThat(scenario.offers(List.of(down(scenario.offer("a1"), start, Optional.of(HOUR)))))
                .isEmpty();
        assertThat(scenario.vetoes("/web").get(Veto.Kind.MAINTENANCE))
                .contains("from " + start)
                .contains("for 60 min");

        scenario.pass(Duration.ofMinutes(66));
        assertThat(scenario.offers(List.of(down(scenario.offer("a1"), start, Optional.of(HOUR)))))
                .anyMatch(made -> made.name().equals("/web"));
    }

    @Test
    void acceptsAndMovesItsTasksInTime() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        asked(scenario, "a1", scenario.now.plus(HOUR));

        assertThat(answer(scenario)).isEqualTo(Answer.ACCEPT);
        assertThat(scenario.kills()).isEmpty();
        scenario.pass(Duration.ofMinutes(49));
        assertThat(scenario.kills()).isEmpty();

        assertThat(scenario.passed(Duration.ofMinutes(1)))
                .anyMatch(effect ->
                        effect instanceof Effect.KillTask kill && kill.task().equals(launch.task()));
        scenario.fromExecutor(launch.task(), Report.KILLED, scenario.record(launch));
        assertThat(scenario.offers(
                        List.of(down(scenario.offer("a1"), scenario.now.plusSeconds(600), Optional.empty()))))
                .noneMatch(made -> made.name().equals("/orders"));
        assertThat(scenario.offers("a2")).anyMatch(made -> made.name().equals("/orders"));
    }

    @Test
    void movesAtOnceWhenTheWindowIsNear() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch launch = scenario.up(app("/web").draft(), "a1");

        asked(scenario, "a1", scenario.now.plusSeconds(30));

        assertThat(scenario.passed(Duration.ofSeconds(1)))
                .anyMatch(effect ->
                        effect instanceof Effect.KillTask kill && kill.task().equals(launch.task()));
    }

    @Test
    void declinesWhileAVolumeIsOnThatMachineOnlyAndLeavesItsTaskAlone() {
        Scenario scenario = Scenario.with("a2");
        scenario.inspect(
                "a1",
                new PluginReport(
                        new DriverName("local"), true, "1", false, Optional.empty(), OptionalLong.empty(), List.of()));
        scenario.up(
                app("/app")
                        .volume(spec("local", "orders-db", ReclaimPolicy.RETAIN, Map.of()))
                        .draft(),
                "a1");

        asked(scenario, "a1", scenario.now.plusSeconds(30));

        assertThat(answer(scenario)).isEqualTo(Answer.DECLINE);
        assertThat(scenario.effects(Effect.Publish.class))
                .anyMatch(publish -> publish.notice().type().equals("maintenance_declined")
                        && publish.notice().facts().get("why").contains("orders-db"));
        scenario.pass(HOUR);
        assertThat(scenario.kills()).isEmpty();
    }

    @Test
    void movesNothingWhenThePlanIsTakenBack() {
        Scenario scenario = Scenario.with("a1");
        scenario.up(app("/web").draft(), "a1");
        asked(scenario, "a1", scenario.now.plus(HOUR));

        scenario.step(decision -> scenario.decider.inverseOfferRescinded(new OfferId("inverse-a1")));

        assertThat(scenario.passed(HOUR)).noneMatch(Effect.KillTask.class::isInstance);
    }

    @Test
    void goesElsewhereFromAnAgentThatIsDrainedUntilItOffersAgain() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/web").draft());
        Launch launch = scenario.up("a1");
        scenario.update(launch.task(), Report.KILLED, StatusUpdate.Source.EXECUTOR, "REASON_AGENT_DRAINING", null);

        assertThat(scenario.effects(Effect.Publish.class))
                .anyMatch(publish -> publish.notice().type().equals("agent_draining"));
        assertThat(scenario.launchOn("a2").name())
                .as("at once: a drain is no failure")
                .isEqualTo("/web");
    }

    @Test
    void leavesAnAgentThatAMasterListsAsDrainedBeforeAnyKillCame() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/web").draft());
        Launch launch = scenario.up("a1");

        scenario.step(
                decision -> scenario.decider.drained(Set.of(new AgentId("a1"), new AgentId("unknown")), decision));

        assertThat(scenario.effects(Effect.KillTask.class)).singleElement().satisfies(kill -> assertThat(kill.task())
                .isEqualTo(launch.task()));
        assertThat(scenario.effects(Effect.Publish.class))
                .extracting(publish -> publish.notice().type())
                .contains("agent_draining", "task_leaves_drained_agent");
        scenario.step(decision -> scenario.decider.drained(Set.of(new AgentId("a1")), decision));
        assertThat(scenario.effects(Effect.KillTask.class)).as("said once").isEmpty();
    }

    @Test
    void countsAnAgentThatIsNotListedAsDrainedAnyMoreAgain() {
        Scenario scenario = Scenario.with("a1");
        scenario.step(decision -> scenario.decider.drained(Set.of(new AgentId("a1")), decision));

        scenario.step(decision -> scenario.decider.drained(Set.of(), decision));
        scenario.step(decision -> scenario.decider.drained(Set.of(new AgentId("a1")), decision));

        assertThat(scenario.effects(Effect.Publish.class))
                .extracting(publish -> publish.notice().type())
                .as("news again")
                .contains("agent_draining");
    }
}
