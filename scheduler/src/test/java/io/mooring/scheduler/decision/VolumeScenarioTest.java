package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.spec;
import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.Failure;
import io.mooring.common.command.ExecutorReport.VolumeOperationDone;
import io.mooring.common.command.TaskOrder.CreateVolume;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.RemoveVolume;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Volumes that are declared and removed by name. */
class VolumeScenarioTest {
    private static final VolumeName NAME = new VolumeName("orders-db");

    @Test
    void createsADeclaredVolumeOnAnAgentThatHasItsPlugin() {
        Scenario scenario = Scenario.with("a1");
        declare(scenario, Map.of("size", "5"));
        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.PROVISIONING);

        Launch creation = scenario.launchOn("a1");
        assertThat(creation.order()).isInstanceOfSatisfying(CreateVolume.class, order -> assertThat(order.options())
                .containsEntry("size", "5"));
        assertThat(scenario.offers("a1")).as("once").isEmpty();
        scenario.fromExecutor(creation.task(), Report.FINISHED, new VolumeOperationDone(NAME));

        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.AVAILABLE);
        assertThat(scenario.volume("orders-db").exists()).isTrue();
    }

    @Test
    void refusesAKnownNameWhateverItsCase() {
        Scenario scenario = Scenario.with("a1");
        declare(scenario, Map.of());

        Answer.Refused<Volume> refused = Scenario.refused(scenario.ask(decision ->
                scenario.decider.declareVolume(spec("loop", "ORDERS-DB", ReclaimPolicy.RETAIN, Map.of()), decision)));

        assertThat(refused.why()).isEqualTo(Answer.Why.CONFLICT);
        assertThat(refused.what()).contains("exists already");
    }

    @Test
    void refusesADriverThatNoAgentHas() {
        Scenario scenario = Scenario.with("a1");

        Answer.Refused<Volume> refused = Scenario.refused(scenario.ask(decision ->
                scenario.decider.declareVolume(spec("ceph", "orders-db", ReclaimPolicy.RETAIN, Map.of()), decision)));

        assertThat(refused.why()).isEqualTo(Answer.Why.INVALID);
        assertThat(refused.errors()).extracting(Answer.FieldError::path).containsExactly("/driver");
        assertThat(scenario.records()).isEmpty();
    }

    @Test
    void refusesASizeThatNoPoolHasRoomFor() {
        Scenario scenario = Scenario.with("a1");

        Answer.Refused<Volume> refused = Scenario.refused(scenario.ask(decision -> scenario.decider.declareVolume(
                spec("loop", "orders-db", ReclaimPolicy.RETAIN, Map.of("size", "101")), decision)));

        assertThat(refused.errors()).extracting(Answer.FieldError::path).containsExactly("/options/size");
        assertThat(scenario.records()).isEmpty();
    }

    @Test
    void keepsAVolumeWhoseCreationWasRefusedWithTheReason() {
        Scenario scenario = Scenario.with("a1");
        declare(scenario, Map.of());
        Launch creation = scenario.launchOn("a1");

        scenario.fromExecutor(creation.task(), Report.FAILED, new Failure("the pool is full"));

        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.FAILED);
        assertThat(scenario.volume("orders-db").trouble()).contains("the pool is full");
    }

    @Test
    void triesACreationAgainThatNothingWasHeardOf() {
        Scenario scenario = Scenario.with("a1");
        declare(scenario, Map.of());
        Launch creation = scenario.launchOn("a1");

        scenario.fromAgent(creation.task(), Report.FAILED, "REASON_EXECUTOR_TERMINATED");
        assertThat(scenario.offers("a1")).isEmpty();
        scenario.pass(Duration.ofSeconds(15));

        assertThat(scenario.launchOn("a1").order()).isInstanceOf(CreateVolume.class);
    }

    @Test
    void createsElsewhereWhenTheFirstAgentIsOutOfContact() {
        Scenario scenario = Scenario.with("a1", "a2");
        declare(scenario, Map.of());
        Launch creation = scenario.launchOn("a1");

        scenario.fromMaster(creation.task(), Report.UNREACHABLE);

        assertThat(scenario.launchOn("a2").order()).isInstanceOf(CreateVolume.class);
    }

    @Test
    void waitsForARemovalThatMayStillCome() {
        Scenario scenario = Scenario.with("a1", "a2");
        made(scenario);
        remove(scenario);
        Launch removal = scenario.launchOn("a1");

        scenario.fromMaster(removal.task(), Report.UNREACHABLE);

        assertThat(scenario.offers("a2")).isEmpty();
    }

    @Test
    void removesAVolumeThatNobodyUses() {
        Scenario scenario = Scenario.with("a1");
        made(scenario);

        remove(scenario);
        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.DELETING);
        Launch removal = scenario.launchOn("a1");
        assertThat(removal.order()).isInstanceOf(RemoveVolume.class);
        scenario.fromExecutor(removal.task(), Report.FINISHED, new VolumeOperationDone(NAME));

        assertThat(scenario.state.volume(NAME)).isEmpty();
        assertThat(scenario.launchOn("a1").order()).as("the pool has changed").isInstanceOf(InspectAgent.class);
    }

    @Test
    void keepsOnRecordWhatAPluginSaysItRemovedAndStillHas() {
        Scenario scenario = Scenario.with("a1");
        made(scenario);
        remove(scenario);
        Launch removal = scenario.launchOn("a1");

        String what = "volume 'orders-db' was not removed: the plugin answered success, and still has it";
        scenario.fromExecutor(removal.task(), Report.FAILED, new Failure(what));

        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.FAILED);
        assertThat(scenario.volume("orders-db").trouble()).contains(what);
        assertThat(scenario.volume("orders-db").exists()).isTrue();
    }

    @Test
    void forgetsAVolumeThatWasNeverMade() {
        Scenario scenario = Scenario.with();
        scenario.create(withVolume("/orders", "orders-db"));
        scenario.delete("/orders");

        remove(scenario);

        assertThat(scenario.state.volume(NAME)).isEmpty();
    }

    @Test
    void refusesToRemoveWhatIsInUse() {
        Scenario scenario = Scenario.with("a1");
        scenario.up(withVolume("/orders", "orders-db"), "a1");

        Answer.Refused<Volume> refused =
                Scenario.refused(scenario.ask(decision -> scenario.decider.removeVolume(NAME, decision)));

        assertThat(refused.why()).isEqualTo(Answer.Why.CONFLICT);
        assertThat(refused.what()).contains("machine m-a1", "MOUNTED");
        assertThat(scenario.records()).isEmpty();
    }

    @Test
    void refusesToRemoveWhatAnAppNames() {
        Scenario scenario = Scenario.with();
        scenario.create(app("/orders").volume("orders-db").instances(0).draft());

        Answer.Refused<Volume> refused =
                Scenario.refused(scenario.ask(decision -> scenario.decider.removeVolume(NAME, decision)));

        assertThat(refused.what()).contains("/orders");
    }

    @Test
    void refusesToRemoveWhatIsNotKnownOrBeingMade() {
        Scenario scenario = Scenario.with("a1");
        assertThat(Scenario.refused(scenario.ask(decision -> scenario.decider.removeVolume(NAME, decision)))
                        .why())
                .isEqualTo(Answer.Why.NOT_FOUND);

        declare(scenario, Map.of());
        scenario.launchOn("a1");

        assertThat(Scenario.refused(scenario.ask(decision -> scenario.decider.removeVolume(NAME, decision)))
                        .what())
                .contains("is being created");
    }

    @Test
    void dropsADeclarationThatNobodyCanMake() {
        Scenario scenario = Scenario.with();
        declare(scenario, Map.of());

        remove(scenario);

        assertThat(scenario.state.volume(NAME)).isEmpty();
    }

    @Test
    void aVolumeMadeAgainGoesOnWithTheFencesOfItsHistory() {
        Scenario scenario = Scenario.with("a1");
        Launch first = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.delete("/orders");
        scenario.fromExecutor(first.task(), Report.KILLED, scenario.record(first));
        remove(scenario);
        scenario.fromExecutor(scenario.launchOn("a1").task(), Report.FINISHED, new VolumeOperationDone(NAME));
        assertThat(scenario.state.volume(NAME)).isEmpty();

        scenario.create(withVolume("/orders", "orders-db"));

        assertThat(scenario.volume("orders-db").fence()).isEqualTo(1);
    }

    private static void declare(Scenario scenario, Map<String, String> options) {
        Scenario.ok(scenario.ask(decision ->
                scenario.decider.declareVolume(spec("loop", "orders-db", ReclaimPolicy.RETAIN, options), decision)));
    }

    private static void remove(Scenario scenario) {
        Scenario.ok(scenario.ask(decision -> scenario.decider.removeVolume(NAME, decision)));
    }

    private static void made(Scenario scenario) {
        declare(scenario, Map.of());
        Launch creation = scenario.launchOn("a1");
        scenario.fromExecutor(creation.task(), Report.FINISHED, new VolumeOperationDone(NAME));
    }
}
