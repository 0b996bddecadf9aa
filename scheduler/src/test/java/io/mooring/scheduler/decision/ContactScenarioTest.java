package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.FenceOutcome;
import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Agents out of contact: T8, T9, the operator's word, and other boots of a machine (E4). */
class ContactScenarioTest {
    @Test
    void startsNoSecondWriterWhileTheFirstIsOutOfContact() {
        for (Report report : List.of(Report.UNREACHABLE, Report.UNKNOWN, Report.LOST)) {
            Scenario scenario = Scenario.with("a1", "a2");
            Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

            scenario.fromMaster(launch.task(), report);

            assertThat(scenario.claimState("orders-db")).as("on %s", report).isEqualTo(ClaimState.SUSPECT);
            assertThat(scenario.offers("a2"))
                    .as("on %s", report)
                    .noneMatch(made -> made.order() instanceof RunWorkload);
            assertThat(scenario.vetoes("/orders")).containsKey(Veto.Kind.CLAIM);
            scenario.pass(Duration.ofDays(1));
            assertThat(scenario.claimState("orders-db"))
                    .as("time proves nothing")
                    .isEqualTo(ClaimState.SUSPECT);
        }
    }

    @Test
    void suspectsEveryClaimWhenMesosRemovedTheFrameworkUntilItIsTold() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch orders = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.up(withVolume("/stock", "stock-db"), "a2");

        assertThat(scenario.ask(scenario.decider::frameworkRemoved))
                .as("more to suspect")
                .isFalse();

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        assertThat(scenario.claimState("stock-db")).isEqualTo(ClaimState.SUSPECT);
        Scenario next = scenario.successor();
        assertThat(next.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        next.inspect("a2");
        assertThat(next.offers("a2")).noneMatch(made -> made.order() instanceof RunWorkload);
        next.fromMaster(orders.task(), Report.GONE);
        assertThat(next.claimState("orders-db"))
                .as("being gone proves nothing of the mount")
                .isNotNull();
    }

    @Test
    void suspectsThousandsOfClaimsInStepsThatFitATransaction() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").instances(250).resources(0.001, 1).draft());
        for (int i = 0; i < 6; i++) {
            scenario.offers(List.of(scenario.offer("a1", 1000, 1_000_000)));
        }

        int steps = 1;
        while (scenario.ask(scenario.decider::frameworkRemoved)) {
            steps++;
        }

