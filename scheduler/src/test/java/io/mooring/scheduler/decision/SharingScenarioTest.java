package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.MountMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.decision.AppRequests.Accepted;
import io.mooring.scheduler.definition.KillSelection;
import io.mooring.scheduler.definition.Unreachable;
import io.mooring.scheduler.definition.Upkeep;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Volumes that several tasks have at once, each under a claim of its own, and volumes that each instance has for itself. */
class SharingScenarioTest {
    private static final VolumeName DATA = new VolumeName("data-db");

    private static Drafts writer(String id) {
        return app(id).volume("loop", "data-db", AccessMode.SINGLE_WRITER_READERS, MountMode.READ_WRITE);
    }

    private static Drafts reader(String id) {
        return app(id).volume("loop", "data-db", AccessMode.SINGLE_WRITER_READERS, MountMode.READ_ONLY);
    }

    private static List<String> wrong(Answer<Accepted> answer) {
        return Scenario.refused(answer).errors().stream().map(FieldError::path).toList();
    }

    private static List<Claim> claims(Scenario scenario) {
        return scenario.state.claimsOn(DATA);
    }

    @Test
    void placesReadersBesideTheWriterAndNowhereElse() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.up(writer("/db").draft(), "a1");
        scenario.create(reader("/report").instances(2).draft());
        assertThat(scenario.offers("a2")).isEmpty();
        assertThat(scenario.vetoes("/report").get(Veto.Kind.LOCATION)).contains("m-a1");

        List<Launch> readers = scenario.offers("a1");

