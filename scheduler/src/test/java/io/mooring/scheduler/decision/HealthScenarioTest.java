package io.mooring.scheduler.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.CheckState;
import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.common.command.ExecutorReport.HealthReport;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.common.ids.AgentId;
import io.mooring.scheduler.cluster.CheckHealth;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.definition.AppHealthCheck;
import io.mooring.scheduler.definition.Upkeep;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Notice;
import io.mooring.scheduler.task.Report;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is asked of tasks, and what is kept of their answers. */
class HealthScenarioTest {
    static final AppHealthCheck HTTP = new AppHealthCheck(
            AppHealthCheck.Protocol.HTTP,
            "/",
            Optional.of(0),
            Optional.empty(),
            Optional.empty(),
            Probe.Family.IPV4,
            new CheckRhythm(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(2)),
            Duration.ofSeconds(10),
            3);

    private static Draft web() {
        return Drafts.app("/web")
                .port(31007)
                .upkeep(new Upkeep(Optional.of(HTTP)))
                .draft();
    }

    @Test
    void anExecutorAsksItsTaskAtThePortThatItGot() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(web());

        Launch launch = scenario.launchOn("a1");

        assertThat(launch.health().orElseThrow().probe())
                .isEqualTo(new Probe.Http("http", Probe.Family.IPV4, 31007, "/"));
    }

    @Test
    void aContainerWithItsOwnNetworkIsAskedWhereItListens() {
        Scenario scenario = new Scenario();
        scenario.inspect("a1", new EngineReport(true, "26.1"));
        scenario.create(Drafts.app("/web")
                .port(31007)
                .image("nginx:1.25")
                .upkeep(new Upkeep(Optional.of(HTTP)))
                .draft());

        Launch launch = scenario.launchOn("a1");

        assertThat(launch.health().orElseThrow().probe()).isEqualTo(new Probe.Http("http", Probe.Family.IPV4, 80, "/"));
    }

    @Test
    void whatATaskAnsweredIsKeptAndTold() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(web(), "a1");
        assertThat(scenario.state.health(launch.task())).isEqualTo(TaskHealth.UNKNOWN);

        scenario.health(launch, Verdict.HEALTHY, "");
        assertThat(scenario.notices()).contains("health_status_changed");
        scenario.health(launch, Verdict.UNHEALTHY, "status 503");
        assertThat(scenario.notices()).contains("failed_health_check", "health_status_changed");
        scenario.health(launch, Verdict.UNHEALTHY, "status 502");

        assertThat(scenario.notices()).contains("failed_health_check").doesNotContain("health_status_changed");
        assertThat(scenario.state.health(launch.task()).verdict()).isEqualTo(Verdict.UNHEALTHY);
        CheckHealth health = scenario.state.health(launch.task()).checks().get(0);
        assertThat(health.failures()).isEqualTo(2);
        assertThat(health.cause()).contains("status 502");
        assertThat(health.firstSuccess()).isPresent();
    }

    @Test
    void tellsOfChecksThatComeAndGoAndOfTasksThatTheyEnd() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(web());
        Notice added = notice(scenario, "health_check_added");
        assertThat(added.facts())
                .containsEntry("app", "/web")
                .containsEntry("protocol", "HTTP")
                .containsEntry("portIndex", "0")
                .containsEntry("intervalSeconds", "5");
        Launch launch = scenario.up("a1");
        scenario.health(launch, Verdict.UNHEALTHY, "status 503");
        assertThat(notice(scenario, "failed_health_check").facts()).containsEntry("maxConsecutiveFailures", "3");

        StatusUpdate end = new StatusUpdate(
                launch.task(),
                Optional.of(new AgentId("a1")),
                Report.FAILED,
                StatusUpdate.Source.EXECUTOR,
                "",
                "unhealthy (status 503)",
                Optional.empty(),
                Optional.empty(),
                Verdict.UNHEALTHY);
        scenario.step(decision -> scenario.decider.update(end, decision));
        assertThat(notice(scenario, "unhealthy_task_ended").facts())
                .containsEntry("reason", "unhealthy (status 503)")
                .containsEntry("task", launch.task().value());
        assertThat(scenario.notices()).as("no further answer").doesNotContain("failed_health_check");

        scenario.replace(Drafts.app("/web").port(31007).draft());
        assertThat(notice(scenario, "health_check_removed").facts()).containsEntry("app", "/web");
        assertThat(scenario.notices()).doesNotContain("health_check_added");
    }

    private static final AppHealthCheck TCP = new AppHealthCheck(
            AppHealthCheck.Protocol.TCP,
            "/",
            Optional.of(0),
            Optional.empty(),
            Optional.empty(),
            Probe.Family.IPV4,
            new CheckRhythm(Duration.ZERO, Duration.ofSeconds(7), Duration.ofSeconds(2)),
            Duration.ofSeconds(10),
            5);

    private static Upkeep both() {
        Upkeep one = new Upkeep(Optional.of(HTTP));
        return new Upkeep(
                one.health(),
                one.readiness(),
                one.upgrade(),
                one.killSelection(),
                one.unreachable(),
                one.dependencies(),
                List.of(TCP));
    }

    private static Optional<ExecutorReport> stand(int check, CheckState... states) {
        return Optional.of(new HealthReport(check, List.of(states)));
    }

    @Test
    void mesosIsToldOfTheFirstCheckAndTheOrderHasTheOthers() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(Drafts.app("/web").port(31007).upkeep(both()).draft());

        Launch launch = scenario.launchOn("a1");

        assertThat(launch.health().orElseThrow().probe()).isInstanceOf(Probe.Http.class);
        assertThat(((RunWorkload) launch.order()).furtherChecks()).containsExactly(TCP.of(List.of(31007)));
    }

    @Test
    void aTaskIsHealthyWhenAllItsChecksSaySoAndTheDeploymentWaitsForThat() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(Drafts.app("/web").port(31007).upkeep(both()).draft());
        Launch launch = scenario.up("a1");

        scenario.health(launch, Verdict.UNKNOWN, "", stand(1, CheckState.UNKNOWN, CheckState.HEALTHY));
        assertThat(scenario.notices()).contains("health_status_changed").doesNotContain("instance_health_changed");
        assertThat(scenario.state.health(launch.task()).verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(scenario.decider.deployments().all()).hasSize(1);

        scenario.health(launch, Verdict.HEALTHY, "", stand(0, CheckState.HEALTHY, CheckState.HEALTHY));
        assertThat(scenario.notices()).contains("health_status_changed", "instance_health_changed");
        assertThat(scenario.decider.deployments().all()).isEmpty();
    }

    @Test
    void eachCheckHasAResultOfItsOwn() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(Drafts.app("/web").port(31007).upkeep(both()).draft());
        Launch launch = scenario.up("a1");
        scenario.health(launch, Verdict.HEALTHY, "", stand(0, CheckState.HEALTHY, CheckState.HEALTHY));

        scenario.health(launch, Verdict.UNHEALTHY, "no connection", stand(1, CheckState.HEALTHY, CheckState.UNHEALTHY));
        assertThat(notice(scenario, "failed_health_check").facts())
                .containsEntry("protocol", "TCP")
                .containsEntry("maxConsecutiveFailures", "5");
        assertThat(scenario.notices()).contains("health_status_changed", "instance_health_changed");
        scenario.health(launch, Verdict.UNHEALTHY, "no connection", stand(1, CheckState.HEALTHY, CheckState.UNHEALTHY));

        TaskHealth health = scenario.state.health(launch.task());
        assertThat(health.verdict()).isEqualTo(Verdict.UNHEALTHY);
        assertThat(health.checks())
                .extracting(CheckHealth::verdict)
                .containsExactly(Verdict.HEALTHY, Verdict.UNHEALTHY);
        assertThat(health.checks()).extracting(CheckHealth::failures).containsExactly(0, 2);
        assertThat(health.checks().get(1).cause()).contains("no connection");
        assertThat(scenario.notices()).doesNotContain("instance_health_changed");
    }

    @Test
    void tellsOfTheChecksThatComeAndGoAndNotOfThoseThatStay() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(Drafts.app("/web").port(31007).upkeep(both()).draft());
        assertThat(scenario.notices().stream().filter("health_check_added"::equals))
                .hasSize(2);
        scenario.up("a1");

        scenario.replace(web());

        assertThat(notice(scenario, "health_check_removed").facts()).containsEntry("protocol", "TCP");
        assertThat(scenario.notices()).doesNotContain("health_check_added");
    }

    private static Notice notice(Scenario scenario, String type) {
        return scenario.effects(Effect.Publish.class).stream()
                .map(Effect.Publish::notice)
                .filter(notice -> notice.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " is not among " + scenario.notices()));
    }

    @Test
    void aNewLeaderHearsOfHealthFromMesosAndGoesOnWithWhatWaitedForIt() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(web(), "a1");
        Scenario next = scenario.successor();
        assertThat(next.state.health(launch.task())).isEqualTo(TaskHealth.UNKNOWN);
        assertThat(next.decider.deployments().all()).hasSize(1);

        StatusUpdate answer = new StatusUpdate(
                launch.task(),
                Optional.of(new AgentId("a1")),
                Report.RUNNING,
                StatusUpdate.Source.MASTER,
                "RECONCILIATION",
                "",
                Optional.empty(),
                Optional.empty(),
                Verdict.HEALTHY);
        next.step(decision -> next.decider.update(answer, decision));

        assertThat(next.state.health(launch.task()).verdict()).isEqualTo(Verdict.HEALTHY);
        assertThat(next.decider.deployments().all()).isEmpty();
    }
}