        assertThat(steps).isGreaterThan(1);
        assertThat(scenario.state.tasks()).noneMatch(task -> task.state().live());
    }

    @Test
    void goesOnWhereItWasWhenTheAgentComesBack() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromMaster(launch.task(), Report.UNREACHABLE);

        scenario.fromMaster(launch.task(), Report.RUNNING);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
        assertThat(scenario.kills()).isEmpty();
        assertThat(scenario.state.task(launch.task()).orElseThrow().state()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    void replacesAStatelessTaskAndStopsTheOneThatComesBack() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch first = scenario.up(app("/web").draft(), "a1");
        scenario.fromMaster(first.task(), Report.UNREACHABLE);
        Launch second = scenario.up("a2");

        scenario.fromMaster(first.task(), Report.RUNNING);

        assertThat(scenario.kills()).contains(first.task()).doesNotContain(second.task());
    }

    @Test
    void finishesADeploymentThoughAReplacedTaskStaysAway() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch first = scenario.up(app("/web").draft(), "a1");
        scenario.fromMaster(first.task(), Report.UNREACHABLE);
        scenario.up("a2");
        scenario.replace(app("/web").env("LEVEL", "2").draft());
        scenario.up("a2");
        List<TaskId> old = scenario.kills();
        assertThat(old).hasSize(1);

        old.forEach(task -> scenario.fromExecutor(task, Report.KILLED, null));

        assertThat(scenario.state.app(new AppId("/web")).orElseThrow().deployment())
                .isEmpty();
    }

    @Test
    void stopsATaskOutOfContactWhenTheAppIsScaledToNothing() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromMaster(launch.task(), Report.UNREACHABLE);

        scenario.replace(app("/orders").volume("orders-db").instances(0).draft());

        assertThat(scenario.state.task(launch.task()).orElseThrow().goal()).isEqualTo(Task.Goal.STOP);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
    }

    @Test
    void killsAStoppedTaskThatComesBackAndReleasesItsClaim() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromMaster(launch.task(), Report.UNREACHABLE);
        scenario.delete("/orders");

        scenario.fromMaster(launch.task(), Report.RUNNING);

        assertThat(scenario.kills()).contains(launch.task());
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
    }

    @Test
    void takesTheOperatorsWordOnlyForAHolderThatWasSuspectBefore() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromMaster(launch.task(), Report.UNREACHABLE);

        scenario.fromMaster(launch.task(), Report.GONE_BY_OPERATOR);

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E5);
        cutOff(scenario, "a2");
        Launch next = scenario.launchOn("a2");
        assertThat(((RunWorkload) next.order()).volumes().get(0).fence()).isEqualTo(2);
    }

    @Test
    void doesNotCountARepeatedWordOfTheOperatorAsASecondFact() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

        // The master may have said it while the agent was alive; its answers to reconciliation only say it again.
        scenario.fromMaster(launch.task(), Report.GONE_BY_OPERATOR);
        scenario.fromMaster(launch.task(), Report.GONE_BY_OPERATOR);
        scenario.successor().fromMaster(launch.task(), Report.GONE_BY_OPERATOR);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.FENCING);
        assertThat(scenario.offers("a2")).noneMatch(made -> made.order() instanceof RunWorkload);
    }

    /** The storage's answer to the order that follows the operator's word. */
    private static void cutOff(Scenario scenario, String through) {
        Launch fence = scenario.launchOn(through);
        FenceHolder order = (FenceHolder) fence.order();
        scenario.fromExecutor(
                fence.task(),
                Report.FINISHED,
                new FenceReport(
                        order.operation(),
                        order.volume(),
                        order.holder(),
                        order.fence(),
                        FenceOutcome.CUT_OFF,
                        "gone"));
    }

    @Test
    void neverCountsATaskWhoseClaimIsGoneAsAnInstance() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch zombie = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromMaster(zombie.task(), Report.UNREACHABLE);
        scenario.fromMaster(zombie.task(), Report.GONE_BY_OPERATOR);

        scenario.update(zombie.task(), Report.RUNNING, StatusUpdate.Source.MASTER, "", null);

        assertThat(scenario.kills()).contains(zombie.task());
        cutOff(scenario, "a2");
        assertThat(scenario.launchOn("a2").order()).isInstanceOf(RunWorkload.class);
    }

    @Test
    void letsAnAppGoWhoseTaskTheOperatorDeclaredGone() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromMaster(launch.task(), Report.UNREACHABLE);
        scenario.fromMaster(launch.task(), Report.GONE_BY_OPERATOR);

        scenario.delete("/orders");

        assertThat(scenario.state.app(new AppId("/orders"))).isEmpty();
    }

    @Test
    void revokesWhatWasNeverActivatedWhenContactIsLost() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");

        scenario.fromMaster(launch.task(), Report.UNREACHABLE);

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.NEVER_ACTIVATED);
        assertThat(scenario.launchOn("a2").order()).isInstanceOf(RunWorkload.class);
    }

    @Test
    void keepsWaitingForTheCleanUpOfAnEndedTaskWhoseAgentGoesAway() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromAgent(launch.task(), Report.FAILED, "");

        scenario.fromMaster(launch.task(), Report.UNREACHABLE);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
    }

    @Test
    void takesTheBootOfANewAgentOnTheMachineForEvidence() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromMaster(launch.task(), Report.UNREACHABLE);

        Launch inspection = Scenario.inspection(scenario.offers(List.of(again(scenario))));
        scenario.report(inspection, "a1", new BootId("boot-later"));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E4);
    }

    @Test
    void looksAgainAtAMachineThatWasInspectedBeforeItsClaimBecameSuspect() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        Launch early = Scenario.inspection(scenario.offers(List.of(again(scenario))));
        scenario.report(early, "a1", new BootId("boot-later"));
        assertThat(scenario.claimState("orders-db"))
                .as("the holder is in contact")
                .isEqualTo(ClaimState.MOUNTED);
        scenario.pass(Duration.ofSeconds(75));

        scenario.fromMaster(launch.task(), Report.UNREACHABLE);

        assertThat(scenario.effects(Effect.Suppress.class))
                .as("offers bring evidence")
                .isEmpty();
        Launch inspection = Scenario.inspection(scenario.offers(List.of(again(scenario))));
        scenario.report(inspection, "a1", new BootId("boot-later"));
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E4);
    }

    @Test
    void doesNotInspectASuspectMachineOverAndOver() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromMaster(launch.task(), Report.UNREACHABLE);
        scenario.pass(Duration.ofSeconds(1));
        Launch inspection = Scenario.inspection(scenario.offers(List.of(again(scenario))));
        scenario.report(inspection, "a1", Scenario.boot("a1"));

        assertThat(scenario.offers(List.of(again(scenario)))).noneMatch(made -> made.order() instanceof InspectAgent);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
    }

    @Test
    void doesNotBelieveAnotherBootWhileTheHoldersOwnAgentIsInContact() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.delete("/orders");
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);

        Launch inspection = Scenario.inspection(scenario.offers(List.of(again(scenario))));
        scenario.report(inspection, "a1", new BootId("boot-of-a-clone"));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
        assertThat(scenario.state.task(launch.task())).isPresent();
    }

    @Test
    void forgetsAnAgentThatWasLostWhileNobodyListenedWhenItsMachineComesAgain() {
        Scenario scenario = Scenario.with("a1");
        scenario.subscribe();

        Launch inspection = Scenario.inspection(scenario.offers(List.of(again(scenario))));
        scenario.report(inspection, "a1", new BootId("boot-later"));

        assertThat(scenario.state.discrepancies().count(Name.TWO_BOOTS)).isZero();
    }

    @Test
    void trustsNeitherOfTwoAgentsOnOneMachineThatGaveASignOrHoldSomething() {
        for (boolean holds : List.of(true, false)) {
            Scenario scenario = Scenario.with("a1");
            Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
            if (!holds) {
                scenario.delete("/orders");
                scenario.fromExecutor(launch.task(), Report.KILLED, scenario.record(launch));
            }
            scenario.subscribe();
            if (!holds) {
                scenario.offers("a1");
            }

            Launch inspection = Scenario.inspection(scenario.offers(List.of(again(scenario))));
            scenario.report(inspection, "a1", new BootId("boot-of-a-clone"));

            assertThat(scenario.state
                            .machine(Scenario.machine("a1"))
                            .orElseThrow()
                            .quarantine())
                    .as("holds something: %s", holds)
                    .isPresent();
        }
    }

    @Test
    void forgetsAMachineOnlyWhenNoAgentWasKnownOnItForLong() {
        Scenario before = Scenario.with("a1");
        Launch launch = before.up(withVolume("/orders", "orders-db"), "a1");
        before.delete("/orders");
        before.fromExecutor(launch.task(), Report.KILLED, before.record(launch));
        Scenario scenario = before.successor();

        scenario.pass(Duration.ofDays(13));
        assertThat(scenario.state.machine(Scenario.machine("a1"))).isPresent();
        scenario.pass(Duration.ofDays(2));
        assertThat(scenario.state.machine(Scenario.machine("a1"))).isEmpty();
    }

    @Test
    void endsAOneShotTaskThatIsNotOnRecord() {
        Scenario scenario = Scenario.with();
        TaskId stranger = new TaskId("mooring-inspect.6-x");

        scenario.fromExecutor(stranger, Report.RUNNING, null);

        assertThat(scenario.kills()).containsExactly(stranger);
    }

    @Test
    void marksAnAgentThatMesosForgot() {
        Scenario scenario = Scenario.with("a1");

        scenario.step(decision -> scenario.decider.agentLost(new AgentId("a1"), decision));

        assertThat(scenario.notices()).contains("agent_removed");
        scenario.offers("a1");
        assertThat(scenario.state.agent(new AgentId("a1")).orElseThrow().state())
                .isEqualTo(io.mooring.scheduler.cluster.Agent.State.ACTIVE);
    }

    @Test
    void inspectsAnAgentAgainOnlyAfterAWhileWhenItFailed() {
        Scenario scenario = Scenario.with();
        scenario.create(withVolume("/orders", "orders-db"));
        Launch inspection = scenario.launchOn("a1");
        scenario.fromAgent(inspection.task(), Report.FAILED, "REASON_CONTAINER_LAUNCH_FAILED");

        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(scenario.passed(Duration.ofSeconds(15))).anyMatch(Effect.Revive.class::isInstance);
        assertThat(scenario.launchOn("a1").order()).isInstanceOf(InspectAgent.class);
    }

    @Test
    void reportsOfAnotherBootFreeNothingThatIsHeldElsewhere() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromMaster(launch.task(), Report.UNREACHABLE);
        scenario.pass(Duration.ofMinutes(11));

        Launch inspection = Scenario.inspection(scenario.offers("a2"));
        scenario.fromExecutor(
                inspection.task(),
                Report.FINISHED,
                new AgentReport(Scenario.machine("a2"), new BootId("boot-later"), List.of(), List.of()));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
    }

    /** An offer of a new agent on the machine of {@code a1}. */
    private static Offer again(Scenario scenario) {
        Offer offer = scenario.offer("a1");
        return new Offer(
                new OfferId(offer.id().value()),
                new AgentId("a1-again"),
                offer.hostname(),
                Optional.of(Scenario.machine("a1")),
                offer.zone(),
                offer.attributes(),
                offer.resources(),
                offer.slots(),
                offer.ports(),
                offer.roles());
    }
}