        assertThat(readers).hasSize(2);
        readers.forEach(launch -> {
            scenario.starting(launch);
            scenario.running(launch);
        });
        assertThat(claims(scenario)).hasSize(3).allMatch(claim -> claim.state() == ClaimState.MOUNTED);
        assertThat(claims(scenario).stream().map(Claim::fence).distinct()).hasSize(3);
    }

    @Test
    void letsReadersWaitForTheirWriter() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(reader("/report").draft());

        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(scenario.vetoes("/report").get(Veto.Kind.CLAIM)).contains("has no writer");
    }

    @Test
    void stopsReadersWhenTheirWriterEnds() {
        Scenario scenario = Scenario.with("a1");
        Launch writing = scenario.up(writer("/db").draft(), "a1");
        Launch reading = scenario.up(reader("/report").draft(), "a1");

        scenario.fromAgent(writing.task(), Report.FAILED, "REASON_EXECUTOR_TERMINATED");

        assertThat(scenario.kills()).contains(reading.task());
        scenario.fromExecutor(reading.task(), Report.KILLED, scenario.record(reading));
        assertThat(claims(scenario)).extracting(Claim::task).containsExactly(writing.task());
    }

    @Test
    void grantsManyReadersAnywhereAndNoWriter() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/web")
                .volume("loop", "data-db", AccessMode.MANY_READERS, MountMode.READ_ONLY)
                .instances(3)
                .draft());

        List<Launch> launched = scenario.offers("a1", "a2");

        assertThat(launched).hasSize(3);
        assertThat(launched.stream().map(scenario::agentOf).distinct()).hasSize(2);
        // Activated in any order: the machine's highest fence is above the claim of the one that comes last.
        for (int i = 2; i >= 0; i--) {
            scenario.fromExecutor(
                    launched.get(i).task(),
                    Report.STARTING,
                    scenario.activationAfter(launched.get(i), 3 - i == 1 ? 0 : 3));
        }
        assertThat(claims(scenario)).allMatch(claim -> claim.state() == ClaimState.ACTIVATED);
        assertThat(scenario.state.hold(Hold.Kind.SAFE_MODE)).isEmpty();
    }

    @Test
    void keepsTheVolumeInUseUntilTheLastReaderIsGone() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web")
                .volume("loop", "data-db", AccessMode.MANY_READERS, MountMode.READ_ONLY)
                .instances(2)
                .draft());
        List<Launch> launched = scenario.offers("a1");
        launched.forEach(launch -> {
            scenario.starting(launch);
            scenario.running(launch);
        });
        scenario.delete("/web");

        scenario.fromExecutor(launched.get(0).task(), Report.KILLED, scenario.record(launched.get(0)));
        assertThat(scenario.volume("data-db").state()).isEqualTo(VolumeState.IN_USE);
        scenario.fromExecutor(launched.get(1).task(), Report.KILLED, scenario.record(launched.get(1)));
        assertThat(scenario.volume("data-db").state()).isEqualTo(VolumeState.AVAILABLE);
    }

    @Test
    void grantsManyWritersOnlyOnADriverThatIsDeclaredShared() {
        Scenario scenario = new Scenario();
        scenario.begin();
        scenario.inspect("a1", Scenario.plugin("loop", 100), Scenario.plugin("nfs", 100));
        scenario.create(app("/web")
                .volume("nfs", "data-db", AccessMode.MANY_WRITERS, MountMode.READ_WRITE)
                .instances(3)
                .draft());

        assertThat(scenario.offers("a1")).hasSize(3);
        assertThat(wrong(scenario.tryCreate(app("/bad")
                        .volume("loop", "other-db", AccessMode.MANY_WRITERS, MountMode.READ_WRITE)
                        .draft())))
                .contains("/volumes(0)/access");
    }

    @Test
    void refusesWhatCannotBeKept() {
        Scenario scenario = Scenario.with("a1");
        scenario.up(writer("/db").draft(), "a1");

        assertThat(wrong(scenario.tryCreate(writer("/two").instances(2).draft())))
                .contains("/instances");
        assertThat(wrong(scenario.tryCreate(app("/ro")
                        .volume("loop", "own-db", AccessMode.SINGLE_WRITER, MountMode.READ_ONLY)
                        .instances(2)
                        .draft())))
                .as("one that only looks at its volume has it for itself, too")
                .contains("/instances");
        assertThat(wrong(scenario.tryCreate(app("/rw")
                        .volume("loop", "own-db", AccessMode.MANY_READERS, MountMode.READ_WRITE)
                        .draft())))
                .contains("/volumes(0)/mode");
        assertThat(wrong(scenario.tryCreate(app("/other")
                        .volume("loop", "data-db", AccessMode.MANY_READERS, MountMode.READ_ONLY)
                        .draft())))
                .contains("/volumes(0)/access");
    }

    // ---- a volume for each instance

    private static List<String> names(List<Launch> launches) {
        return launches.stream()
                .flatMap(launch -> ((RunWorkload) launch.order())
                        .volumes().stream()
                                .map(volume -> volume.request().name().value()))
                .sorted()
                .toList();
    }

    @Test
    void givesEachInstanceItsOwnVolumeAndGivesItBackToTheSameNumber() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/db").numbered("data-{index}").instances(3).draft());
        List<Launch> launched = scenario.offers("a1", "a2");
        assertThat(names(launched)).containsExactly("data-0", "data-1", "data-2");
        launched.forEach(launch -> {
            scenario.starting(launch);
            scenario.running(launch);
        });
        Launch second = launched.stream()
                .filter(launch -> names(List.of(launch)).contains("data-1"))
                .findFirst()
                .orElseThrow();

        scenario.fromExecutor(second.task(), Report.KILLED, scenario.record(second));

        assertThat(names(scenario.offers("a2"))).containsExactly("data-1");
    }

    @Test
    void goesOnWithTheOthersWhileOneWaits() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/db").numbered("data-{index}").instances(2).draft());
        List<Launch> launched = scenario.offers("a1");
        launched.forEach(launch -> {
            scenario.starting(launch);
            scenario.running(launch);
        });
        scenario.fromMaster(launched.get(0).task(), Report.UNREACHABLE);
        scenario.replace(app("/db").numbered("data-{index}").instances(3).draft());

        List<String> next = new ArrayList<>(names(scenario.offers("a2").stream()
                .filter(launch -> launch.order() instanceof RunWorkload)
                .toList()));

        assertThat(next).containsExactly("data-2");
    }

    @Test
    void stopsTheHighestNumbersWhenScaledDownAndKeepsTheirVolumes() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/db").numbered("data-{index}").instances(3).draft());
        List<Launch> launched = scenario.offers("a1");
        launched.forEach(launch -> {
            scenario.starting(launch);
            scenario.running(launch);
        });

        scenario.replace(app("/db").numbered("data-{index}").instances(1).draft());

        List<TaskId> expected = launched.stream()
                .filter(launch -> !names(List.of(launch)).contains("data-0"))
                .map(Launch::task)
                .toList();
        assertThat(scenario.kills()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(scenario.state.volume(new VolumeName("data-2"))).isPresent();
    }

    @Test
    void refusesAnAppWhoseVolumeIsOneOfAnothersNumbers() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/db").numbered("data-{index}").instances(3).draft());

        assertThat(wrong(scenario.tryCreate(app("/x").volume("data-2").draft())))
                .contains("/volumes(0)/name");
        assertThat(scenario.tryCreate(app("/y").volume("data-two").draft())).isInstanceOf(Answer.Ok.class);
    }

    @Test
    void refusesAnAppThatMeansOneVolumeTwice() {
        Scenario scenario = Scenario.with("a1");

        assertThat(wrong(scenario.tryCreate(
                        app("/db").numbered("data-{index}").volume("data-0").draft())))
                .contains("/volumes(0)/name");
        assertThat(wrong(scenario.tryCreate(
                        app("/db").numbered("data-{index}").instances(1000).draft())))
                .contains("/instances");
    }

    @Test
    void waitsForATaskThatSharesItsVolumeAsTheAppSays() {
        Upkeep patient = new Upkeep(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                KillSelection.YOUNGEST_FIRST,
                new Unreachable(Optional.of(Duration.ofMinutes(5)), Optional.of(Duration.ofMinutes(10))),
                List.of());
        Scenario scenario = Scenario.with("a1", "a2");
        Drafts reading = app("/report").volume("loop", "data-db", AccessMode.MANY_READERS, MountMode.READ_ONLY);
        Launch first = scenario.up(reading.upkeep(patient).draft(), "a1");

        scenario.fromMaster(first.task(), Report.UNREACHABLE);
        scenario.pass(Duration.ofMinutes(4));
        assertThat(works(scenario.offers("a2"))).as("it is waited for").isEmpty();
        scenario.pass(Duration.ofMinutes(2));

        assertThat(works(scenario.offers("a2"))).hasSize(1);
    }

    @Test
    void neverReplacesATaskWithAVolumeOfItsOwnBecauseTimeHasPassed() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch first = scenario.up(
                app("/db")
                        .volume("data-db")
                        .upkeep(new Upkeep(Optional.empty()))
                        .draft(),
                "a1");

        scenario.fromMaster(first.task(), Report.UNREACHABLE);
        scenario.pass(Duration.ofDays(2));

        assertThat(works(scenario.offers("a2"))).isEmpty();
        assertThat(scenario.vetoes("/db").get(Veto.Kind.CLAIM)).contains("data-db");
    }

    private static List<Launch> works(List<Launch> launches) {
        return launches.stream()
                .filter(launch -> launch.order() instanceof RunWorkload)
                .toList();
    }
}
