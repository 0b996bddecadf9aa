package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.decision.GroupRequests.Changed;
import io.mooring.scheduler.decision.GroupRequests.Wish;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups that were asked for, with apps and without. */
class GroupScenarioTest {
    private static Answer<Changed> change(Scenario scenario, Wish wish) {
        return scenario.ask(decision -> scenario.decider.groups().change(wish, Force.NO, decision));
    }

    private static Wish make(String... paths) {
        return new Wish(List.of(), List.of(paths), List.of());
    }

    private static List<String> groups(Scenario scenario) {
        return scenario.state.groups().stream().map(Group::path).toList();
    }

    @Test
    void aGroupWithoutAppsIsThereForTheNextLeader() {
        Scenario scenario = Scenario.with("a1");
        assertThat(change(scenario, make("/shop/data", "/team"))).isInstanceOf(Answer.Ok.class);
        assertThat(change(scenario, new Wish(List.of(), List.of(), List.of("/team", "/never"))))
                .isInstanceOf(Answer.Ok.class);

        Scenario next = scenario.successor();

        assertThat(groups(next)).containsExactly("/shop/data");
        assertThat(next.state.nested(new AppId("/shop"))).isTrue();
        assertThat(next.state.nested(new AppId("/shop/data/db"))).isFalse();
    }

    @Test
    void nothingOfAGroupIsMadeWhenOneOfItsAppsIsRefused() {
        Scenario scenario = Scenario.with("a1");
        Wish wish = new Wish(
                List.of(
                        new Wanted.Put(app("/shop/web").draft()),
                        new Wanted.Put(app("/shop/web").draft())),
                List.of("/shop"),
                List.of());

        assertThat(change(scenario, wish)).isInstanceOf(Answer.Refused.class);

        assertThat(groups(scenario)).isEmpty();
        assertThat(scenario.state.apps()).isEmpty();
    }

    @Test
    void noGroupLiesAtAnAppOrBelowOne() {
        Scenario scenario = Scenario.with("a1");
        Wish app = new Wish(List.of(new Wanted.Put(app("/shop/web").draft())), List.of(), List.of());
        assertThat(change(scenario, app)).isInstanceOf(Answer.Ok.class);

        for (String path : List.of("/shop/web", "/shop/web/deep")) {
            assertThat(change(scenario, make(path)))
                    .isEqualTo(
                            Answer.refused(Answer.Why.CONFLICT, "An app with the path " + path + " already exists."));
        }
        assertThat(groups(scenario)).isEmpty();
    }

    @Test
    void previewsRecordNothing() {
        Scenario scenario = Scenario.with("a1");
        Wish wish = new Wish(List.of(new Wanted.Put(app("/shop/web").draft())), List.of("/shop"), List.of());

        var steps = scenario.ask(decision -> scenario.decider.groups().preview(wish, decision));

        assertThat(((Answer.Ok<?>) steps).value().toString()).contains("StartApplication", "/shop/web");
        assertThat(scenario.state.apps()).isEmpty();
        assertThat(groups(scenario)).isEmpty();
    }
}
