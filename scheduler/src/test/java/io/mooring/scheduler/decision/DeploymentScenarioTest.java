package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Scenario.ok;
import static io.mooring.scheduler.decision.Scenario.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.cluster.TaskReadiness.Response;
import io.mooring.scheduler.decision.AppRequests.Accepted;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.KillSelection;
import io.mooring.scheduler.definition.ReadinessCheck;
import io.mooring.scheduler.definition.Unreachable;
import io.mooring.scheduler.definition.UpgradeStrategy;
import io.mooring.scheduler.definition.Upkeep;
import io.mooring.scheduler.deployment.Plan;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Notice;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How changes come about, step by step, and what may stand beside what meanwhile. */
class DeploymentScenarioTest {
    private static final AppId WEB = new AppId("/web");
    private static final ReadinessCheck READY = new ReadinessCheck(
            "ready",
            "http",
            "/ready",
            0,
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            List.of(200),
            ReadinessCheck.Response.KEPT);

    private static Upkeep upkeep(double least, double over) {
        return new Upkeep(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new UpgradeStrategy(least, over)),
                KillSelection.YOUNGEST_FIRST,
                Unreachable.AT_ONCE,
                List.of());
    }

    private static Draft web(Upkeep upkeep, int instances, String edition) {
        return app("/web")
                .instances(instances)
                .upkeep(upkeep)
                .env("EDITION", edition)
                .draft();
    }

    private static Draft needing(String id, String... dependencies) {
        Upkeep upkeep = new Upkeep(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                KillSelection.YOUNGEST_FIRST,
                Unreachable.AT_ONCE,
                List.of(dependencies));
        return app(id).upkeep(upkeep).draft();
    }

    private static List<Launch> up(Scenario scenario, String... agents) {
        List<Launch> launches = scenario.offers(agents).stream()
                .filter(launch -> launch.order() instanceof RunWorkload)
                .toList();
        for (Launch launch : launches) {
            scenario.starting(launch);
            scenario.running(launch);
        }
        return launches;
    }

    private static Accepted change(Scenario scenario, Wanted... wanted) {
        return ok(scenario.ask(decision -> scenario.decider.apps().change(List.of(wanted), Force.NO, decision)));
    }

    private static List<Plan> plans(Scenario scenario) {
        return scenario.decider.deployments().all();
    }

    @Test
    void newTasksAreUpBeforeOldOnesGoUnlessTheAppSaysOtherwise() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(web(upkeep(1, 1), 2, "1"));
        List<Launch> old = up(scenario, "a1");
        assertThat(old).hasSize(2);
        assertThat(plans(scenario)).isEmpty();

        scenario.replace(web(upkeep(1, 1), 2, "2"));
        assertThat(scenario.kills()).isEmpty();
        List<Launch> fresh = scenario.offers("a1");
        assertThat(fresh).hasSize(2);

        scenario.starting(fresh.get(0));
        scenario.running(fresh.get(0));
        assertThat(scenario.kills()).as("one for the first that is up").hasSize(1);
        scenario.starting(fresh.get(1));
        scenario.running(fresh.get(1));
        assertThat(scenario.kills()).hasSize(1);
        assertThat(plans(scenario)).as("while old tasks end").hasSize(1);
        old.forEach(launch -> scenario.fromExecutor(launch.task(), Report.KILLED, null));

        assertThat(plans(scenario)).isEmpty();
        assertThat(scenario.notices()).contains("deployment_success");
    }

    @Test
    void noMoreTasksThanAllowedRunAtOnce() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(web(upkeep(0.5, 0), 2, "1"));
        List<Launch> old = up(scenario, "a1");

        scenario.replace(web(upkeep(0.5, 0), 2, "2"));
        List<TaskId> first = scenario.kills();
        assertThat(first).hasSize(1);
        assertThat(scenario.offers("a1")).as("no room yet").isEmpty();
        scenario.fromExecutor(first.get(0), Report.KILLED, null);
        List<Launch> fresh = up(scenario, "a1");
        assertThat(fresh).hasSize(1);
        TaskId second = old.stream()
                .map(Launch::task)
                .filter(task -> !first.contains(task))
                .findFirst()
                .orElseThrow();
        assertThat(scenario.kills()).containsExactly(second);
        scenario.fromExecutor(second, Report.KILLED, null);
        up(scenario, "a1");

        assertThat(plans(scenario)).isEmpty();
    }

    @Test
    void aTaskWithAVolumeOfItsOwnIsGoneBeforeTheNextOneStarts() {
        Scenario scenario = Scenario.with("a1");
        Launch old = scenario.up(
                app("/orders").volume("orders-db").upkeep(upkeep(1, 0)).draft(), "a1");

        scenario.replace(app("/orders")
                .volume("orders-db")
                .upkeep(upkeep(1, 0))
                .env("EDITION", "2")
                .draft());

        assertThat(scenario.kills()).containsExactly(old.task());
        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(waitsFor(scenario)).contains("volume orders-db is let go by task " + old.task());
        scenario.fromExecutor(old.task(), Report.FAILED, null);
        assertThat(waitsFor(scenario)).contains("orders-db");
    }

    private static String waitsFor(Scenario scenario) {
        Optional<String> reason =
                scenario.ask(decision -> scenario.decider.waitsForVolumes(new AppId("/orders"), decision));
        return reason.orElse("nothing");
    }

    @Test
    void instancesWithVolumesOfTheirOwnAreReplacedOneAfterTheOther() {
        Scenario scenario = Scenario.with("a1");
        Drafts ensemble = app("/zk").numbered("zk-{index}").instances(3);
        scenario.create(ensemble.draft());
        List<Launch> old = up(scenario, "a1");
        assertThat(old).hasSize(3);

        scenario.replace(app("/zk")
                .numbered("zk-{index}")
                .instances(3)
                .env("EDITION", "2")
                .draft());
        for (int i = 0; i < 3; i++) {
            List<TaskId> kills = scenario.kills();
            assertThat(kills).as("stop %d", i).hasSize(1);
            Launch leaving = scenario.launched(kills.get(0));
            scenario.fromExecutor(kills.get(0), Report.KILLED, scenario.record(leaving));
            assertThat(up(scenario, "a1")).hasSize(1);
        }

        assertThat(plans(scenario)).isEmpty();
    }

    @Test
    void aSickTaskGoesFirstAndANewOneCountsOnlyWhenItIsHealthy() {
        Upkeep checked = new Upkeep(Optional.of(HealthScenarioTest.HTTP));
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").port(0).upkeep(checked).draft());
        Launch old = up(scenario, "a1").get(0);
        assertThat(plans(scenario)).as("until it is healthy").hasSize(1);
        scenario.health(old, Verdict.HEALTHY, "");
        assertThat(plans(scenario)).isEmpty();

        scenario.replace(app("/web").port(0).upkeep(checked).env("EDITION", "2").draft());
        Launch fresh = up(scenario, "a1").get(0);
        assertThat(scenario.kills()).isEmpty();
        scenario.health(fresh, Verdict.HEALTHY, "");

        assertThat(scenario.kills()).containsExactly(old.task());
    }

    @Test
    void aNewTaskTakesAnOldOnesPlaceWhenItSaysThatItIsReady() {
        Upkeep asked = new Upkeep(
                Optional.empty(),
                Optional.of(READY),
                Optional.empty(),
                KillSelection.YOUNGEST_FIRST,
                Unreachable.AT_ONCE,
                List.of());
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").port(31001).draft());
        Launch old = up(scenario, "a1").get(0);
        scenario.replace(app("/web").port(31002).upkeep(asked).draft());
        Launch fresh = scenario.launchOn("a1");
        scenario.starting(fresh);
        scenario.running(fresh);

        Effect.AskReadiness question =
                scenario.effects(Effect.AskReadiness.class).get(0);
        assertThat(question.task()).isEqualTo(fresh.task());
        assertThat(question.host() + ":" + question.port()).isEqualTo("a1.example:31002");
        scenario.step(decision -> scenario.decider.readiness(
                fresh.task(), Optional.of(new Response(503, "text/plain", "loading")), decision));
        assertThat(scenario.kills()).isEmpty();
        assertThat(scenario.timer(new Timer.AskReadiness(fresh.task()))).isPresent();
        assertThat(scenario.passed(Duration.ofMinutes(1)))
                .filteredOn(Effect.AskReadiness.class::isInstance)
                .isNotEmpty();
        scenario.step(decision ->
                scenario.decider.readiness(fresh.task(), Optional.of(new Response(200, "text/plain", "ok")), decision));

        assertThat(scenario.kills()).containsExactly(old.task());
        assertThat(scenario.state.readiness(fresh.task()).orElseThrow().last())
                .contains(new Response(200, "text/plain", "ok"));
    }

    @Test
    void anAppStartsWhenWhatItDependsOnRuns() {
        Scenario scenario = Scenario.with("a1");
        change(
                scenario,
                new Wanted.Put(needing("/shop/web", "/shop/api", "/shop/data")),
                new Wanted.Put(needing("/shop/api", "/shop/data")),
                new Wanted.Put(needing("/shop/data/db")));

        Plan plan = plans(scenario).get(0);
        assertThat(plan.steps()).hasSize(4);
        assertThat(plan.current()).isEqualTo(2);
        assertThat(scenario.decider.deployments().before(new AppId("/shop/web")))
                .containsExactly(new AppId("/shop/api"), new AppId("/shop/data/db"));
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<Launch> launches = up(scenario, "a1");
            assertThat(launches).hasSize(1);
            order.add(launches.get(0).name());
        }

        assertThat(order).containsExactly("/shop/data/db", "/shop/api", "/shop/web");
        assertThat(plans(scenario)).isEmpty();
    }

    @Test
    void tellsOfEachStepAsItBeginsAndIsDone() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/old").instances(0).draft());

        change(
                scenario,
                new Wanted.Delete(new AppId("/old")),
                new Wanted.Put(needing("/web", "/db")),
                new Wanted.Put(needing("/db")));

        assertThat(told(scenario))
                .containsExactly(
                        "info StopApplication /old",
                        "step_success StopApplication /old",
                        "info StartApplication /db,StartApplication /web",
                        "step_success StartApplication /db,StartApplication /web",
                        "info ScaleApplication /db");
        up(scenario, "a1");
        assertThat(told(scenario)).containsExactly("step_success ScaleApplication /db", "info ScaleApplication /web");
        up(scenario, "a1");
        assertThat(told(scenario)).containsExactly("step_success ScaleApplication /web", "success");
    }

    @Test
    void tellsOfAChangeThatIsGivenUpAndWhy() {
        Scenario scenario = Scenario.with("a1");
        Accepted first = change(scenario, new Wanted.Put(needing("/web")));

        scenario.ask(decision ->
                scenario.decider.deployments().stop(first.deployment().id(), decision));

        assertThat(told(scenario)).containsExactly("step_failure ScaleApplication /web", "failed");
        Notice failed = notices(scenario).get(1);
        assertThat(failed.facts())
                .containsEntry("reason", "it was stopped where it is")
                .containsEntry("plan", "StartApplication /web;ScaleApplication /web");
    }

    private static List<Notice> notices(Scenario scenario) {
        return scenario.effects(Effect.Publish.class).stream()
                .map(Effect.Publish::notice)
                .filter(notice -> notice.type().startsWith("deployment_")
                        && !notice.type().equals("deployment_started"))
                .toList();
    }

    private static List<String> told(Scenario scenario) {
        return notices(scenario).stream()
                .map(notice -> notice.type().substring("deployment_".length())
                        + (notice.type().matches(".*(success|failed)")
                                        && !notice.type().contains("step")
                                ? ""
                                : " " + notice.facts().get("actions")))
                .toList();
    }

    @Test
    void aNewLeaderGoesOnWithAChangeWhereItWas() {
        Scenario scenario = Scenario.with("a1");
        change(scenario, new Wanted.Put(needing("/web", "/db")), new Wanted.Put(needing("/db")));
        Launch db = up(scenario, "a1").get(0);
        assertThat(db.name()).isEqualTo("/db");

        Scenario next = scenario.successor();

        assertThat(plans(next).get(0).current()).isEqualTo(3);
        assertThat(up(next, "a1").get(0).name()).isEqualTo("/web");
        assertThat(plans(next)).isEmpty();
    }

    @Test
    void circlesAreRefused() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(needing("/db", "/web"));

        Answer.Refused<Accepted> refusal = refused(scenario.tryCreate(needing("/web", "/db")));

        assertThat(refusal.errors()).hasSize(1);
        assertThat(refusal.errors().get(0).path()).isEqualTo("/dependencies");
        assertThat(refusal.errors().get(0).what()).isEqualTo("Dependency graph has cyclic dependencies.");
    }

    @Test
    void oneBadAppRefusesAllOfAChange() {
        Scenario scenario = Scenario.with("a1");

        Answer.Refused<Accepted> refusal = refused(scenario.ask(decision -> scenario.decider
                .apps()
                .change(
                        List.of(
                                new Wanted.Put(app("/a").volume("data").draft()),
                                new Wanted.Put(app("/b").volume("data").draft())),
                        Force.NO,
                        decision)));

        assertThat(refusal.errors())
                .extracting(Answer.FieldError::path)
                .containsExactly("(0)/volumes(0)/name", "(1)/volumes(0)/name");
        assertThat(scenario.records()).isEmpty();
    }

    @Test
    void aLockedAppNeedsForceAndForceEndsTheChangeBefore() {
        Scenario scenario = Scenario.with("a1");
        Accepted first = change(scenario, new Wanted.Put(needing("/web", "/db")), new Wanted.Put(needing("/db")));
        Answer.Refused<Accepted> refusal = refused(scenario.ask(
                decision -> scenario.decider.apps().change(List.of(new Wanted.Scale(WEB, 3)), Force.NO, decision)));
        assertThat(refusal.why()).isEqualTo(Answer.Why.LOCKED);
        assertThat(refusal.errors().get(0).what()).isEqualTo(first.deployment().id());

        ok(scenario.ask(
                decision -> scenario.decider.apps().change(List.of(new Wanted.Scale(WEB, 3)), Force.YES, decision)));

        assertThat(scenario.notices()).contains("deployment_failed", "deployment_started");
        assertThat(plans(scenario)).hasSize(1);
        assertThat(scenario.state.app(new AppId("/db")).orElseThrow().deployment())
                .as("is not part of any change now")
                .isEmpty();
    }

    @Test
    void noChangeBeginsBesideAsManyAsThereMayBe() {
        Policy usual = Scenario.policy(7);
        Policy strict = new Policy(
                usual.epoch(),
                usual.executor(),
                usual.aliases(),
                usual.drivers(),
                usual.defaultVolumePath(),
                usual.defaultVolumeGb(),
                usual.timing(),
                usual.takeover(),
                usual.safeMode(),
                usual.hearFirst(),
                usual.foreign(),
                new Policy.Requests(List.of("*"), 2));
        Scenario scenario = new Scenario(new ClusterState(), strict, 7);
        change(scenario, new Wanted.Put(needing("/web")));
        Accepted second = change(scenario, new Wanted.Put(needing("/db")));

        for (Force force : Force.values()) {
            Answer.Refused<Accepted> refusal = refused(scenario.ask(
                    decision -> scenario.decider.apps().change(List.of(new Wanted.Delete(WEB)), force, decision)));
            assertThat(refusal.why()).isEqualTo(Answer.Why.TOO_MANY);
            assertThat(refusal.what()).startsWith("Max number (2) of running deployments is achieved.");
        }
        assertThat(refused(scenario.ask(decision -> scenario.decider.apps().create(needing("/web"), decision)))
                        .why())
                .isEqualTo(Answer.Why.TOO_MANY);

        ok(scenario.ask(decision ->
                scenario.decider.deployments().stop(second.deployment().id(), decision)));
        change(scenario, new Wanted.Put(needing("/db")));
    }

    @Test
    void aChangeThatIsStoppedLeavesOldTasksAlone() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(web(upkeep(1, 1), 1, "1"));
        Launch old = up(scenario, "a1").get(0);
        Accepted change = scenario.replace(web(upkeep(1, 1), 1, "2"));

        ok(scenario.ask(decision ->
                scenario.decider.deployments().stop(change.deployment().id(), decision)));

        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(scenario.state.task(old.task())).isPresent();
        assertThat(plans(scenario)).isEmpty();
    }

    @Test
    void whatDoesNotFitOneTransactionIsStoppedInTheNext() {
        Scenario scenario = Scenario.with("a1");
        List<Wanted> gone = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            scenario.create(
                    app("/crowd/app-" + i).instances(40).resources(0.01, 1).draft());
            scenario.offers(List.of(scenario.offer("a1", 100, 100_000)));
            gone.add(new Wanted.Delete(new AppId("/crowd/app-" + i)));
        }
        assertThat(scenario.state.tasks()).hasSizeGreaterThan(350);
        int tasks = scenario.state.tasks().size();

        ok(scenario.ask(decision -> scenario.decider.apps().change(gone, Force.YES, decision)));

        int first = scenario.kills().size();
        assertThat(first).isBetween(200, 300);
        assertThat(scenario.passed(Duration.ofSeconds(1)))
                .filteredOn(Effect.KillTask.class::isInstance)
                .hasSize(tasks - first);
    }

    @Test
    void versionsAreKeptAndTheOldestForgotten() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(web(Upkeep.USUAL, 0, "0"));
        for (int i = 1; i <= App.MOST_EARLIER + 1; i++) {
            scenario.replace(web(Upkeep.USUAL, 0, Integer.toString(i)));
            assertThat(scenario.records(StoreRecord.KeepVersion.class)).hasSize(1);
        }

        assertThat(scenario.records(StoreRecord.ForgetVersion.class)).hasSize(1);
        App app = scenario.state.app(WEB).orElseThrow();
        assertThat(app.earlier()).hasSize(App.MOST_EARLIER).isSorted();
        assertThat(app.earlier().get(App.MOST_EARLIER - 1)).isBefore(app.version());
        scenario.delete("/web");
        assertThat(scenario.records(StoreRecord.ForgetVersion.class)).hasSize(App.MOST_EARLIER + 1);
    }

    @Test
    void theOldestGoesFirstWhereTheAppSaysSo() {
        Upkeep oldest = new Upkeep(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                KillSelection.OLDEST_FIRST,
                Unreachable.AT_ONCE,
                List.of());
        Scenario scenario = Scenario.with("a1");
        scenario.create(web(oldest, 1, "1"));
        Launch first = up(scenario, "a1").get(0);
        scenario.pass(Duration.ofMinutes(1));
        scenario.replace(web(oldest, 2, "1"));
        up(scenario, "a1");

        scenario.replace(web(oldest, 1, "1"));

        assertThat(scenario.kills()).containsExactly(first.task());
    }

    @Test
    void aTaskOutOfReachIsReplacedWhenTheAppSaysSoAndIsWelcomeBackUntilThen() {
        Upkeep patient = new Upkeep(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                KillSelection.YOUNGEST_FIRST,
                new Unreachable(Optional.of(Duration.ofMinutes(5)), Optional.of(Duration.ofMinutes(10))),
                List.of());
        Scenario scenario = Scenario.with("a1");
        scenario.create(web(patient, 1, "1"));
        Launch first = up(scenario, "a1").get(0);

        scenario.fromMaster(first.task(), Report.UNREACHABLE);
        scenario.pass(Duration.ofMinutes(4));
        assertThat(scenario.offers("a1")).as("it is waited for").isEmpty();
        scenario.pass(Duration.ofMinutes(2));
        Launch second = up(scenario, "a1").get(0);
        scenario.fromMaster(first.task(), Report.RUNNING);

        assertThat(scenario.kills()).as("the youngest of two").containsExactly(second.task());
    }

    @Test
    void aTaskOutOfReachIsNotWantedBackAfterItsTime() {
        Upkeep brief = new Upkeep(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                KillSelection.YOUNGEST_FIRST,
                new Unreachable(Optional.of(Duration.ofMinutes(1)), Optional.of(Duration.ofMinutes(2))),
                List.of());
        Scenario scenario = Scenario.with("a1");
        scenario.create(web(brief, 1, "1"));
        Launch first = up(scenario, "a1").get(0);
        scenario.fromMaster(first.task(), Report.UNREACHABLE);
        scenario.pass(Duration.ofMinutes(1));
        up(scenario, "a1");
        scenario.pass(Duration.ofMinutes(2));

        scenario.fromMaster(first.task(), Report.RUNNING);

        assertThat(scenario.kills()).containsExactly(first.task());
    }
}
