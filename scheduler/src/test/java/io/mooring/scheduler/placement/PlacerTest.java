package io.mooring.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Backoff;
import io.mooring.scheduler.definition.Constraint;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The best candidate is found without looking at all of them; only where none does, each says why. */
final class PlacerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Placer placer = new Placer(volume -> 1);

    private static Candidate candidate(String name, int memMb, Optional<Closing> closing) {
        AgentId agent = new AgentId(name);
        Optional<MachineKey> machine = Optional.of(new MachineKey("m-" + name));
        Map<String, String> attributes = Map.of("rack", "rack-" + name, "region", "own", "@region", "region-" + name);
        return new Candidate(
                new Agent(
                        agent,
                        name,
                        Agent.State.ACTIVE,
                        machine,
                        Optional.empty(),
                        Optional.empty(),
                        attributes,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(NOW),
                        Optional.empty()),
                Optional.empty(),
                List.of(new Offer(
                        new OfferId("offer-" + name),
                        agent,
                        name,
                        machine,
                        Optional.empty(),
                        attributes,
                        new Resources(8, memMb, 1000),
                        Optional.empty(),
                        List.of(),
                        List.of(Offer.UNRESERVED))),
                closing);
    }

    private static Candidate candidate(String name, int memMb) {
        return candidate(name, memMb, Optional.empty());
    }

    private static TaskRequest request(int memMb, Constraint... constraints) {
        Resources resources = new Resources(0.1, memMb, 0);
        Definition definition = new Definition(
                Optional.of("run"),
                List.of(),
                Optional.empty(),
                resources,
                List.of(),
                Map.of(),
                Map.of(),
                List.of(constraints),
                List.of(),
                List.of(),
                List.of(),
                new Backoff(Duration.ofSeconds(1), 1.15, Duration.ofMinutes(5)),
                Duration.ofSeconds(3));
        return new TaskRequest(new AppId("/app"), definition, resources, List.of(), Map.of(), Spread.NONE);
    }

    private List<String> places(Candidates candidates, TaskRequest request, int times) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            placer.place(request, candidates, new Vetoes(NOW))
                    .ifPresent(place -> names.add(place.candidate().agent().hostname()));
        }
        return names;
    }

    @Test
    void whatIsTakenChangesWhoIsTheEmptiest() {
        Candidates candidates = new Candidates(List.of(candidate("a", 250), candidate("b", 400), candidate("c", 300)));

        assertThat(places(candidates, request(100), 6)).containsExactly("b", "b", "c", "a", "b", "c");
    }

    @Test
    void theAgentsNameDecidesBetweenEquals() {
        Candidates candidates = new Candidates(List.of(candidate("b", 200), candidate("a", 200)));

        assertThat(places(candidates, request(100), 4)).containsExactly("a", "b", "a", "b");
    }

    @Test
    void oneThatStaysIsBetterThanAnEmptierOneThatIsToBeDownSomeDay() {
        Closing closing = new Closing(Closing.When.LATER, "maintenance");
        Candidates candidates =
                new Candidates(List.of(candidate("goes", 1000, Optional.of(closing)), candidate("stays", 150)));

        assertThat(places(candidates, request(100), 2)).containsExactly("stays", "goes");
    }

    @Test
    void theBestThatDoesIsTakenThoughBetterOnesDoNot() {
        Candidates candidates = new Candidates(List.of(candidate("a", 100), candidate("b", 300), candidate("c", 200)));
        Constraint rack = new Constraint("rack", Constraint.Operator.IS, Optional.of("rack-a"));

        assertThat(places(candidates, request(50, rack), 3)).containsExactly("a", "a");
    }

    @Test
    void anAgentsRegionIsItsFaultDomainsAndNotItsAttribute() {
        Candidates candidates = new Candidates(List.of(candidate("a", 1000), candidate("b", 1000)));
        Constraint region = new Constraint("@region", Constraint.Operator.IS, Optional.of("region-b"));

        assertThat(places(candidates, request(10, region), 1)).containsExactly("b");
    }

    @Test
    void eachCandidateSaysWhyNotWhenNoneDoes() {
        Candidates candidates = new Candidates(List.of(candidate("a", 100), candidate("b", 300)));
        Vetoes found = new Vetoes(NOW);

        assertThat(placer.place(request(200), candidates, found)).isPresent();
        assertThat(found.all()).isEmpty();
        assertThat(placer.place(request(200), candidates, found)).isEmpty();
        assertThat(found.all()).singleElement().satisfies(veto -> {
            assertThat(veto.kind()).isEqualTo(Veto.Kind.RESOURCES);
            assertThat(veto.count()).isEqualTo(2);
        });
    }
}
