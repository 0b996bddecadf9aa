package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** From an offer to a mounted volume: T1 to T4. */
class LaunchScenarioTest {
    @Test
    void inspectsAnAgentBeforeItPlacesAVolumeThere() {
        Scenario scenario = Scenario.with();
        scenario.create(withVolume("/orders", "orders-db"));

        Launch first = scenario.launchOn("a1");
        assertThat(first.order()).isInstanceOf(InspectAgent.class);
        assertThat(scenario.offers("a1")).as("one inspection at a time").isEmpty();

        scenario.report(first, "a1", Scenario.boot("a1"));
        assertThat(scenario.launchOn("a1").order()).isInstanceOf(RunWorkload.class);
    }

    @Test
    void recordsTaskClaimsFencesAndMachineTogetherWithTheLaunch() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/orders").volume("orders-db").volume("orders-log").draft());

        Launch launch = scenario.launchOn("a1");

        assertThat(scenario.records(StoreRecord.GrantClaim.class)).hasSize(2).allSatisfy(grant -> {
            assertThat(grant.claim().fence()).isEqualTo(1);
            assertThat(grant.claim().epoch()).isEqualTo(scenario.policy.epoch());
            assertThat(grant.claim().task()).isEqualTo(launch.task());
            assertThat(grant.claim().machine()).isEqualTo(Scenario.machine("a1"));
            assertThat(grant.claim().boot()).isEmpty();
        });
        assertThat(scenario.records(StoreRecord.PutVolume.class)).allSatisfy(put -> {
            assertThat(put.volume().state()).isEqualTo(VolumeState.IN_USE);
            assertThat(put.volume().fence()).isEqualTo(1);
        });
        assertThat(scenario.records(StoreRecord.PutMachine.class)).hasSize(1);
        assertThat(scenario.records(StoreRecord.PutTask.class)).hasSize(1);
        assertThat(launch.slots()).isEqualTo(2);
        assertThat(launch.labels()).containsKeys("mooring.claim.0", "mooring.claim.1", "mooring.epoch");
    }

    @Test
    void recordsAMachineBeforeTheFirstClaimThatNamesIt() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));

        scenario.launchOn("a1");

        List<Class<?>> order = scenario.records().stream()
                .<Class<?>>map(StoreRecord::getClass)
                .filter(type -> type == StoreRecord.PutMachine.class || type == StoreRecord.GrantClaim.class)
                .toList();
        assertThat(order).containsExactly(StoreRecord.PutMachine.class, StoreRecord.GrantClaim.class);
    }

    @Test
    void launchesWithoutAClaimWhatHasNoVolume() {
        Scenario scenario = Scenario.with();
        scenario.create(app("/web").draft());

        List<Launch> launched = scenario.offers("a1");

        assertThat(launched).anyMatch(launch -> launch.order() instanceof RunWorkload);
        assertThat(scenario.records(StoreRecord.GrantClaim.class)).isEmpty();
    }

    @Test
    void activatesForTheExecutorsBootAndSaysGo() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");

        scenario.starting(launch);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.ACTIVATED);
        assertThat(scenario.claim("orders-db").orElseThrow().boot()).contains(Scenario.boot("a1"));
        assertThat(scenario.message()).isInstanceOfSatisfying(Go.class, go -> {
            assertThat(go.epoch()).isEqualTo(scenario.policy.epoch());
            assertThat(go.grants()).extracting(SchedulerMessage.Grant::fence).containsExactly(1L);
        });
    }

    @Test
    void acknowledgesAfterTheRecordsOfItsDecision() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");

        scenario.starting(launch);

        assertThat(scenario.records(StoreRecord.PutClaim.class)).hasSize(1);
        assertThat(scenario.effects(Effect.Acknowledge.class))
                .containsExactly(new Effect.Acknowledge(launch.task(), new AgentId("a1"), List.of((byte) 1)));
    }

    @Test
    void acknowledgesNothingThatHasNoUuid() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

        scenario.fromMaster(launch.task(), Report.RUNNING);

        assertThat(scenario.effects(Effect.Acknowledge.class)).isEmpty();
    }

    @Test
    void acknowledgesUpdatesOfTasksThatItDoesNotKnow() {
        Scenario scenario = Scenario.with();

        scenario.fromExecutor(new io.mooring.common.ids.TaskId("gone"), Report.FINISHED, null);

        assertThat(scenario.effects(Effect.Acknowledge.class)).hasSize(1);
        assertThat(scenario.kills()).isEmpty();
    }

    @Test
    void saysGoAgainToTheSameBoot() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        scenario.starting(launch);

        ActivationRequest again = scenario.activation(launch);
        scenario.step(decision -> scenario.decider.message(launch.task(), new AgentId("a1"), again, decision));

        assertThat(scenario.message()).isInstanceOf(Go.class);
        assertThat(scenario.records()).isEmpty();
    }

    @Test
    void activatesFromTheRepeatedMessageBeforeTheUpdateComes() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");

        ActivationRequest request = scenario.activation(launch);
        scenario.step(decision -> scenario.decider.message(launch.task(), new AgentId("a1"), request, decision));

        assertThat(scenario.message()).isInstanceOf(Go.class);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.ACTIVATED);
    }

    @Test
    void deniesAnotherBoot() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        scenario.starting(launch);

        deniedWith(scenario, launch, scenario.activation(launch, new BootId("boot-2")), "another boot");
    }

    @Test
    void deniesAClaimThatDoesNotExist() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        ClaimToActivate asked = scenario.activation(launch).claims().get(0);

        ClaimToActivate other =
                new ClaimToActivate(new ClaimId("other"), asked.volume(), asked.fence(), 0, Optional.empty());
        deniedWith(scenario, launch, request(scenario, launch, other), "does not exist");
    }

    @Test
    void deniesAWrongFence() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        ClaimToActivate asked = scenario.activation(launch).claims().get(0);

        ClaimToActivate other = new ClaimToActivate(asked.claim(), asked.volume(), 2, 0, Optional.empty());
        deniedWith(scenario, launch, request(scenario, launch, other), "has fence 1, not 2");
    }

    @Test
    void deniesAnotherMachine() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        ActivationRequest right = scenario.activation(launch);

        ActivationRequest other =
                new ActivationRequest(launch.task(), new MachineKey("m-a2"), right.boot(), right.claims());
        deniedWith(scenario, launch, other, "is for machine m-a1, not m-a2");
    }

    @Test
    void deniesAMachineThatHasActedUnderThisFenceForAnotherClaim() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        ClaimToActivate asked = scenario.activation(launch).claims().get(0);

        for (long highWater : List.of(1L, 9L)) {
            ClaimToActivate other = new ClaimToActivate(
                    asked.claim(), asked.volume(), asked.fence(), highWater, Optional.of(new ClaimId("earlier")));
            scenario.step(decision -> scenario.decider.message(
                    launch.task(), new AgentId("a1"), request(scenario, launch, other), decision));
            assertThat(scenario.message()).isInstanceOfSatisfying(Deny.class, deny -> assertThat(deny.reason())
                    .contains("has acted under fence " + highWater + " of"));
            assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RESERVED);
        }
    }

    @Test
    void activatesWhatTheMachineHasActedUnderAlready() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        ClaimToActivate asked = scenario.activation(launch).claims().get(0);

        ClaimToActivate own =
                new ClaimToActivate(asked.claim(), asked.volume(), asked.fence(), 1, Optional.of(asked.claim()));
        scenario.fromExecutor(launch.task(), Report.STARTING, request(scenario, launch, own));

        assertThat(scenario.message()).isInstanceOf(Go.class);
    }

    @Test
    void activatesAllClaimsOfATaskOrNone() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/orders").volume("orders-db").volume("orders-log").draft());
        Launch launch = scenario.launchOn("a1");
        List<ClaimToActivate> asked = scenario.activation(launch).claims();

        ClaimToActivate stale =
                new ClaimToActivate(asked.get(1).claim(), asked.get(1).volume(), 99, 0, Optional.empty());
        deniedWith(scenario, launch, request(scenario, launch, asked.get(0), stale), "not 99");

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RESERVED);
        assertThat(scenario.claimState("orders-log")).isEqualTo(ClaimState.RESERVED);
    }

    @Test
    void deniesARequestThatLeavesOutAClaimOfItsTask() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/orders").volume("orders-db").volume("orders-log").draft());
        Launch launch = scenario.launchOn("a1");
        List<ClaimToActivate> asked = scenario.activation(launch).claims();

        deniedWith(scenario, launch, request(scenario, launch, asked.get(0)), "2 claims");
    }

    @Test
    void followsARunningTaskIntoMounted() {
        Scenario scenario = Scenario.with("a1");

        scenario.up(withVolume("/orders", "orders-db"), "a1");

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
        assertThat(scenario.volume("orders-db").exists()).isTrue();
        assertThat(scenario.volume("orders-db").fsType()).contains("ext4");
        assertThat(scenario.notices()).contains("deployment_success");
    }

    @Test
    void takesALaunchBackThatNothingIsHeardOf() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        assertThat(scenario.timer(new Timer.LaunchTimeout(launch.task())))
                .contains(scenario.now.plus(Duration.ofMinutes(5)));

        List<Effect> done = scenario.passed(Duration.ofMinutes(5));

        assertThat(scenario.claim("orders-db")).isEmpty();
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.NEVER_ACTIVATED);
        assertThat(done)
                .filteredOn(Effect.KillTask.class::isInstance)
                .containsExactly(new Effect.KillTask(launch.task(), new AgentId("a1"), Optional.empty()));
    }

    @Test
    void deniesAnActivationThatComesTooLate() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch late = scenario.launchOn("a1");
        ActivationRequest request = scenario.activation(late);
        scenario.pass(Duration.ofMinutes(5));

        scenario.fromExecutor(late.task(), Report.STARTING, request);

        assertThat(scenario.message()).isInstanceOf(Deny.class);
        assertThat(scenario.claim("orders-db")).isEmpty();
    }

    @Test
    void keepsALaunchThatIsOnItsWayUp() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

        List<Effect> done = scenario.passed(Duration.ofMinutes(6));

        assertThat(done).noneMatch(Effect.KillTask.class::isInstance);
        assertThat(scenario.state.task(launch.task()).orElseThrow().state()).isEqualTo(TaskState.RUNNING);
    }

    @Test
    void deniesAnExecutorWhoseTaskIsNotKnown() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        ActivationRequest request = scenario.activation(launch);
        Scenario other = Scenario.with("a1");

        other.step(decision -> other.decider.message(launch.task(), new AgentId("a1"), request, decision));

        assertThat(other.message()).isInstanceOf(Deny.class);
    }

    @Test
    void aNewLeaderActivatesWhatTheOldOneGranted() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));
        Launch launch = scenario.launchOn("a1");

        Scenario next = scenario.successor();
        next.starting(launch);

        assertThat(next.claimState("orders-db")).isEqualTo(ClaimState.ACTIVATED);
        assertThat(((Go) next.message()).epoch()).isEqualTo(8);
        assertThat(next.timer(new Timer.LaunchTimeout(launch.task()))).isPresent();
    }

    private static ActivationRequest request(Scenario scenario, Launch launch, ClaimToActivate... claims) {
        ActivationRequest right = scenario.activation(launch);
        return new ActivationRequest(launch.task(), right.machine(), right.boot(), List.of(claims));
    }

    private static void deniedWith(Scenario scenario, Launch launch, ActivationRequest request, String why) {
        scenario.step(decision -> scenario.decider.message(launch.task(), new AgentId("a1"), request, decision));
        assertThat(scenario.message()).isInstanceOfSatisfying(Deny.class, deny -> assertThat(deny.reason())
                .contains(why));
        assertThat(scenario.records()).isEmpty();
    }
}
