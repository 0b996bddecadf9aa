package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.AttachmentSeen;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.ExecutorReport.Existence;
import io.mooring.common.command.ExecutorReport.FenceOutcome;
import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.common.command.SchedulerMessage.Superseded;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.Report;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Holders that nobody reaches: cut off by the storage, seen to be gone by it, or given up by a person. */
class TakeoverScenarioTest {
    private static final VolumeName ORDERS = new VolumeName("orders-db");

    private static Scenario lost(TakeoverPolicy policy, String... agents) {
        Scenario scenario = Scenario.with(agents);
        Launch launch = scenario.up(app("/orders").volume("orders-db", policy).draft(), "a1");
        scenario.fromMaster(launch.task(), Report.UNREACHABLE);
        return scenario;
    }

    private static List<Launch> fences(Scenario scenario, String agent) {
        return scenario.offers(agent).stream()
                .filter(launch -> launch.order() instanceof FenceHolder)
                .toList();
    }

    private static void answer(Scenario scenario, Launch fence, FenceOutcome outcome) {
        FenceHolder order = (FenceHolder) fence.order();
        scenario.fromExecutor(
                fence.task(),
                Report.FINISHED,
                new FenceReport(
                        order.operation(), order.volume(), order.holder(), order.fence(), outcome, "as the test says"));
    }

    private static Launch ordered(Scenario scenario) {
        scenario.pass(Duration.ofSeconds(61));
        return Scenario.only(scenario.offers("a2"), FenceHolder.class);
    }

    @Test
    void cutsALostHolderOffAfterItsGraceAndTakesOver() {
        Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2");
        scenario.pass(Duration.ofSeconds(59));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        scenario.pass(Duration.ofSeconds(2));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.FENCING);

        Launch fence = Scenario.only(scenario.offers("a2"), FenceHolder.class);
        FenceHolder order = (FenceHolder) fence.order();
        assertThat(order.holder()).isEqualTo(new MachineKey("m-a1"));
        assertThat(order.fence()).isEqualTo(1);
        assertThat(order.claim())
                .isEqualTo(scenario.claim("orders-db").orElseThrow().id());
        answer(scenario, fence, FenceOutcome.CUT_OFF);

