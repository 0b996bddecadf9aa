package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.AgentId;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.task.Report;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Asking Mesos what it knows: after each subscription, and again and again. */
class ReconcileScenarioTest {
    @Test
    void asksForEveryTaskWithItsAgentAfterASubscription() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");

        scenario.subscribe();

        assertThat(scenario.effects(Effect.Reconcile.class))
                .containsExactly(new Effect.Reconcile(List.of(new Effect.KnownTask(launch.task(), new AgentId("a1")))));
    }

    @Test
    void asksAgainWithGrowingPausesForWhatIsNotAnswered() {
        Scenario scenario = Scenario.with("a1");
        scenario.up(app("/web").draft(), "a1");
        scenario.subscribe();

        assertThat(asked(scenario, Duration.ofSeconds(5))).hasSize(1);
        assertThat(asked(scenario, Duration.ofSeconds(9))).isEmpty();
        assertThat(asked(scenario, Duration.ofSeconds(1))).hasSize(1);
        assertThat(asked(scenario, Duration.ofMinutes(30))).hasSizeBetween(8, 12);
    }

    @Test
    void asksForUnknownTasksWhenAllKnownOnesAreAnswered() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.subscribe();
        scenario.fromMaster(launch.task(), Report.RUNNING);

        assertThat(asked(scenario, Duration.ofSeconds(5))).containsExactly(new Effect.Reconcile(List.of()));
        assertThat(asked(scenario, Duration.ofMinutes(14))).isEmpty();
        assertThat(asked(scenario, Duration.ofMinutes(1)))
                .as("a new run")
                .containsExactly(new Effect.Reconcile(List.of(new Effect.KnownTask(launch.task(), new AgentId("a1")))));
    }

    @Test
    void asksInBatches() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").instances(1200).resources(0.001, 1).draft());
        for (int i = 0; i < 24; i++) {
            scenario.offers(List.of(scenario.offer("a1", 1000, 1_000_000)));
        }

        scenario.subscribe();

        assertThat(scenario.effects(Effect.Reconcile.class))
                .extracting(reconcile -> reconcile.tasks().size())
                .containsExactly(1000, 200);
    }

    @Test
    void believesTheAnswerThatATaskIsGone() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.subscribe();

        scenario.fromMaster(launch.task(), Report.GONE);

        scenario.pass(Duration.ofSeconds(2));
        assertThat(scenario.launchOn("a1").task()).isNotEqualTo(launch.task());
        scenario.pass(Duration.ofHours(2));
        assertThat(scenario.state.task(launch.task()))
                .as("forgotten in the end")
                .isEmpty();
    }

    @Test
    void killsATaskThatRunsOnAfterTheMasterCalledItGone() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.subscribe();
        scenario.fromMaster(launch.task(), Report.GONE);

        scenario.fromMaster(launch.task(), Report.RUNNING);

        assertThat(scenario.kills()).containsExactly(launch.task());
        assertThat(scenario.state.hold(Hold.Kind.SAFE_MODE)).isEmpty();
        scenario.fromExecutor(launch.task(), Report.KILLED, null);
        assertThat(scenario.state.task(launch.task())).isEmpty();
    }

    @Test
    void letsAnAppGoWhoseTaskOnlyTheMasterCalledGone() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.fromMaster(launch.task(), Report.GONE);

        scenario.delete("/web");

        assertThat(scenario.state.app(new AppId("/web"))).isEmpty();
    }

    @Test
    void asksForALaunchThatNothingWasHeardOf() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").draft());
        Launch launch = scenario.launchOn("a1");

        List<Effect.Reconcile> asked = asked(scenario, Duration.ofMinutes(5));

        assertThat(asked)
                .contains(new Effect.Reconcile(List.of(new Effect.KnownTask(launch.task(), new AgentId("a1")))));
    }

    @Test
    void neverTakesTasksThatAreSettledForAQuestionAboutAllTasks() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.subscribe();
        scenario.step(decision -> decision.record(new StoreRecord.RemoveTask(launch.task())));

        List<Effect.Reconcile> asked = asked(scenario, Duration.ofMinutes(10));

        assertThat(asked).as("one question about all, to end the run").containsExactly(new Effect.Reconcile(List.of()));
    }

    private static List<Effect.Reconcile> asked(Scenario scenario, Duration time) {
        return scenario.passed(time).stream()
                .filter(Effect.Reconcile.class::isInstance)
                .map(Effect.Reconcile.class::cast)
                .toList();
    }
}
