package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.AttachmentSeen;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.ExecutorReport.Existence;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A store that went back in time: what is on record is true no more, so nothing is granted, and little believed. */
class RestoredStoreScenarioTest {
    @Test
    void grantsNothingOnceAMachineHasSeenMoreThanIsOnRecord() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");

        scenario.fromExecutor(launch.task(), Report.STARTING, scenario.activationAfter(launch, 9));

        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.QUARANTINED);
        assertThat(scenario.state.hold(Hold.Kind.SAFE_MODE)).isPresent();
        assertThat(scenario.state.discrepancies().count(Name.ROLLED_BACK)).isEqualTo(1);
        scenario.create(withVolume("/other", "other-db"));
        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(scenario.vetoes("/other").get(Veto.Kind.VOLUME_STATE)).contains("safe mode");
    }

    @Test
    void killsNoTaskThatItDoesNotKnowUntilAPersonSaysSo() {
        Scenario scenario = Scenario.with("a1");
        TaskId stranger = new TaskId("orders.6-x");
        scenario.fromMaster(stranger, Report.RUNNING);
        assertThat(scenario.kills()).isEmpty();
        assertThat(scenario.state.hold(Hold.Kind.SAFE_MODE)).isPresent();
        assertThat(scenario.state.discrepancies().count(Name.UNKNOWN_TASK)).isEqualTo(1);

        scenario.ask(decision -> scenario.decider.hold(Hold.Kind.SAFE_MODE, false, "ada", "restored", decision));

        assertThat(scenario.kills()).containsExactly(stranger);
        assertThat(scenario.effects(Effect.KillTask.class)).hasSize(1);
    }

    @Test
    void listensToMesosBeforeItsFirstGrantWhenItKnowsNoEarlierTerm() {
        Policy usual = Scenario.policy(7);
        Policy forgetful = new Policy(
                usual.epoch(),
                usual.executor(),
                usual.aliases(),
                usual.drivers(),
                usual.defaultVolumePath(),
                usual.defaultVolumeGb(),
                usual.timing(),
                usual.takeover(),
                Optional.empty(),
                Duration.ofSeconds(15));
        Scenario scenario = new Scenario(new ClusterState(), forgetful, 7);
        scenario.begin();
        scenario.inspect("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(scenario.vetoes("/orders").get(Veto.Kind.VOLUME_STATE)).contains("listens to Mesos");

        scenario.pass(Duration.ofSeconds(16));

        assertThat(scenario.offers("a1")).hasSize(1);
    }

    /** A leader whose file knows of later writes than the store. */
    private static Scenario restored(Scenario before) {
        Policy usual = Scenario.policy(9);
        return before.successor(new Policy(
                usual.epoch(),
                usual.executor(),
                usual.aliases(),
                usual.drivers(),
                usual.defaultVolumePath(),
                usual.defaultVolumeGb(),
                usual.timing(),
                usual.takeover(),
                Optional.of("ZooKeeper was restored from an older copy")));
    }

    @Test
    void freesNoReservationOfTheCopyWithoutEvidence() {
        Scenario before = Scenario.with("a1");
        before.create(withVolume("/orders", "orders-db"));
        Launch launch = before.launchOn("a1");

        Scenario scenario = restored(before);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
        assertThat(scenario.kills()).as("the task that may have it").contains(launch.task());
        scenario.fromExecutor(launch.task(), Report.STARTING, scenario.activation(launch));
        assertThat(scenario.message()).isInstanceOf(Deny.class);
        scenario.pass(Duration.ofMinutes(10));
        scenario.fromMaster(launch.task(), Report.GONE);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);

        Launch cleanUp = Scenario.only(scenario.offers("a1"), CleanUp.class);
        scenario.fromExecutor(cleanUp.task(), Report.FINISHED, scenario.record(launch));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E1B);
    }

    @Test
    void takesTheNextRebootAsProofForAReservationOfTheCopy() {
        Scenario before = Scenario.with("a1");
        before.create(withVolume("/orders", "orders-db"));
        Launch launch = before.launchOn("a1");
        Scenario scenario = restored(before);
        scenario.fromMaster(launch.task(), Report.GONE);
        scenario.inspect("a1");
        assertThat(scenario.claim("orders-db").orElseThrow().boot())
                .as("it cannot have been activated on a later one")
                .contains(Scenario.boot("a1"));

        scenario.pass(Duration.ofHours(1));
        scenario.report(Scenario.inspection(scenario.offers("a1")), "a1", new BootId("boot-2"));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E4);
    }

    @Test
    void grantsAboveAFenceThatAMachineHasSeen() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");

        scenario.fromExecutor(launch.task(), Report.STARTING, scenario.activationAfter(launch, 9));

        assertThat(scenario.volume("orders-db").fence()).isEqualTo(9);
    }

    @Test
    void seesInTheBackendThatAGrantWasLost() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.pass(Duration.ofMinutes(5));
        Launch look = Scenario.only(scenario.offers("a2"), ObserveVolumes.class);
        VolumeName orders = new VolumeName("orders-db");
        AttachmentSeen later = new AttachmentSeen(
                Scenario.machine("a1"), Optional.empty(), OptionalLong.of(7), Optional.empty(), Scenario.START);

        scenario.fromExecutor(
                look.task(),
                Report.FINISHED,
                new VolumesObserved(
                        new MachineKey("m-a2"),
                        new DriverName("loop"),
                        scenario.now,
                        List.of(new VolumeObserved(orders, Existence.EXISTS, new AttachmentView.At(List.of(later))))));

        assertThat(scenario.state.hold(Hold.Kind.SAFE_MODE))
                .hasValueSatisfying(hold -> assertThat(hold.reason()).contains("under fence 7", "on record is 1"));
        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.QUARANTINED);
        assertThat(scenario.volume("orders-db").fence()).isEqualTo(7);
    }

    @Test
    void waitsForTheEndOfWhatItDoesNotKnowBeforeItGrants() {
        Scenario scenario = Scenario.with("a1");
        TaskId stranger = new TaskId("orders.6-x");
        scenario.fromMaster(stranger, Report.RUNNING);
        scenario.create(withVolume("/orders", "orders-db"));
        letGo(scenario);
        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(scenario.vetoes("/orders").get(Veto.Kind.VOLUME_STATE))
                .contains(stranger.value(), "mooring safe-mode off again");

        scenario.fromMaster(stranger, Report.KILLED);

        assertThat(scenario.offers("a1")).hasSize(1);
    }

    @Test
    void grantsWhenThePersonSaysAgainThatNothingRuns() {
        Scenario scenario = Scenario.with("a1");
        scenario.fromMaster(new TaskId("orders.6-x"), Report.RUNNING);
        scenario.create(withVolume("/orders", "orders-db"));
        letGo(scenario);

        letGo(scenario);

        assertThat(scenario.offers("a1")).hasSize(1);
    }

    private static void letGo(Scenario scenario) {
        scenario.ask(decision -> scenario.decider.hold(Hold.Kind.SAFE_MODE, false, "ada", "restored", decision));
    }
}
