package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.spec;
import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.TaskOrder.RemoveVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.AppRequests.Accepted;
import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What users ask of apps, and how the tasks follow. */
class AppScenarioTest {
    private static final AppId WEB = new AppId("/web");

    @Test
    void startsAsManyTasksAsAreAskedFor() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").instances(3).draft());

        List<Launch> launched = scenario.offers("a1");

        assertThat(launched).hasSize(3);
        launched.forEach(scenario::running);
        assertThat(scenario.state.app(WEB).orElseThrow().deployment()).isEmpty();
    }

    @Test
    void startsMoreWhenScaledUp() {
        Scenario scenario = Scenario.with("a1");
        scenario.up(app("/web").draft(), "a1");

        scenario.replace(app("/web").instances(3).draft());

        assertThat(scenario.kills()).isEmpty();
        assertThat(scenario.offers("a1")).hasSize(2);
    }

    @Test
    void stopsTheYoungestWhenScaledDown() {
        Scenario scenario = Scenario.with("a1");
        Launch oldest = scenario.up(app("/web").draft(), "a1");
        scenario.pass(Duration.ofMinutes(1));
        scenario.replace(app("/web").instances(2).draft());
        Launch youngest = scenario.up("a1");

        scenario.replace(app("/web").instances(1).draft());

        assertThat(scenario.kills()).containsExactly(youngest.task());
        scenario.fromExecutor(youngest.task(), Report.KILLED, null);
        assertThat(scenario.state.tasksOf(WEB)).extracting(Task::id).containsExactly(oldest.task());
        assertThat(scenario.notices()).contains("deployment_success");
    }

    @Test
    void replacesATaskWhoseDefinitionChanged() {
        Scenario scenario = Scenario.with("a1");
        Launch old = scenario.up(withVolume("/orders", "orders-db"), "a1");
        Instant first = scenario.state.app(new AppId("/orders")).orElseThrow().version();

        Accepted changed = scenario.replace(
                app("/orders").volume("orders-db").env("LEVEL", "2").draft());

        assertThat(changed.app().version()).isAfter(first);
        assertThat(scenario.kills()).containsExactly(old.task());
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
        scenario.fromExecutor(old.task(), Report.KILLED, scenario.record(old));
        Launch next = scenario.up("a1");
        assertThat(((RunWorkload) next.order()).workload().environment()).containsEntry("LEVEL", "2");
        assertThat(((RunWorkload) next.order()).volumes().get(0).fence()).isEqualTo(2);
    }

    @Test
    void restartsATaskUnderTheSameDefinition() {
        Scenario scenario = Scenario.with("a1");
        Launch old = scenario.up(app("/web").draft(), "a1");

        Scenario.ok(scenario.ask(decision -> scenario.decider.apps().restart(WEB, Force.NO, decision)));

        assertThat(scenario.kills()).as("before another one runs").isEmpty();
        Launch next = scenario.up("a1");
        assertThat(next.task()).isNotEqualTo(old.task());
        assertThat(scenario.kills()).containsExactly(old.task());
        scenario.fromExecutor(old.task(), Report.KILLED, null);
        assertThat(scenario.notices()).contains("deployment_success");
    }

    @Test
    void removesAnAppWhenItsLastTaskHasLetGo() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/orders", "orders-db"), "a1");

        scenario.delete("/orders");
        assertThat(scenario.state.app(new AppId("/orders"))).as("not before").isPresent();
        scenario.fromExecutor(launch.task(), Report.KILLED, scenario.record(launch));

        assertThat(scenario.state.app(new AppId("/orders"))).isEmpty();
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E1);
        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.AVAILABLE);
        assertThat(scenario.notices()).contains("app_terminated");
    }

    @Test
    void removesAnAppThatHasNothingAtOnce() {
        Scenario scenario = Scenario.with();
        scenario.create(app("/web").instances(0).draft());

        scenario.delete("/web");

        assertThat(scenario.state.app(WEB)).isEmpty();
    }

    @Test
    void removesTheVolumeOfADeletedAppThatSaysSo() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/orders")
                .volume(spec("loop", "orders-db", ReclaimPolicy.DELETE, Map.of()))
                .draft());
        Launch launch = scenario.up("a1");
        scenario.delete("/orders");

        scenario.fromExecutor(launch.task(), Report.KILLED, scenario.record(launch));

        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.DELETING);
        assertThat(waitsFor(scenario)).contains("an offer of an agent with a healthy plugin loop");
        Launch removal = scenario.launchOn("a1");
        assertThat(removal.order()).isInstanceOf(RemoveVolume.class);
        assertThat(waitsFor(scenario)).get().asString().startsWith("task " + removal.task());
        scenario.fromMaster(removal.task(), Report.UNREACHABLE);
        assertThat(waitsFor(scenario)).get().asString().contains("agent a1", "may still carry the removal out");
        scenario.fromMaster(removal.task(), Report.GONE);
        assertThat(waitsFor(scenario)).get().asString().startsWith("it failed; tried again at ");
        scenario.pass(Duration.ofSeconds(16));
        assertThat(scenario.launchOn("a1").order()).isInstanceOf(RemoveVolume.class);
    }

    private static Optional<String> waitsFor(Scenario scenario) {
        return scenario.decider.waitsFor(scenario.volume("orders-db"), scenario.now);
    }

    @Test
    void forgetsAVolumeThatWasNeverMade() {
        Scenario scenario = Scenario.with();
        scenario.create(app("/orders")
                .volume(spec("loop", "orders-db", ReclaimPolicy.DELETE, Map.of()))
                .draft());

        scenario.delete("/orders");

        assertThat(scenario.state.volume(new VolumeName("orders-db"))).isEmpty();
    }

    @Test
    void refusesAnIdWhoseTasksWouldLookLikeItsOwn() {
        Scenario scenario = Scenario.with();

        for (String id : List.of("/mooring-inspect", "/mooring-fence.x")) {
            assertThat(Scenario.refused(scenario.tryCreate(app(id).draft())).errors())
                    .singleElement()
                    .satisfies(error -> assertThat(error.path()).isEqualTo("/id"));
        }
        scenario.create(app("/mooring-inspector").draft());
    }

    @Test
    void removesMoreVolumesThanOneTransactionTakes() {
        Scenario scenario = Scenario.with();
        Drafts app = app("/orders");
        for (int volume = 0; volume < 450; volume++) {
            app.volume(spec("loop", "orders-" + volume, ReclaimPolicy.DELETE, Map.of()));
        }
        scenario.create(app.draft());

        scenario.delete("/orders");

        assertThat(scenario.records()).hasSizeLessThan(250);
        assertThat(scenario.state.app(new AppId("/orders"))).isPresent();
        scenario.pass(Duration.ofSeconds(1));
        assertThat(scenario.state.app(new AppId("/orders"))).isEmpty();
        assertThat(scenario.state.volumes()).isEmpty();
    }

    @Test
    void killsAgainWithGrowingPausesUntilTheTaskHasEnded() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.delete("/web");
        Instant start = scenario.now;

        List<Duration> pauses = new ArrayList<>();
        for (int attempt = 2; attempt < 11; attempt++) {
            Instant next =
                    scenario.timer(new Timer.KillAgain(launch.task(), attempt)).orElseThrow();
            pauses.add(Duration.between(scenario.now, next));
            List<Effect> done = scenario.passed(Duration.between(scenario.now, next));
            assertThat(done).anyMatch(Effect.KillTask.class::isInstance);
        }

        assertThat(pauses)
                .startsWith(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20))
                .endsWith(Duration.ofMinutes(5));
        assertThat(scenario.now).isAfter(start);
        scenario.fromExecutor(launch.task(), Report.KILLED, null);
        assertThat(scenario.passed(Duration.ofHours(1))).noneMatch(Effect.KillTask.class::isInstance);
    }

    @Test
    void givesNoMoreGraceToATaskThatHadItsOwnTwice() {
        Scenario scenario = Scenario.with("a1");
        scenario.up(app("/web").draft(), "a1"); // its grace is 3 s
        scenario.delete("/web");

        List<Effect.KillTask> soon = kills(scenario.passed(Duration.ofSeconds(36)));
        List<Effect.KillTask> late = kills(scenario.passed(Duration.ofMinutes(10)));

        assertThat(soon).hasSizeGreaterThan(1).allMatch(kill -> kill.grace().isEmpty());
        assertThat(late).hasSizeGreaterThan(1).allMatch(kill -> kill.grace()
                .equals(Optional.of(Duration.ofSeconds(1))));
    }

    private static List<Effect.KillTask> kills(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.KillTask.class::isInstance)
                .map(Effect.KillTask.class::cast)
                .toList();
    }

    @Test
    void killsAgainWhatAnEarlierLeaderWantedToEnd() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");
        scenario.replace(app("/web").instances(0).draft());

        Scenario next = scenario.successor();

        assertThat(next.kills()).containsExactly(launch.task());
    }

    @Test
    void refusesAnAppThatExists() {
        Scenario scenario = Scenario.with();
        scenario.create(app("/web").draft());

        Answer.Refused<Accepted> refused =
                Scenario.refused(scenario.tryCreate(app("/web").draft()));

        assertThat(refused.why()).isEqualTo(Answer.Why.CONFLICT);
        assertThat(refused.what()).isEqualTo("An app with id [/web] already exists.");
    }

    @Test
    void locksAnAppWhileItIsDeployed() {
        Scenario scenario = Scenario.with();
        Accepted created = scenario.create(app("/web").draft());

        Answer.Refused<Accepted> refused = Scenario.refused(scenario.ask(decision ->
                scenario.decider.apps().replace(app("/web").instances(2).draft(), Force.NO, decision)));

        assertThat(refused.why()).isEqualTo(Answer.Why.LOCKED);
        assertThat(refused.errors())
                .extracting(Answer.FieldError::what)
                .containsExactly(created.deployment().id());
    }

    @Test
    void refusesWhatDoesNotExist() {
        Scenario scenario = Scenario.with();

        assertThat(Scenario.refused(
                                scenario.ask(decision -> scenario.decider.apps().delete(WEB, Force.YES, decision)))
                        .why())
                .isEqualTo(Answer.Why.NOT_FOUND);
        assertThat(Scenario.refused(
                                scenario.ask(decision -> scenario.decider.apps().restart(WEB, Force.YES, decision)))
                        .why())
                .isEqualTo(Answer.Why.NOT_FOUND);
    }

    @Test
    void refusesAVolumeThatAnotherAppHas() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));

        Answer.Refused<Accepted> refused = Scenario.refused(scenario.tryCreate(withVolume("/other", "Orders-DB")));

        assertThat(refused.why()).isEqualTo(Answer.Why.INVALID);
        assertThat(refused.errors()).anySatisfy(error -> {
            assertThat(error.path()).isEqualTo("/volumes(0)/name");
            assertThat(error.what()).contains("conflicts with volume(s) of same name in app(s): /orders");
            assertThat(error.expected()).isNotEmpty();
        });
        nothingCreated(scenario);
    }

    @Test
    void refusesAKnownVolumeInOtherLetterCase() {
        Scenario scenario = Scenario.with();
        scenario.create(withVolume("/orders", "orders-db"));
        scenario.delete("/orders");

        Answer.Refused<Accepted> refused = Scenario.refused(scenario.tryCreate(withVolume("/other", "ORDERS-db")));

        assertThat(refused.errors().get(0).what()).contains("letter case");
        nothingCreated(scenario);
    }

    @Test
    void refusesASecondDriverForAKnownVolume() {
        Scenario scenario = Scenario.with();
        scenario.create(withVolume("/orders", "orders-db"));
        scenario.delete("/orders");

        Answer.Refused<Accepted> refused = Scenario.refused(scenario.tryCreate(app("/orders")
                .volume(spec("vfs", "orders-db", ReclaimPolicy.RETAIN, Map.of()))
                .draft()));

        assertThat(refused.errors().get(0).path()).isEqualTo("/volumes(0)/driver");
        nothingCreated(scenario);
    }

    @Test
    void refusesADriverThatNoAgentHas() {
        Scenario scenario = Scenario.with("a1");

        Answer.Refused<Accepted> refused = Scenario.refused(scenario.tryCreate(app("/orders")
                .volume(spec("ceph", "orders-db", ReclaimPolicy.RETAIN, Map.of()))
                .draft()));

        assertThat(refused.errors()).singleElement().satisfies(error -> {
            assertThat(error.path()).isEqualTo("/volumes(0)/driver");
            assertThat(error.what()).isEqualTo("no agent has a plugin 'ceph'");
            assertThat(error.expected()).isEqualTo("one of loop, rexray");
        });
        nothingCreated(scenario);
    }

    @Test
    void refusesASizeThatNoPoolHasRoomFor() {
        Scenario scenario = Scenario.with("a1");

        Answer.Refused<Accepted> refused = Scenario.refused(scenario.tryCreate(app("/orders")
                .volume(spec("loop", "orders-db", ReclaimPolicy.RETAIN, Map.of("size", "101")))
                .draft()));

        assertThat(refused.errors()).singleElement().satisfies(error -> {
            assertThat(error.path()).isEqualTo("/volumes(0)/options/size");
            assertThat(error.what()).contains("101 GB");
            assertThat(error.expected()).isEqualTo("at most 100 GB");
        });
        nothingCreated(scenario);
    }

    @Test
    void refusesASecondInstanceForAVolumeWithOneWriter() {
        Scenario scenario = Scenario.with("a1");

        Answer.Refused<Accepted> refused = Scenario.refused(scenario.tryCreate(
                app("/orders").volume("orders-db").instances(2).draft()));

        assertThat(refused.errors()).singleElement().satisfies(error -> {
            assertThat(error.path()).isEqualTo("/instances");
            assertThat(error.expected()).startsWith("0 or 1");
        });
        nothingCreated(scenario);
    }

    @Test
    void refusesAnAppThatIsAGroupOfOthers() {
        Scenario scenario = Scenario.with();
        scenario.create(app("/shop/web").draft());

        assertThat(Scenario.refused(scenario.tryCreate(app("/shop").draft())).errors())
                .extracting(Answer.FieldError::path)
                .containsExactly("/id");
        assertThat(Scenario.refused(scenario.tryCreate(app("/shop/web/deeper").draft()))
                        .errors())
                .hasSize(1);
    }

    @Test
    void resolvesAnAliasAndSaysSo() {
        Scenario scenario = Scenario.with("a1");

        Accepted accepted = scenario.create(app("/orders")
                .volume(spec("rexray", "orders-db", ReclaimPolicy.RETAIN, Map.of()))
                .draft());

        assertThat(accepted.notes()).singleElement().satisfies(note -> assertThat(note)
                .contains("'rexray'", "'loop'", "orders-db"));
        assertThat(scenario.volume("orders-db").driver().value()).isEqualTo("loop");
        RunWorkload order = (RunWorkload) scenario.launchOn("a1").order();
        assertThat(order.volumes().get(0).request().driver().value()).isEqualTo("loop");
    }

    @Test
    void makesEveryVersionLaterThanTheOneBefore() {
        Scenario scenario = Scenario.with();
        Instant last = scenario.create(app("/web").draft()).app().version();
        for (int instances = 2; instances < 5; instances++) {
            Instant next = scenario.replace(app("/web").instances(instances).draft())
                    .app()
                    .version();
            assertThat(next).isAfter(last);
            last = next;
        }
    }

    @Test
    void givesATaskMarathonsVariablesAndItsOwnWin() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/shop/web")
                .port(0)
                .port(0)
                .env("HOST", "mine")
                .env("A", "b")
                .label("tier.of/shop", "front")
                .label("HAPROXY_0_VHOST", "shop.example")
                .label("long", "x".repeat(512))
                .draft());

        RunWorkload order = (RunWorkload) scenario.launchOn("a1").order();

        assertThat(order.workload().environment())
                .containsEntry("MARATHON_APP_ID", "/shop/web")
                .containsEntry("PORT0", "31000")
                .containsEntry("PORT1", "31001")
                .containsEntry("PORTS", "31000,31001")
                .containsEntry("PORT_31001", "31001")
                .containsEntry("MARATHON_APP_RESOURCE_GPUS", "0")
                .containsEntry("MARATHON_APP_LABELS", "HAPROXY_0_VHOST TIER_OF_SHOP")
                .containsEntry("MARATHON_APP_LABEL_TIER_OF_SHOP", "front")
                .doesNotContainKey("MARATHON_APP_LABEL_LONG")
                .containsEntry("HOST", "mine")
                .containsEntry("A", "b")
                .containsKey("MESOS_TASK_ID");
    }

    private static void nothingCreated(Scenario scenario) {
        assertThat(scenario.records()).noneMatch(StoreRecord.PutApp.class::isInstance);
        assertThat(scenario.records()).noneMatch(StoreRecord.PutVolume.class::isInstance);
    }
}
