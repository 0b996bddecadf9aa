package io.mooring.scheduler.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ClaimAnswer;
import io.mooring.common.command.ClaimOrder;
import io.mooring.common.command.ClaimOrder.Contact;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.MountedVolume;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence.Code;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.task.Report;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Claims of tasks that another framework runs: the same machine, fed over the API. */
class ForeignScenarioTest {
    private static final FrameworkId MARATHON = new FrameworkId("marathon-1");
    private static final Duration SILENCE = Policy.Foreign.usual().suspectAfter();

    @Test
    void aTaskOfAnotherFrameworkIsGrantedActivatedAndReleasedWithItsRecord() {
        Scenario scenario = Scenario.with("a1");

        ClaimAnswer granted = reserve(scenario, order("c1", "a1", "orders-db"));

        assertThat(granted.state()).isEqualTo(ClaimAnswer.State.RESERVED);
        assertThat(granted.volumes()).extracting(ClaimedVolume::fence).containsExactly(1L);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RESERVED);
        assertThat(activate(scenario, granted).state()).isEqualTo(ClaimAnswer.State.ACTIVE);
        assertThat(mounted(scenario, granted).goal()).isEqualTo(ClaimAnswer.Goal.RUN);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
        assertThat(release(scenario, granted, true).state()).isEqualTo(ClaimAnswer.State.RELEASED);
        assertThat(scenario.claim("orders-db")).isEmpty();
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Code.E1);
        assertThat(scenario.lastReleased("orders-db").claim().framework()).contains(MARATHON);
        assertThat(scenario.state.task(new TaskId("task-c1"))).isEmpty();
    }

    @Test
    void whatIsAskedAgainIsAnsweredAgainAndNotDoneAgain() {
        Scenario scenario = Scenario.with("a1");
        ClaimOrder order = order("c1", "a1", "orders-db");
        ClaimAnswer granted = reserve(scenario, order);

        assertThat(reserve(scenario, order)).isEqualTo(granted);
        assertThat(scenario.records()).isEmpty();
        ClaimAnswer active = activate(scenario, granted);
        assertThat(activate(scenario, granted)).isEqualTo(active);
        ClaimAnswer released = release(scenario, granted, true);
        assertThat(release(scenario, granted, true)).isEqualTo(released);
        assertThat(scenario.state.historyOf(new VolumeName("orders-db"))).hasSize(1);
    }

    @Test
    void theSameIdWithOtherContentIsRefused() {
        Scenario scenario = Scenario.with("a1");
        reserve(scenario, order("c1", "a1", "orders-db"));

        Answer.Refused<ClaimAnswer> refused = Scenario.refused(tryReserve(scenario, order("c1", "a1", "other-db")));

        assertThat(refused.why()).isEqualTo(Answer.Why.CONFLICT);
        assertThat(refused.what()).contains("task-c1", "m-a1");
    }

    @Test
    void aSecondTaskIsToldWhoHasTheVolume() {
        Scenario scenario = Scenario.with("a1", "a2");
        ClaimAnswer first = reserve(scenario, order("c1", "a1", "orders-db"));
        activate(scenario, first);

        Answer.Refused<ClaimAnswer> refused =
                Scenario.refused(tryReserve(scenario, order("c2", "a2", "free-db", "orders-db")));

        assertThat(refused.why()).isEqualTo(Answer.Why.CONFLICT);
        assertThat(refused.what()).contains("task-c1", "marathon-1", "m-a1", "fence 1");
        assertThat(scenario.claim("free-db")).as("all or none").isEmpty();
    }

    @Test
    void aVolumeOfAnAppOfMooringIsNotGrantedToOthers() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(Drafts.withVolume("/shop", "orders-db"));

        assertThat(Scenario.refused(tryReserve(scenario, order("c1", "a1", "orders-db")))
                        .what())
                .contains("/shop");
    }

    @Test
    void anAppOfMooringGetsTheVolumeAtAHigherFenceOnceItIsReleased() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = activatedOn(scenario, "a1");
        scenario.create(Drafts.withVolume("/shop", "orders-db"));
        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(scenario.vetoes("/shop").toString()).contains("task-c1", "marathon-1");

        release(scenario, granted, true);
        scenario.launchOn("a1");

        assertThat(scenario.claim("orders-db").orElseThrow().fence()).isEqualTo(2);
    }

    @Test
    void anIncompleteRecordReleasesNothingAndHasTheMachineCleaned() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = activatedOn(scenario, "a1");

        assertThat(release(scenario, granted, false).state()).isEqualTo(ClaimAnswer.State.RELEASING);

        Launch cleanUp = Scenario.only(scenario.offers("a1"), CleanUp.class);
        scenario.fromExecutor(cleanUp.task(), Report.FINISHED, scenario.record(cleanUp));
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Code.E1B);
    }

    @Test
    void aHolderThatActivatesNothingLosesItsGrantToTime() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = reserve(scenario, order("c1", "a1", "orders-db"));

        scenario.pass(Duration.ofMinutes(6));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Code.NEVER_ACTIVATED);
        assertThat(Scenario.refused(tryActivate(scenario, granted)).why()).isEqualTo(Answer.Why.CONFLICT);
    }

    @Test
    void silenceMakesSuspectAndReleasesNothingHoweverLongItLasts() {
        Scenario scenario = Scenario.with("a1");
        mountedOn(scenario, "a1");

        scenario.pass(SILENCE);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        scenario.pass(Duration.ofDays(3));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
    }

    @Test
    void aHolderWithHeartbeatsIsNeverSuspect() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = mountedOn(scenario, "a1");

        for (int i = 0; i < 10; i++) {
            scenario.pass(SILENCE.dividedBy(2));
            beat(scenario, granted);
            assertThat(scenario.records()).as("a heartbeat writes nothing").isEmpty();
        }

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
    }

    @Test
    void aSilentHolderThatIsHeardOfAgainGoesOn() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = mountedOn(scenario, "a1");
        scenario.pass(SILENCE);

        assertThat(beat(scenario, granted).state()).isEqualTo(ClaimAnswer.State.ACTIVE);

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
        scenario.pass(SILENCE);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
    }

    @Test
    void aSilentHoldersMachineIsCleanedAndProofFreesTheClaim() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = mountedOn(scenario, "a1");
        scenario.pass(SILENCE);

        Launch cleanUp = Scenario.only(scenario.offers("a1"), CleanUp.class);
        scenario.fromExecutor(cleanUp.task(), Report.FINISHED, scenario.record(cleanUp));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Code.E1B);
        assertThat(Scenario.refused(tryBeat(scenario, granted)).what()).contains("touch nothing");
    }

    @Test
    void aCleanUpThatFindsTheHolderAliveLeavesTheClaimSuspect() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = mountedOn(scenario, "a1");
        scenario.pass(SILENCE);

        Launch cleanUp = Scenario.only(scenario.offers("a1"), CleanUp.class);
        scenario.fromExecutor(cleanUp.task(), Report.FAILED, scenario.record(cleanUp, Scenario.boot("a1"), false));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        beat(scenario, granted);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
    }

    @Test
    void theOperatorsWordFreesASilentHoldersVolumeAndNoLivingOnes() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = mountedOn(scenario, "a1");
        VolumeName volume = new VolumeName("orders-db");

        assertThat(Scenario.refused(scenario.ask(decision ->
                                scenario.decider.release(volume, Scenario.machine("a1"), "x", "ada", decision)))
                        .what())
                .contains("alive");
        scenario.pass(SILENCE);
        Scenario.ok(scenario.ask(
                decision -> scenario.decider.release(volume, Scenario.machine("a1"), "burnt", "ada", decision)));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Code.E5);
        assertThat(Scenario.refused(tryBeat(scenario, granted)).why()).isEqualTo(Answer.Why.CONFLICT);
    }

    @Test
    void mesosIsAskedNothingAboutTasksThatAreNotOurs() {
        Scenario scenario = Scenario.with("a1");
        mountedOn(scenario, "a1");

        scenario.subscribe();

        assertThat(scenario.effects(Effect.Reconcile.class))
                .allMatch(reconcile -> reconcile.tasks().isEmpty());
        scenario.step(decision -> scenario.decider.frameworkRemoved(decision));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
        assertThat(scenario.kills()).isEmpty();
    }

    @Test
    void theNextLeaderKnowsTheClaimsAndGivesTheHolderItsTimeAgain() {
        Scenario scenario = Scenario.with("a1");
        ClaimOrder order = order("c1", "a1", "orders-db");
        ClaimAnswer granted = reserve(scenario, order);
        activate(scenario, granted);
        mounted(scenario, granted);
        scenario.pass(SILENCE.minusSeconds(1));

        Scenario next = scenario.successor();

        next.pass(SILENCE.minusSeconds(1));
        assertThat(next.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
        assertThat(Scenario.ok(tryReserve(next, order)).volumes()).isEqualTo(granted.volumes());
        next.pass(Duration.ofSeconds(2));
        assertThat(next.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
    }

    @Test
    void aMachineThatActedUnderAHigherFencePutsTheSchedulerInSafeMode() {
        Scenario scenario = Scenario.with("a1");
        ClaimOrder plain = order("c1", "a1", "orders-db");
        ClaimOrder order = new ClaimOrder(
                plain.id(),
                plain.framework(),
                plain.task(),
                plain.agent(),
                plain.machine(),
                plain.boot(),
                plain.contact(),
                plain.volumes(),
                Map.of(new VolumeName("orders-db"), 9L),
                0);

        assertThat(Scenario.refused(tryReserve(scenario, order)).what()).contains("fence 9");

        assertThat(scenario.state.hold(Hold.Kind.SAFE_MODE)).isPresent();
        assertThat(Scenario.refused(tryReserve(scenario, order("c2", "a1", "any-db")))
                        .what())
                .contains("safe mode");
    }

    @Test
    void aHolderWithoutHeartbeatsIsSuspectWhenItsAgentIsLostAndHoldsOnWhenItIsSeenOnTheSameBoot() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = reserve(scenario, order("d1", "a1", Contact.MACHINE, "orders-db"));
        activate(scenario, granted);
        scenario.pass(Duration.ofHours(1));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.ACTIVATED);

        scenario.step(decision -> scenario.decider.agentLost(new AgentId("a1"), decision));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        Launch inspection = Scenario.inspection(scenario.offers("a1"));
        scenario.report(inspection, "a1", Scenario.boot("a1"));

        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.ACTIVATED);
    }

    @Test
    void aRebootFreesWhatWasHeldWithoutHeartbeats() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = reserve(scenario, order("d1", "a1", Contact.MACHINE, "orders-db"));
        activate(scenario, granted);
        scenario.pass(Duration.ofMinutes(11));

        Launch inspection = Scenario.inspection(scenario.offers("a1"));
        scenario.report(inspection, "a1", new BootId("boot-2"));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        scenario.pass(Duration.ofSeconds(1));
        scenario.report(Scenario.inspection(scenario.offers("a1")), "a1", new BootId("boot-2"));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Code.E4);
    }

    @Test
    void aMachineThatSaysMoreOfItselfAsksTheSameQuestion() {
        Scenario scenario = Scenario.with("a1");
        ClaimOrder order = order("d1", "a1", Contact.MACHINE, "orders-db");
        ClaimAnswer granted = reserve(scenario, order);
        activate(scenario, granted);

        ClaimOrder later = new ClaimOrder(
                order.id(),
                order.framework(),
                order.task(),
                order.agent(),
                order.machine(),
                order.boot(),
                order.contact(),
                order.volumes(),
                Map.of(new VolumeName("orders-db"), 1L),
                1);

        assertThat(reserve(scenario, later).volumes()).isEqualTo(granted.volumes());
    }

    @Test
    void whatIsOverIsForgottenAfterAWhile() {
        Scenario scenario = Scenario.with("a1");
        ClaimAnswer granted = activatedOn(scenario, "a1");
        release(scenario, granted, true);
        assertThat(scenario.state.foreign().all()).hasSize(1);

        scenario.pass(Duration.ofHours(2));

        assertThat(scenario.state.foreign().all()).isEmpty();
    }

    @Test
    void anIdMayBeUsedAgainOnceItsClaimsAreReleased() {
        Scenario scenario = Scenario.with("a1");
        ClaimOrder order = order("d1", "a1", Contact.MACHINE, "orders-db");
        ClaimAnswer first = reserve(scenario, order);
        activate(scenario, first);
        release(scenario, first, true);

        ClaimAnswer second = reserve(scenario, order);

        assertThat(second.volumes().get(0).fence()).isEqualTo(2);
        assertThat(second.volumes().get(0).claim())
                .isNotEqualTo(first.volumes().get(0).claim());
    }

    @Test
    void theGrantIsOneTransactionWithItsTask() {
        Scenario scenario = Scenario.with("a1");

        reserve(scenario, order("c1", "a1", "data", "wal"));

        assertThat(scenario.records(StoreRecord.GrantClaim.class)).hasSize(2);
        assertThat(scenario.records(StoreRecord.PutForeign.class)).hasSize(1);
        assertThat(scenario.records(StoreRecord.PutTask.class)).hasSize(1);
    }

    // ---- what the executor of the other framework's task says

    private static ClaimOrder order(String id, String agent, String... volumes) {
        return order(id, agent, Contact.HEARTBEATS, volumes);
    }

    private static ClaimOrder order(String id, String agent, Contact contact, String... volumes) {
        return new ClaimOrder(
                new ClaimId(id),
                MARATHON,
                new TaskId("task-" + id),
                Optional.of(new AgentId(agent)),
                Scenario.machine(agent),
                Scenario.boot(agent),
                contact,
                Stream.of(volumes)
                        .map(name -> new VolumeRequest(
                                new DriverName("loop"),
                                new VolumeName(name),
                                Map.of(),
                                Optional.of("/data"),
                                MountMode.READ_WRITE,
                                AccessMode.SINGLE_WRITER,
                                CreatePolicy.IF_MISSING))
                        .toList(),
                Map.of(),
                0);
    }

    /** The claim c1 on orders-db, by a task on this agent. */
    private static ClaimAnswer activatedOn(Scenario scenario, String agent) {
        ClaimAnswer granted = reserve(scenario, order("c1", agent, "orders-db"));
        activate(scenario, granted);
        return granted;
    }

    private static ClaimAnswer mountedOn(Scenario scenario, String agent) {
        ClaimAnswer granted = activatedOn(scenario, agent);
        mounted(scenario, granted);
        return granted;
    }

    private static Answer<ClaimAnswer> tryReserve(Scenario scenario, ClaimOrder order) {
        return scenario.ask(decision -> scenario.decider.foreign().reserve(order, decision));
    }

    private static ClaimAnswer reserve(Scenario scenario, ClaimOrder order) {
        return Scenario.ok(tryReserve(scenario, order));
    }

    private static Answer<ClaimAnswer> tryActivate(Scenario scenario, ClaimAnswer granted) {
        List<ClaimToActivate> claims = granted.volumes().stream()
                .map(volume -> new ClaimToActivate(
                        volume.claim(), volume.request().name(), volume.fence(), 0, Optional.empty()))
                .toList();
        ActivationRequest request = new ActivationRequest(
                new TaskId("task-" + granted.id()), Scenario.machine("a1"), Scenario.boot("a1"), claims);
        return scenario.ask(decision -> scenario.decider.foreign().activate(granted.id(), request, decision));
    }

    private static ClaimAnswer activate(Scenario scenario, ClaimAnswer granted) {
        return Scenario.ok(tryActivate(scenario, granted));
    }

    private static ClaimAnswer mounted(Scenario scenario, ClaimAnswer granted) {
        MountReport report = new MountReport(granted.volumes().stream()
                .map(volume -> new MountedVolume(
                        volume.claim(), volume.fence(), Optional.empty(), "/mnt", Optional.of("ext4"), true))
                .toList());
        return Scenario.ok(scenario.ask(
                decision -> scenario.decider.foreign().heartbeat(granted.id(), Optional.of(report), decision)));
    }

    private static Answer<ClaimAnswer> tryBeat(Scenario scenario, ClaimAnswer granted) {
        return scenario.ask(decision -> scenario.decider.foreign().heartbeat(granted.id(), Optional.empty(), decision));
    }

    private static ClaimAnswer beat(Scenario scenario, ClaimAnswer granted) {
        return Scenario.ok(tryBeat(scenario, granted));
    }

    private static ClaimAnswer release(Scenario scenario, ClaimAnswer granted, boolean complete) {
        ReleaseRecord record = new ReleaseRecord(
                Scenario.machine("a1"),
                Scenario.boot("a1"),
                granted.volumes().stream()
                        .map(volume -> Scenario.released(volume, complete))
                        .toList());
        return Scenario.ok(
                scenario.ask(decision -> scenario.decider.foreign().release(granted.id(), record, decision)));
    }
}
