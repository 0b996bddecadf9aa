package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.OfferWish;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.task.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which agents' offers are asked for while something waits. */
class WishScenarioTest {
    private static final PluginReport LOCAL = new PluginReport(
            new DriverName("local"), true, "1", false, Optional.empty(), OptionalLong.empty(), List.of());

    private static Drafts inZone(String id, String volume, String zone) {
        return app(id).volume(spec("loop", volume, ReclaimPolicy.RETAIN, Map.of("availabilityzone", zone)));
    }

    private static List<List<OfferWish>> said(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.WishOffers.class::isInstance)
                .map(effect -> ((Effect.WishOffers) effect).wishes())
                .toList();
    }

    private static List<List<OfferWish>> said(Scenario scenario) {
        return said(new ArrayList<Effect>(scenario.effects(Effect.WishOffers.class)));
    }

    private static OfferWish zone(String zone) {
        return new OfferWish(OfferWish.By.ZONE, zone);
    }

    @Test
    void asksForTheZoneThatTheWaitingVolumeIsIn() {
        Scenario scenario = Scenario.with("a1");

        scenario.create(inZone("/orders", "orders-db", "zone-9").draft());

        assertThat(said(scenario)).containsExactly(List.of(zone("zone-9")));
    }

    @Test
    void takesEveryRestrictionOffAtOnceForATaskThatCanGoAnywhere() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(inZone("/orders", "orders-db", "zone-9").draft());

        scenario.create(app("/web").draft());

        assertThat(said(scenario)).containsExactly(List.of());
        assertThat(scenario.launchOn("a1").name()).isEqualTo("/web");
        assertThat(said(scenario)).as("not as often as things change").isEmpty();
        assertThat(said(scenario.passed(Duration.ofSeconds(5)))).containsExactly(List.of(zone("zone-9")));
    }

    @Test
    void asksForAnyOfSeveralZonesWithoutDelay() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(inZone("/orders", "orders-db", "zone-9").draft());

        scenario.create(inZone("/stock", "stock-db", "zone-8").draft());

        assertThat(said(scenario)).containsExactly(List.of(zone("zone-8"), zone("zone-9")));
    }

    @Test
    void asksForAllAgentsWhenAnotherMachineHasToCleanUpOrToLook() {
        Scenario scenario = Scenario.with("a1", "a2");
        Launch held = scenario.up(app("/held").volume("held-db").draft(), "a1");
        scenario.create(inZone("/orders", "orders-db", "zone-9").draft());
        scenario.pass(Duration.ofSeconds(10));

        scenario.fromMaster(held.task(), Report.UNREACHABLE);

        assertThat(said(scenario)).containsExactly(List.of());
    }

    @Test
    void asksForTheOneMachineOnlyIfItsAgentsNameIt() {
        for (boolean named : List.of(true, false)) {
            Scenario scenario = Scenario.with();
            Offer offer = scenario.offer("a1");
            Offer seen = named ? offer : without(offer);
            Launch inspection = Scenario.inspection(scenario.offers(List.of(seen)));
            scenario.report(inspection, "a1", Scenario.boot("a1"), LOCAL);
            scenario.create(app("/app")
                    .volume(spec("local", "orders-db", ReclaimPolicy.RETAIN, Map.of()))
                    .draft());
            Launch launch =
                    scenario.offers(List.of(copy(seen, scenario.offer("a1")))).get(0);
            scenario.starting(launch);
            scenario.running(launch);
            scenario.pass(Duration.ofMinutes(1));

            scenario.fromExecutor(launch.task(), Report.FAILED, scenario.record(launch));
            List<List<OfferWish>> said = new ArrayList<>(said(scenario));
            said.addAll(said(scenario.passed(Duration.ofSeconds(30))));

            assertThat(said.contains(List.of(new OfferWish(OfferWish.By.MACHINE, "m-a1"))))
                    .as("agents name their machine: %s", named)
                    .isEqualTo(named);
        }
    }

    private static Offer without(Offer offer) {
        return copy(
                new Offer(
                        offer.id(),
                        offer.agent(),
                        offer.hostname(),
                        Optional.empty(),
                        offer.zone(),
                        Map.of(),
                        offer.resources(),
                        offer.slots(),
                        offer.ports(),
                        offer.roles()),
                offer);
    }

    /** The offer, under the other's id. */
    private static Offer copy(Offer offer, Offer other) {
        return new Offer(
                other.id(),
                offer.agent(),
                offer.hostname(),
                offer.machine(),
                offer.zone(),
                offer.attributes(),
                offer.resources(),
                offer.slots(),
                offer.ports(),
                offer.roles());
    }
}
