package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.SchedulerMessage.HandOver;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.Predecessor;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.BootId;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.Report;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** T16: an app's next task takes its volumes over on the same machine, without a detach. */
class HandOverScenarioTest {
    /** An app whose task was told to make room, and left its volume mounted. */
    private static Scenario left() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch first = scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.replace(app("/orders").volume("orders-db").env("LEVEL", "2").draft());
        assertThat(scenario.effects(Effect.SendMessage.class))
                .singleElement()
                .satisfies(sent -> assertThat(sent.message()).isInstanceOf(HandOver.class));
        assertThat(scenario.kills()).containsExactly(first.task());
        scenario.fromExecutor(first.task(), Report.KILLED, scenario.leftFor(first));
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
        return scenario;
    }

    private static ClaimedVolume volume(Launch launch) {
        return ((RunWorkload) launch.order()).volumes().get(0);
    }

    @Test
    void grantsTheNextTaskOnTheSameMachineInOneTransaction() {
        Scenario scenario = left();
        Claim before = scenario.claim("orders-db").orElseThrow();
        assertThat(scenario.offers("a2")).isEmpty();
        assertThat(scenario.vetoes("/orders").get(Veto.Kind.LOCATION)).contains("m-a1");

        Launch next = scenario.launchOn("a1");

        assertThat(volume(next).takesOver()).contains(before.id());
        assertThat(volume(next).fence()).isEqualTo(2);
        assertThat(scenario.lastReleased("orders-db").claim().id()).isEqualTo(before.id());
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E1);
        scenario.starting(next);
        scenario.running(next);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.MOUNTED);
    }

    @Test
    void cleansUpWhenNobodyComesInTime() {
        Scenario scenario = left();

        scenario.pass(Duration.ofSeconds(31));
        List<Launch> launches = scenario.offers("a1");

        assertThat(launches).singleElement().satisfies(launch -> assertThat(launch.order())
                .isInstanceOf(CleanUp.class));
        scenario.fromExecutor(launches.get(0).task(), Report.FINISHED, scenario.record(launches.get(0)));
        assertThat(scenario.claim("orders-db")).isEmpty();
        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E1B);
    }

    @Test
    void doesNotTakeAnInheritedMountForNeverTouched() {
        for (String end : List.of("timeout", "dropped", "denied")) {
            Scenario scenario = left();
            Launch next = scenario.launchOn("a1");

            switch (end) {
                case "timeout" -> scenario.pass(Duration.ofMinutes(6));
                case "dropped" -> scenario.fromMaster(next.task(), Report.DROPPED);
                default ->
                    scenario.fromExecutor(
                            next.task(),
                            Report.FAILED,
                            new ReleaseRecord(
                                    Scenario.machine("a1"),
                                    Scenario.boot("a1"),
                                    List.of(new ReleasedVolume(
                                            volume(next).claim(),
                                            volume(next).fence(),
                                            true,
                                            true,
                                            false,
                                            false,
                                            false,
                                            true,
                                            Optional.empty()))));
            }

            assertThat(scenario.claimState("orders-db")).as(end).isEqualTo(ClaimState.RELEASING);
        }
    }

    @Test
    void tellsWhoCutsASuccessorOffWhoseNumberMayStillBeOnTheAttachment() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch first = scenario.up(
                app("/orders").volume("orders-db", TakeoverPolicy.FENCE).draft(), "a1");
        scenario.replace(app("/orders")
                .volume("orders-db", TakeoverPolicy.FENCE)
                .env("LEVEL", "2")
                .draft());
        scenario.fromExecutor(first.task(), Report.KILLED, scenario.leftFor(first));
        Launch next = scenario.launchOn("a1");
        scenario.starting(next);
        scenario.fromMaster(next.task(), Report.UNREACHABLE);

        scenario.pass(Duration.ofSeconds(61));
        List<FenceHolder> orders = scenario.offers("a2").stream()
                .map(Launch::order)
                .filter(FenceHolder.class::isInstance)
                .map(FenceHolder.class::cast)
                .toList();

        assertThat(orders).singleElement().satisfies(order -> {
            assertThat(order.claim()).isEqualTo(volume(next).claim());
            assertThat(order.fence()).isEqualTo(2);
            assertThat(order.takesOver()).contains(new Predecessor(volume(first).claim(), 1));
        });
    }

    @Test
    void handsTheCleanerBothClaims() {
        Scenario scenario = left();
        Launch next = scenario.launchOn("a1");
        scenario.fromMaster(next.task(), Report.DROPPED);

        Launch cleanUp = scenario.launchOn("a1");

        ClaimedVolume cleaned = ((CleanUp) cleanUp.order()).volumes().get(0);
        assertThat(cleaned.claim()).isEqualTo(volume(next).claim());
        assertThat(cleaned.takesOver()).isEqualTo(volume(next).takesOver());
    }

    @Test
    void leavesNothingMountedForAnAppThatGoesAway() {
        Scenario scenario = Scenario.with("a1");
        scenario.up(withVolume("/orders", "orders-db"), "a1");

        scenario.delete("/orders");

        assertThat(scenario.effects(Effect.SendMessage.class)).isEmpty();
    }

    @Test
    void isForgottenByTheNextLeaderWhoCleansUp() {
        Scenario next = left().successor();

        assertThat(next.offers("a1")).anyMatch(launch -> launch.order() instanceof CleanUp);
        assertThat(next.claimState("orders-db")).isEqualTo(ClaimState.RELEASING);
    }

    @Test
    void isFreedByAnotherBootAlsoBeforeItWasActivated() {
        Scenario scenario = left();
        Launch next = scenario.launchOn("a1");
        scenario.fromMaster(next.task(), Report.UNREACHABLE);
        assertThat(scenario.claimState("orders-db")).isEqualTo(ClaimState.SUSPECT);
        scenario.pass(Duration.ofMinutes(11));

        Launch inspection = Scenario.inspection(scenario.offers("a1"));
        scenario.report(inspection, "a1", new BootId("boot-later"));

        assertThat(scenario.lastReleased("orders-db").freedBy().code()).isEqualTo(Evidence.Code.E4);
    }
}
