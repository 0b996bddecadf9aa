package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a task ends, and what frees its volumes: T5 to T7, T14, and the patience of its app. */
class EndScenarioTest {
    @Test
    void movesTheVolumeWithATaskThatItsAgentDrains() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch first = scenario.up(withVolume("/orders", "orders-db"), "a1");
        ReleaseRecord record = scenario.record(first);
        scenario.pass(Duration.ofSeconds(1));
        scenario.fromExecutor(first.task(), Report.KILLING, null);

        scenario.fromExecutor(first.task(), Report.KILLED, record);

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E1);
        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.AVAILABLE);
        assertThat(scenario.state.task(first.task())).isEmpty();
        assertThat(scenario.effects(Effect.Revive.class))
                .as("a place is looked for at once")
                .isNotEmpty();

        Launch second = scenario.up("a2");
        assertThat(((RunWorkload) second.order()).volumes().get(0).fence()).isEqualTo(2);
        assertThat(scenario.claim("orders-db").orElseThrow().machine()).isEqualTo(Scenario.machine("a2"));
    }

    @Test
    void keepsTheClaimOfATaskThatEndsWithoutARecord() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

        scenario.fromAgent(launch.task(), Report.FAILED, "REASON_EXECUTOR_TERMINATED");

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
        assertThat(scenario.claim("orders-db").orElseThrow().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("REASON_EXECUTOR_TERMINATED"));
        assertThat(scenario.state.task(launch.task()).orElseThrow().state()).isEqualTo(TaskState.ENDED);
        scenario.pass(Duration.ofSeconds(2));
        assertThat(scenario.offers("a2")).as("no second writer").isEmpty();
        assertThat(scenario.vetoes("/orders")).containsKey(Veto.Kind.CLAIM);
    }

    @Test
    void cleansUpOnTheMachineOfADeadExecutorAndThenMovesOn() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromAgent(launch.task(), Report.FAILED, "");

        Launch cleanUp = scenario.launchOn("a1");
        assertThat(((CleanUp) cleanUp.order()).volumes()).hasSize(1);
        assertThat(scenario.offers("a1")).as("one clean-up at a time").isEmpty();
        scenario.fromExecutor(cleanUp.task(), Report.FINISHED, scenario.record(cleanUp));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E1B);
        assertThat(scenario.state.task(launch.task())).isEmpty();
        assertThat(scenario.state.task(cleanUp.task())).isEmpty();
        scenario.pass(Duration.ofSeconds(2));
        Launch next = scenario.launchOn("a2");
        assertThat(((RunWorkload) next.order()).volumes().get(0).fence()).isEqualTo(2);
    }

    @Test
    void triesAFailedCleanUpAgainAfterAWhile() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromAgent(launch.task(), Report.FAILED, "");
        Launch cleanUp = scenario.launchOn("a1");
        ReleaseRecord incomplete = scenario.record(cleanUp, Scenario.boot("a1"), false);

        scenario.fromExecutor(cleanUp.task(), Report.FAILED, incomplete);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
        assertThat(scenario.claim("orders-db").orElseThrow().trouble()).contains("umount answered EBUSY");
        assertThat(scenario.offers("a1")).as("not at once").isEmpty();
        List<Effect> done = scenario.passed(Duration.ofSeconds(15));
        assertThat(done).as("offers are asked for").anyMatch(Effect.Revive.class::isInstance);
        assertThat(scenario.launchOn("a1").order()).isInstanceOf(CleanUp.class);
    }

    @Test
    void keepsTheTimeOfACleanUpWhenOffersAreWantedForSomethingElse() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromAgent(launch.task(), Report.FAILED, "");
        Launch cleanUp = scenario.launchOn("a1");
        scenario.pass(Duration.ofSeconds(1));
        scenario.create(app("/web").draft());
        scenario.pass(Duration.ofMillis(100));
        scenario.fromAgent(cleanUp.task(), Report.FAILED, "");
        scenario.offers("a1");
        scenario.pass(Duration.ofSeconds(2));

        List<Effect> done = scenario.passed(Duration.ofSeconds(15));

        assertThat(done).anyMatch(Effect.Revive.class::isInstance);
        assertThat(scenario.launchOn("a1").order()).isInstanceOf(CleanUp.class);
    }

    @Test
    void believesARecordOnlyIfItIsComplete() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

        scenario.fromExecutor(launch.task(), Report.FAILED, scenario.record(launch, Scenario.boot("a1"), false));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
    }

    @Test
    void believesARecordOnlyFromTheExecutor() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

        scenario.update(launch.task(), Report.FAILED, StatusUpdate.Source.AGENT, "", scenario.record(launch));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
    }

    @Test
    void believesARecordOnlyOfTheClaimsOwnMachineAndBoot() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        ReleaseRecord own = scenario.record(launch);

        scenario.fromExecutor(
                launch.task(), Report.FAILED, new ReleaseRecord(new MachineKey("m-other"), own.boot(), own.volumes()));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);

        scenario.fromExecutor(
                launch.task(),
                Report.FAILED,
                new ReleaseRecord(own.machine(), new BootId("boot-other"), own.volumes()));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
    }

    @Test
    void takesTheRecordOfAnUpdateThatComesAfterABareAnswer() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        ReleaseRecord record = scenario.record(launch);

        scenario.fromMaster(launch.task(), Report.FINISHED);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
        scenario.fromExecutor(launch.task(), Report.FINISHED, record);

        assertThat(scenario.claim("orders-db")).isEmpty();
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E1);
    }

    @Test
    void countsARepeatedEndOnce() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

        scenario.fromAgent(launch.task(), Report.FAILED, "");
        scenario.fromAgent(launch.task(), Report.FAILED, "");

        assertThat(scenario.state.runtime(new AppId("/orders")).failures()).isEqualTo(1);
    }

    @Test
    void takesAnotherBootOfTheMachineForEvidence() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromAgent(launch.task(), Report.GONE, "");
        Launch cleanUp = scenario.launchOn("a1");

        scenario.fromExecutor(
                cleanUp.task(), Report.FINISHED, scenario.record(cleanUp, new BootId("boot-a1-again"), false));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E4);
        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.AVAILABLE);
    }

    @Test
    void releasesWithoutEvidenceWhatWasNeverActivated() {
        for (Report report : List.of(Report.DROPPED, Report.ERROR, Report.KILLED, Report.FAILED, Report.GONE)) {
            Scenario scenario = Scenario.with("a1");
            scenario.create(withVolume("/orders", "orders-db"));
            Launch launch = scenario.launchOn("a1");

            scenario.fromMaster(launch.task(), report);

            assertThat(scenario.lastReleased("orders-db").freedBy().code())
                    .as("on %s", report)
                    .isEqualTo(Evidence.Code.NEVER_ACTIVATED);
            assertThat(scenario.state.task(launch.task())).isEmpty();
        }
    }

    @Test
    void doesNotPunishAnAppForAnOfferThatWasTakenBack() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");

        scenario.update(launch.task(), Report.DROPPED, StatusUpdate.Source.MASTER, "REASON_INVALID_OFFERS", null);

        assertThat(scenario.state.runtime(new AppId("/orders")).failures()).isZero();
        assertThat(scenario.offers("a1")).hasSize(1);
    }

    @Test
    void waitsLongerAfterEachFailure() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.fromExecutor(launch.task(), Report.FAILED, null);

        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(scenario.vetoes("/web")).containsKey(Veto.Kind.BACKOFF);
        assertThat(scenario.timer(new Timer.BackoffOver(new AppId("/web")))).contains(scenario.now.plusSeconds(1));
        assertThat(scenario.passed(Duration.ofSeconds(1))).anyMatch(Effect.Revive.class::isInstance);
        Launch second = scenario.up("a1");
        scenario.fromExecutor(second.task(), Report.FINISHED, null);

        assertThat(scenario.timer(new Timer.BackoffOver(new AppId("/web")))).contains(scenario.now.plusSeconds(2));
        scenario.pass(Duration.ofSeconds(1));
        assertThat(scenario.offers("a1")).isEmpty();
    }

    @Test
    void tellsNoBackoffThatIsOver() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.fromExecutor(launch.task(), Report.FAILED, null);
        scenario.pass(Duration.ofSeconds(10));

        assertThat(scenario.vetoes("/web")).doesNotContainKey(Veto.Kind.BACKOFF);
    }

    @Test
    void forgivesATaskThatRanForLong() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.fromExecutor(launch.task(), Report.FAILED, null);
        scenario.pass(Duration.ofSeconds(1));
        Launch second = scenario.up("a1");
        scenario.pass(Duration.ofMinutes(6));

        scenario.fromExecutor(second.task(), Report.FAILED, null);

        assertThat(scenario.state.runtime(new AppId("/web")).failures()).isEqualTo(1);
    }

    @Test
    void doesNotPunishWhatWasKilled() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");

        scenario.fromExecutor(launch.task(), Report.KILLED, null);

        assertThat(scenario.offers("a1")).hasSize(1);
    }

    @Test
    void keepsATaskOnRecordWhileAClaimNamesIt() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/orders").volume("orders-db").volume("orders-log").draft());
        Launch launch = scenario.up("a1");
        ReleaseRecord whole = scenario.record(launch);
        ReleaseRecord half =
                new ReleaseRecord(whole.machine(), whole.boot(), whole.volumes().subList(0, 1));

        scenario.fromExecutor(launch.task(), Report.FAILED, half);

        assertThat(scenario.claim("orders-db")).isEmpty();
        assertThat(scenario.claimState("orders-log")).isEqualTo(ClaimState.RELEASING);
        assertThat(scenario.state.task(launch.task())).isPresent();
        assertThat(scenario.records(StoreRecord.RemoveTask.class)).isEmpty();
    }

    @Test
    void cleansUpForANewLeaderToo() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.fromAgent(launch.task(), Report.FAILED, "");

        Scenario next = scenario.successor();

        assertThat(next.offers("a1")).anyMatch(made -> made.order() instanceof CleanUp);
    }
}