        assertThat(scenario.claim("orders-db")).isEmpty();
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E3);
        assertThat(scenario.volume("orders-db").needsFsck()).isTrue();
        assertThat(scenario.state.cutOffs()).isEmpty();
        Launch next = scenario.up("a2");
        assertThat(scenario.claim("orders-db").orElseThrow().fence()).isEqualTo(2);
        assertThat(scenario.agentOf(next)).isEqualTo("a2");
    }

    @Test
    void trustsNoDeclaredClassWhereAPluginSaysThatItIsWorse() {
        Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2");
        scenario.inspect(
                "a3",
                new PluginReport(
                        new DriverName("loop"),
                        true,
                        "REX-Ray 0.10 or later",
                        true,
                        Optional.of("D"),
                        OptionalLong.empty(),
                        List.of(),
                        Map.of(),
                        List.of("mount.preempt is on")));

        scenario.pass(Duration.ofSeconds(61));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        assertThat(fences(scenario, "a2")).isEmpty();
    }

    @Test
    void neverAsksTheLostMachineItselfToCutItselfOff() {
        Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2");
        scenario.pass(Duration.ofSeconds(61));

        assertThat(fences(scenario, "a1")).isEmpty();
    }

    @Test
    void keepsTheClaimWhenTheStorageRefusesOrDoesNotSay() {
        for (FenceOutcome outcome : List.of(FenceOutcome.REFUSED, FenceOutcome.UNKNOWN)) {
            Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2");
            Launch fence = ordered(scenario);

            answer(scenario, fence, outcome);

            assertThat(scenario.claimState("orders-db")).as("%s", outcome).isEqualTo(ClaimState.FENCING);
            assertThat(scenario.claim("orders-db").orElseThrow().trouble()).isPresent();
            assertThat(fences(scenario, "a2")).as("not at once again").isEmpty();
            scenario.pass(Duration.ofSeconds(16));
            FenceHolder again = (FenceHolder)
                    Scenario.only(scenario.offers("a2"), FenceHolder.class).order();
            assertThat(again.operation()).isEqualTo(((FenceHolder) fence.order()).operation());
        }
    }

    @Test
    void takesNoAnswerForAnotherOperation() {
        Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2");
        Launch fence = ordered(scenario);
        FenceHolder order = (FenceHolder) fence.order();

        scenario.fromExecutor(
                fence.task(),
                Report.FINISHED,
                new FenceReport("other", order.volume(), order.holder(), order.fence(), FenceOutcome.CUT_OFF, ""));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.FENCING);
    }

    @Test
    void asksAgainThroughAnotherAgentWhenTheFirstIsLost() {
        Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2", "a3");
        Launch fence = ordered(scenario);

        scenario.fromMaster(fence.task(), Report.UNREACHABLE);

        assertThat(fences(scenario, "a3")).hasSize(1);
    }

    @Test
    void doesNotGoBackFromAFenceAndKillsWhoReturns() {
        Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2");
        scenario.pass(Duration.ofSeconds(61));
        var task = scenario.claim("orders-db").orElseThrow().task();

        scenario.fromMaster(task, Report.RUNNING);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.FENCING);
        assertThat(scenario.kills()).contains(task);
    }

    @Test
    void endsATaskThatReturnsAfterItsVolumeWasTakenOver() {
        Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2");
        var old = scenario.claim("orders-db").orElseThrow().task();
        answer(scenario, ordered(scenario), FenceOutcome.CUT_OFF);
        scenario.up("a2");

        scenario.fromMaster(old, Report.RUNNING);

        assertThat(scenario.kills()).containsExactly(old);
        assertThat(scenario.message()).isInstanceOfSatisfying(Superseded.class, message -> {
            assertThat(message.task()).isEqualTo(old);
            assertThat(message.fence()).isEqualTo(2);
        });
        assertThat(scenario.state.discrepancies().count(Name.ZOMBIE_RETURNED)).isEqualTo(1);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
        scenario.fromExecutor(old, Report.KILLED, null);
        assertThat(scenario.state.task(old)).isEmpty();
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
    }

    @Test
    void grantsNothingOnAMachineThatWasCutOffUntilItIsClean() {
        Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2");
        answer(scenario, ordered(scenario), FenceOutcome.CUT_OFF);

        List<Launch> launches = scenario.offers("a1");

        assertThat(scenario.vetoes("/orders")).containsKey(Veto.Kind.MACHINE);
        Launch cleanUp = Scenario.only(launches, CleanUp.class);
        assertThat(((CleanUp) cleanUp.order()).fenced()).containsExactly(ORDERS);
        scenario.fromExecutor(
                cleanUp.task(),
                Report.FINISHED,
                new ReleaseRecord(new MachineKey("m-a1"), Scenario.boot("a1"), List.of(), List.of(ORDERS)));
        assertThat(scenario.state.machine(new MachineKey("m-a1")).map(Machine::fenced))
                .contains(List.of());
        assertThat(scenario.offers("a1")).hasSize(1);
    }

    @Test
    void leavesALostHolderAloneUnlessThePolicySaysOtherwise() {
        for (TakeoverPolicy policy : List.of(TakeoverPolicy.EVIDENCE, TakeoverPolicy.MANUAL)) {
            Scenario scenario = lost(policy, "a1", "a2");

            scenario.pass(Duration.ofHours(1));

            assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        }
    }

    // ---- the backend's list (E2)

    private static void observe(Scenario scenario, AttachmentView view) {
        Launch look = Scenario.only(scenario.offers("a2"), ObserveVolumes.class);
        assertThat(((ObserveVolumes) look.order()).volumes()).contains(ORDERS);
        scenario.fromExecutor(
                look.task(),
                Report.FINISHED,
                new VolumesObserved(
                        new MachineKey("m-a2"),
                        new DriverName("loop"),
                        scenario.now,
                        List.of(new VolumeObserved(ORDERS, Existence.EXISTS, view))));
    }

    private static AttachmentView at(String machine) {
        return new AttachmentView.At(List.of(new AttachmentSeen(
                new MachineKey(machine), Optional.empty(), OptionalLong.of(1), Optional.empty(), Scenario.START)));
    }

    @Test
    void releasesWhenTheBackendSaysTwiceThatItIsNotAttachedThere() {
        Scenario scenario = lost(TakeoverPolicy.EVIDENCE, "a1", "a2");
        scenario.pass(Duration.ofSeconds(1));
        observe(scenario, new AttachmentView.None());
        scenario.pass(Duration.ofSeconds(15));
        observe(scenario, new AttachmentView.None());
        assertThat(scenario.claimState("orders-db")).as("too early").isEqualTo(ClaimState.SUSPECT);
        scenario.pass(Duration.ofSeconds(16));
        observe(scenario, new AttachmentView.None());

        assertThat(scenario.claim("orders-db")).isEmpty();
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E2);
    }

    @Test
    void startsToCountAnewWhenTheBackendShowsItAttachedInBetween() {
        Scenario scenario = lost(TakeoverPolicy.EVIDENCE, "a1", "a2");
        scenario.pass(Duration.ofSeconds(1));
        observe(scenario, new AttachmentView.None());
        scenario.pass(Duration.ofSeconds(16));
        observe(scenario, at("m-a1"));
        scenario.pass(Duration.ofSeconds(16));
        observe(scenario, new AttachmentView.None());

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
    }

    @Test
    void takesNoPluginsSilenceAsAnAnswer() {
        Scenario scenario = lost(TakeoverPolicy.EVIDENCE, "a1", "a2");
        for (int i = 0; i < 5; i++) {
            scenario.pass(Duration.ofSeconds(16));
            observe(scenario, new AttachmentView.NotTold());
        }

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
    }

    @Test
    void doesNotAskTheBackendAboutAVolumeThatOnlyAPersonReleases() {
        Scenario scenario = lost(TakeoverPolicy.MANUAL, "a1", "a2");
        scenario.pass(Duration.ofMinutes(1));
        scenario.offers("a2").forEach(launch -> scenario.fromExecutor(launch.task(), Report.FINISHED, null));

        scenario.pass(Duration.ofMinutes(1));

        assertThat(scenario.offers("a2")).noneMatch(launch -> launch.order() instanceof ObserveVolumes);
    }

    // ---- the operator's hand

    private static Answer<ReleasedClaim> release(Scenario scenario, String machine) {
        return scenario.ask(
                decision -> scenario.decider.release(ORDERS, new MachineKey(machine), "burnt down", "ada", decision));
    }

    @Test
    void takesTheOperatorsWordForALostHolderAndHasItCutOffAllTheSame() {
        Scenario scenario = lost(TakeoverPolicy.MANUAL, "a1", "a2");

        ReleasedClaim released = Scenario.ok(release(scenario, "m-a1"));

        assertThat(released.freedBy().code()).isEqualTo(Evidence.Code.E5);
        assertThat(released.freedBy().by()).isEqualTo("ada");
        assertThat(scenario.notices()).contains("operator_released");
        Launch fence = Scenario.only(scenario.offers("a2"), FenceHolder.class);
        assertThat(scenario.vetoes("/orders").get(Veto.Kind.CLAIM)).contains("is being cut off");
        answer(scenario, fence, FenceOutcome.REFUSED);
        assertThat(scenario.up("a2"))
                .as("the word stands when the storage cannot help")
                .isNotNull();
    }

    @Test
    void refusesTheWrongMachineAndAHolderThatIsAlive() {
        Scenario scenario = lost(TakeoverPolicy.EVIDENCE, "a1", "a2");
        assertThat(Scenario.refused(release(scenario, "m-a2")).what()).contains("m-a1");
        var task = scenario.claim("orders-db").orElseThrow().task();
        scenario.fromMaster(task, Report.RUNNING);

        assertThat(Scenario.refused(release(scenario, "m-a1")).what()).contains("alive");
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
        scenario.delete("/orders");
        scenario.fromExecutor(task, Report.KILLED, scenario.record(scenario.launched(task)));
        assertThat(Scenario.refused(release(scenario, "m-a1")).why()).isEqualTo(Answer.Why.NOT_FOUND);
    }

    @Test
    void orderedByMesosOperatorCutsALiveMachineOffBeforeItsWordCounts() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

        scenario.fromMaster(launch.task(), Report.GONE_BY_OPERATOR);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.FENCING);
    }

    // ---- the brake

    @Test
    void pullsTheBrakeWhenManyAgentsAreLostTogether() {
        Scenario scenario = Scenario.with("a1", "a2", "a3");
        Launch first = scenario.up(
                app("/orders").volume("orders-db", TakeoverPolicy.FENCE).draft(), "a1");
        Launch second = scenario.up(app("/web").draft(), "a2");
        scenario.fromMaster(first.task(), Report.UNREACHABLE);
        assertThat(scenario.state.hold(Hold.Kind.BRAKE)).isEmpty();
        scenario.fromMaster(second.task(), Report.UNREACHABLE);
        assertThat(scenario.state.hold(Hold.Kind.BRAKE)).isPresent();

        scenario.pass(Duration.ofHours(1));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        scenario.ask(decision -> scenario.decider.hold(Hold.Kind.BRAKE, false, "ada", "checked", decision));
        scenario.pass(Duration.ofSeconds(61));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.FENCING);
    }

    @Test
    void cutsAHolderOffWhosePolicyWasChangedAfterItWasLost() {
        Scenario scenario = lost(TakeoverPolicy.EVIDENCE, "a1", "a2");
        scenario.pass(Duration.ofMinutes(2));
        scenario.replace(
                app("/orders").volume("orders-db", TakeoverPolicy.FENCE).draft());

        scenario.pass(Duration.ofMinutes(6));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.FENCING);
    }

    @Test
    void endsAFenceByItsAnswerThoughThePolicyWasChangedMeanwhile() {
        Scenario scenario = lost(TakeoverPolicy.FENCE, "a1", "a2");
        Launch fence = ordered(scenario);
        scenario.replace(
                app("/orders").volume("orders-db", TakeoverPolicy.MANUAL).draft());

        answer(scenario, fence, FenceOutcome.CUT_OFF);

        assertThat(scenario.claim("orders-db")).isEmpty();
    }

    @Test
    void letsTheOperatorCallOffAnOrderThatNobodyCanCarryOut() {
        Scenario scenario = lost(TakeoverPolicy.EVIDENCE, "a1", "a2");
        Scenario.ok(release(scenario, "m-a1"));
        assertThat(scenario.vetoes("/orders").get(Veto.Kind.CLAIM)).contains("mooring volume release");

        Scenario.ok(release(scenario, "m-a1"));

        assertThat(scenario.state.cutOffs()).isEmpty();
    }
}
