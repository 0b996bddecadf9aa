package io.mooring.scheduler.decision;

import static io.mooring.scheduler.decision.Drafts.app;
import static io.mooring.scheduler.decision.Drafts.spec;
import static io.mooring.scheduler.decision.Drafts.withVolume;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.common.command.ExecutorReport.PluginHealth;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.container.PortMapping;
import io.mooring.common.container.PortMapping.Transport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.definition.Constraint.Operator;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.placement.Offer.PortRange;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What offers are used for, when they are wanted, and every reason why one does not do. */
class OfferScenarioTest {
    static Stream<Arguments> vetoes() {
        return Stream.of(
                veto(Veto.Kind.CLAIM, "held by task", scenario -> {
                    Launch launch = scenario.up(withVolume("/app", "orders-db"), "a1");
                    scenario.fromMaster(launch.task(), Report.UNREACHABLE);
                    scenario.offers("a2");
                }),
                veto(Veto.Kind.VOLUME_STATE, "is being created since", scenario -> {
                    Scenario.ok(scenario.ask(decision -> scenario.decider.declareVolume(
                            spec("loop", "orders-db", ReclaimPolicy.RETAIN, Map.of()), decision)));
                    scenario.create(withVolume("/app", "orders-db"));
                }),
                veto(Veto.Kind.MACHINE, "has not reported its machine and plugins", scenario -> {
                    scenario.create(withVolume("/app", "orders-db"));
                    scenario.offers("a3");
                }),
                veto(Veto.Kind.DRIVER, "Debian package xfsprogs", scenario -> {
                    scenario.inspect(
                            "a3",
                            new PluginReport(
                                    new DriverName("loop"),
                                    true,
                                    "loop/1",
                                    true,
                                    Optional.of("B"),
                                    OptionalLong.of(10L << 30),
                                    List.of(),
                                    Map.of("xfs", "mkfs.xfs is missing (Debian package xfsprogs)"),
                                    List.of()));
                    scenario.create(app("/app")
                            .volume(spec("loop", "orders-db", ReclaimPolicy.RETAIN, Map.of("newfstype", "xfs")))
                            .draft());
                    scenario.offers("a3");
                }),
                veto(Veto.Kind.DRIVER, "does not answer: its List is not answered", scenario -> {
                    scenario.inspect(
                            "a3",
                            new PluginReport(
                                    new DriverName("loop"),
                                    false,
                                    "REX-Ray 0.10 or later",
                                    false,
                                    Optional.empty(),
                                    OptionalLong.empty(),
                                    List.of(),
                                    Map.of(),
                                    List.of("its List is not answered")));
                    scenario.create(withVolume("/app", "orders-db"));
                    scenario.offers("a3");
                }),
                veto(Veto.Kind.DRIVER, "needs the plugin vfs", scenario -> {
                    scenario.inspect("a3", Scenario.plugin("vfs", 10));
                    scenario.create(app("/app")
                            .volume(spec("vfs", "orders-db", ReclaimPolicy.RETAIN, Map.of()))
                            .draft());
                    scenario.offers("a1");
                }),
                veto(Veto.Kind.ENGINE, "no Docker Engine answers at /run/docker.sock", scenario -> {
                    scenario.inspect("a3", new EngineReport(false, "no Docker Engine answers at /run/docker.sock"));
                    scenario.create(app("/app").image("nginx").draft());
                    scenario.offers("a3");
                }),
                veto(Veto.Kind.ENGINE, "would not see the volume: process 7 is apart", scenario -> {
                    scenario.inspect(
                            "a3", new EngineReport(true, "Docker Engine 20", Optional.of("process 7 is apart")));
                    scenario.create(
                            app("/app").image("nginx").volume("orders-db").draft());
                    scenario.offers("a3");
                }),
                veto(Veto.Kind.ENGINE, "too old to say whether there is a Docker Engine", scenario -> {
                    scenario.create(app("/app").image("nginx").draft());
                    scenario.offers("a1");
                }),
                veto(Veto.Kind.LOCATION, "exists on machine m-a3 only", scenario -> {
                    PluginReport local = new PluginReport(
                            new DriverName("local"),
                            true,
                            "1",
                            false,
                            Optional.empty(),
                            OptionalLong.empty(),
                            List.of());
                    scenario.inspect("a3", local);
                    scenario.inspect("a4", local);
                    scenario.create(app("/app")
                            .volume(spec("local", "orders-db", ReclaimPolicy.RETAIN, Map.of()))
                            .draft());
                    Launch launch = scenario.up("a3");
                    scenario.fromExecutor(launch.task(), Report.KILLED, scenario.record(launch));
                    scenario.offers("a4");
                }),
                veto(Veto.Kind.ZONE, "is in zone zone-9, the agent in zone-1", scenario -> {
                    scenario.create(app("/app")
                            .volume(spec(
                                    "loop", "orders-db", ReclaimPolicy.RETAIN, Map.of("availabilityzone", "zone-9")))
                            .draft());
                    scenario.offers("a1");
                }),
                veto(Veto.Kind.SLOTS, "needs 9 attach slots; the agent has 8 left", scenario -> {
                    Drafts many = app("/app");
                    for (int i = 0; i < 9; i++) {
                        many.volume("volume-" + i);
                    }
                    scenario.create(many.draft());
                    scenario.offers("a1");
                }),
                veto(Veto.Kind.CAPACITY, "the pool of loop has 30 GB left", scenario -> {
                    scenario.create(app("/first")
                            .volume(spec("loop", "first-db", ReclaimPolicy.RETAIN, Map.of("size", "70")))
                            .draft());
                    scenario.launchOn("a1");
                    scenario.create(app("/app")
                            .volume(spec("loop", "orders-db", ReclaimPolicy.RETAIN, Map.of("size", "31")))
                            .draft());
                    scenario.offers("a1");
                }),
                veto(Veto.Kind.MAINTENANCE, "to be down for maintenance from", scenario -> {
                    scenario.create(app("/app").draft());
                    scenario.offers(List.of(MaintenanceScenarioTest.down(
                            scenario.offer("a1"), scenario.now.plusSeconds(60), Optional.empty())));
                }),
                veto(Veto.Kind.RESOURCES, "needs cpus 64.05", scenario -> {
                    scenario.create(app("/app").resources(64, 10).draft());
                    scenario.offers("a1");
                }),
                veto(Veto.Kind.PORTS, "the 1 ports it needs", scenario -> {
                    scenario.create(app("/app").port(80).draft());
                    scenario.offers("a1");
                }),
                veto(Veto.Kind.CONSTRAINT, "does not allow rack 'a1'", scenario -> {
                    scenario.create(
                            app("/app").constraint("rack", Operator.IS, "r9").draft());
                    scenario.offers("a1");
                }),
                veto(Veto.Kind.ROLE, "accepts resources of [*]", scenario -> {
                    scenario.create(app("/app").role("*").draft());
                    List<Offer.Share> all = List.of(new Offer.Share("prod", new Resources(8, 8000, 0)));
                    scenario.offers(List.of(reserved(scenario.offer("a1"), all, List.of())));
                }),
                veto(Veto.Kind.BACKOFF, "after 1 failure(s) in a row", scenario -> {
                    Launch launch = scenario.up(app("/app").draft(), "a1");
                    scenario.fromExecutor(launch.task(), Report.FAILED, null);
                    scenario.offers("a1");
                }),
                veto(Veto.Kind.NO_OFFERS, "no agent has made an offer", scenario -> {
                    scenario.create(app("/app").draft());
                }));
    }

    /** Its plugin or its engine may be gone since the last inspection, which is minutes ago. */
    @Test
    void inspectsAnAgentAgainWhereATaskWithAVolumeFailedToStart() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/app", "orders-db"));
        Launch launch = scenario.launchOn("a1");
        scenario.fromExecutor(launch.task(), Report.FAILED, scenario.record(launch));

        Launch inspection = Scenario.inspection(scenario.offers("a1"));
        scenario.report(inspection, "a1", Scenario.boot("a1"));
        assertThat(scenario.offers("a1")).noneMatch(made -> made.order() instanceof InspectAgent);
    }

    /** Told by the executor of a running task, long before the next inspection. */
    @Test
    void placesNothingByAPluginThatFailedBesideATaskUntilItWasLookedAtAgain() {
        Scenario scenario = Scenario.with("a1");
        Launch running = scenario.up(withVolume("/db", "orders-db"), "a1");
        PluginHealth silent = new PluginHealth(new DriverName("loop"), Optional.of("nobody serves its socket"));
        scenario.message(running, silent);
        assertThat(scenario.notices()).contains("plugin_silent");
        scenario.message(running, silent);
        assertThat(scenario.notices()).as("told once").doesNotContain("plugin_silent");
        assertThat(scenario.state.agent(new AgentId("a1")).orElseThrow().plugins())
                .singleElement()
                .satisfies(plugin -> assertThat(plugin.healthy()).isFalse())
                .satisfies(plugin -> assertThat(plugin.remarks()).containsExactly("nobody serves its socket"));

        scenario.create(withVolume("/other", "other-db"));
        assertThat(scenario.offers("a1")).isEmpty();
        assertThat(scenario.claimState("orders-db")).as("proves nothing").isEqualTo(ClaimState.MOUNTED);

        scenario.message(running, new PluginHealth(new DriverName("loop"), Optional.empty()));
        assertThat(scenario.notices()).contains("plugin_answers");
        Launch inspection = Scenario.inspection(scenario.offers("a1"));
        scenario.report(inspection, "a1", Scenario.boot("a1"));
        assertThat(scenario.offers("a1")).anyMatch(made -> made.order() instanceof RunWorkload);
    }

    @Test
    void looksAgainSoonAtAnAgentWithAPluginThatFailed() {
        Scenario scenario = Scenario.with("a1");
        PluginReport healthy = Scenario.plugin("loop", 100);
        scenario.pass(Duration.ofMinutes(11));
        scenario.inspect("a1", healthy.silent("nobody serves its socket"));
        scenario.create(withVolume("/db", "orders-db"));
        scenario.pass(Duration.ofSeconds(50));
        assertThat(scenario.offers("a1")).isEmpty();
        scenario.pass(Duration.ofSeconds(20));
        scenario.report(Scenario.inspection(scenario.offers("a1")), "a1", Scenario.boot("a1"), healthy);
        assertThat(scenario.offers("a1")).anyMatch(made -> made.order() instanceof RunWorkload);
    }

    @Test
    void inspectsNoAgentAgainWhereATaskFailedThatHadRun() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(withVolume("/app", "orders-db"), "a1");
        scenario.fromExecutor(launch.task(), Report.FAILED, scenario.record(launch));
        assertThat(scenario.offers("a1")).noneMatch(made -> made.order() instanceof InspectAgent);
    }

    @Test
    void launchesAContainerWithoutVolumesWhereTheEngineSeesNone() {
        Scenario scenario = new Scenario();
        scenario.inspect("a3", new EngineReport(true, "Docker Engine 20", Optional.of("process 7 is apart")));
        scenario.create(app("/web").image("nginx").draft());
        assertThat(scenario.launchOn("a3").order()).isInstanceOf(RunWorkload.class);
    }

    @Test
    void launchesAContainerWithTheOffersPortWhereAnEngineAnswers() {
        Scenario scenario = new Scenario();
        scenario.inspect("a3", new EngineReport(true, "Docker Engine 20.10.24"));
        scenario.create(app("/web")
                .port(0)
                .image("nginx")
                .resources(0.2, 32)
                .volume("web-data")
                .draft());
        Launch launch = scenario.launchOn("a3");
        Workload workload = ((RunWorkload) launch.order()).workload();
        int port = launch.ports().get(0);
        assertThat(workload.container().orElseThrow().ports())
                .containsExactly(new PortMapping(80, port, Transport.TCP));
        assertThat(workload.limits()).contains(new Limits(0.2, 32));
        assertThat(workload.environment())
                .containsEntry("PORT0", Integer.toString(port))
                .containsEntry("PORT_80", Integer.toString(port));
    }

    private static Arguments veto(Veto.Kind kind, String reason, Consumer<Scenario> story) {
        return Arguments.of(kind, reason, story);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("vetoes")
    void saysWhyAnAppWaits(Veto.Kind kind, String reason, Consumer<Scenario> story) {
        Scenario scenario = Scenario.with("a1", "a2");

        story.accept(scenario);

        assertThat(scenario.vetoes("/app"))
                .hasEntrySatisfying(kind, told -> assertThat(told).contains(reason));
    }

    @Test
    void usesReservedResourcesFirstAndOnlyThoseThatAnAppAccepts() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/app").role("*").port(0).draft());
        Offer offer = scenario.offer("a1");
        List<Offer.Share> scarce = List.of(
                new Offer.Share("prod", new Resources(8, 8000, 0)), new Offer.Share("*", new Resources(0.1, 10, 0)));
        List<Offer.Share> enough = List.of(
                new Offer.Share("prod", new Resources(8, 8000, 0)), new Offer.Share("*", new Resources(2, 1000, 0)));
        List<PortRange> ports = List.of(new PortRange(80, 89, "prod"), new PortRange(31000, 31009, "*"));

        assertThat(scenario.offers(List.of(reserved(offer, scarce, ports)))).isEmpty();
        assertThat(scenario.vetoes("/app").get(Veto.Kind.RESOURCES)).contains("the offer has cpus 0.1");
        assertThat(scenario.offers(List.of(reserved(scenario.offer("a1"), scarce, ports.subList(0, 1)))))
                .isEmpty();
        List<Launch> made = scenario.offers(List.of(reserved(scenario.offer("a1"), enough, ports)));

        assertThat(made).singleElement().satisfies(launch -> {
            assertThat(launch.acceptedRoles()).containsExactly("*");
            assertThat(launch.ports()).containsExactly(31000);
        });
    }

    @Test
    void usesOffersToTwoRolesApartBecauseMesosTakesThemInTwoCallsOnly() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/app").instances(2).resources(3, 100).draft());
        Offer one = scenario.offer("a1", 3.5, 4096);
        Offer two = toRole(scenario.offer("a1", 3.5, 4096), "prod");

        scenario.offers(List.of(one, two));

        assertThat(scenario.effects(Effect.AcceptOffers.class))
                .extracting(Effect.AcceptOffers::offers)
                .containsExactlyInAnyOrder(List.of(one.id()), List.of(two.id()));
    }

    private static Offer toRole(Offer offer, String role) {
        return new Offer(
                offer.id(),
                offer.agent(),
                role,
                offer.hostname(),
                offer.machine(),
                offer.zone(),
                offer.attributes(),
                offer.shares(),
                offer.slots(),
                offer.ports(),
                offer.unavailability());
    }

    private static Offer reserved(Offer offer, List<Offer.Share> shares, List<PortRange> ports) {
        return new Offer(
                offer.id(),
                offer.agent(),
                offer.role(),
                offer.hostname(),
                offer.machine(),
                offer.zone(),
                offer.attributes(),
                shares,
                offer.slots(),
                ports,
                offer.unavailability());
    }

    @Test
    void hasAStoryForEveryKindOfVeto() {
        Set<Veto.Kind> told = EnumSet.noneOf(Veto.Kind.class);
        vetoes().forEach(story -> told.add((Veto.Kind) story.get()[0]));

        assertThat(told).containsExactlyInAnyOrder(Veto.Kind.values());
    }

    @Test
    void tellsStorageReasonsFirstWithCountAndExample() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/app")
                .volume(spec("loop", "orders-db", ReclaimPolicy.RETAIN, Map.of("availabilityzone", "zone-9")))
                .draft());
        scenario.offers("a1", "a2", "a3");

        Explanation explanation = scenario.ask(
                decision -> scenario.decider.explain(new io.mooring.scheduler.definition.AppId("/app"), decision));

        assertThat(explanation.missing()).isEqualTo(1);
        assertThat(explanation.vetoes())
                .extracting(veto -> veto.kind() + " " + veto.count())
                .containsExactly("MACHINE 1", "ZONE 2");
        assertThat(explanation.vetoes().get(1).agent()).contains("a1.example");
    }

    @Test
    void spreadsTasksToTheEmptierAgent() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/web").draft());

        scenario.offers(List.of(scenario.offer("a1", 4, 1000), scenario.offer("a2", 4, 2000)));

        assertThat(scenario.effects(Effect.AcceptOffers.class))
                .extracting(Effect.AcceptOffers::agent)
                .containsExactly(new AgentId("a2"));
        assertThat(scenario.effects(Effect.DeclineOffers.class)).hasSize(1);
    }

    @Test
    void usesAllOffersOfOneAgentTogether() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").resources(6, 64).draft());

        scenario.offers(List.of(scenario.offer("a1"), scenario.offer("a1")));

        assertThat(scenario.effects(Effect.AcceptOffers.class))
                .singleElement()
                .satisfies(accept -> assertThat(accept.offers()).hasSize(2));
    }

    @Test
    void givesAFixedPortToWhoeverNeedsIt() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").port(0).port(31000).draft());

        Launch launch = scenario.launchOn("a1");

        assertThat(launch.ports()).containsExactly(31001, 31000);
    }

    @Test
    void givesNoPortTwice() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").port(0).port(0).instances(6).draft());

        List<Integer> ports = scenario.offers("a1").stream()
                .flatMap(launch -> launch.ports().stream())
                .toList();

        assertThat(ports).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void countsTheSlotsOfAMachineAsItsAgentHasThem() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(withVolume("/orders", "orders-db"));

        scenario.launchOn("a1");

        assertThat(scenario.state.machine(Scenario.machine("a1")).flatMap(Machine::slots))
                .contains(8);
    }

    @Test
    void keepsTheSlotOfAVolumeWhoseTaskEndedWithoutProof() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(Drafts.withVolume("/one", "orders-db"), "a1");
        scenario.fromAgent(launch.task(), Report.FAILED, "EXECUTOR_TERMINATED");
        Drafts many = app("/many");
        for (int i = 0; i < 8; i++) {
            many.volume("volume-" + i);
        }
        scenario.create(many.draft());

        scenario.offers("a1");

        assertThat(scenario.vetoes("/many").get(Veto.Kind.SLOTS)).contains("the agent has 7 left");
    }

    @Test
    void doesNotGiveASlotTwiceThatAnOfferTakenBackLeftInTheAir() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(Drafts.withVolume("/one", "orders-db"));
        scenario.launchOn("a1");
        Drafts many = app("/many");
        for (int i = 0; i < 8; i++) {
            many.volume("volume-" + i);
        }
        scenario.create(many.draft());

        scenario.offers("a1");

        assertThat(scenario.vetoes("/many").get(Veto.Kind.SLOTS)).contains("the agent has 7 left");
    }

    @Test
    void countsAnAgentWithoutSlotsLeftAsFull() {
        Scenario scenario = Scenario.with("a1");
        scenario.up(withVolume("/orders", "orders-db"), "a1");
        scenario.create(withVolume("/app", "other-db"));
        Offer full = scenario.offer("a1");
        Offer without = new Offer(
                full.id(),
                full.agent(),
                full.hostname(),
                full.machine(),
                full.zone(),
                full.attributes(),
                full.resources(),
                Optional.empty(),
                full.ports(),
                full.roles());

        assertThat(scenario.offers(List.of(without))).isEmpty();

        assertThat(scenario.vetoes("/app")).containsKey(Veto.Kind.SLOTS);
    }

    @Test
    void launchesNoMoreInARoundThanOneTransactionHolds() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").instances(80).resources(0.01, 1).draft());

        assertThat(scenario.offers(List.of(scenario.offer("a1", 100, 100_000)))).hasSize(50);
        assertThat(scenario.offers(List.of(scenario.offer("a1", 100, 100_000)))).hasSize(30);
    }

    @Test
    void revivesAtMostOnceInATenthOfASecond() {
        Scenario scenario = Scenario.with("a1");
        scenario.pass(Duration.ofMinutes(1));
        scenario.create(app("/one").draft());
        assertThat(scenario.effects(Effect.Revive.class)).hasSize(1);
        scenario.pass(Duration.ofMillis(40));

        scenario.create(app("/two").draft());
        assertThat(scenario.effects(Effect.Revive.class)).isEmpty();
        assertThat(scenario.timer(new Timer.WantOffers())).contains(scenario.now.plusMillis(60));
        scenario.create(app("/three").draft());

        assertThat(scenario.passed(Duration.ofSeconds(5)).stream().filter(Effect.Revive.class::isInstance))
                .hasSize(1);
    }

    @Test
    void suppressesOnceWhenNothingWaits() {
        Scenario scenario = Scenario.with("a1");
        Launch launch = scenario.up(app("/web").draft(), "a1");

        List<Effect> done = scenario.passed(Duration.ofMinutes(1));
        scenario.fromMaster(launch.task(), Report.RUNNING);

        assertThat(done.stream().filter(Effect.Suppress.class::isInstance)).hasSize(1);
        assertThat(scenario.effects(Effect.Suppress.class)).isEmpty();
    }

    @Test
    void doesNotSuppressWhileSomethingWaitsForAPlace() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/web").resources(64, 10).draft());
        scenario.offers("a1");

        assertThat(scenario.passed(Duration.ofMinutes(5))).noneMatch(Effect.Suppress.class::isInstance);
    }

    @Test
    void refusesOffersForLongOnlyWhenNothingWaits() {
        Scenario scenario = Scenario.with("a1");
        scenario.offers("a1");
        assertThat(scenario.effects(Effect.DeclineOffers.class).get(0).refuse()).isEqualTo(Duration.ofMinutes(5));

        scenario.create(app("/web").resources(64, 10).draft());
        scenario.offers("a1");

        assertThat(scenario.effects(Effect.DeclineOffers.class).get(0).refuse()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void servesWhoeverWaitsLongest() {
        Scenario scenario = Scenario.with("a1");
        scenario.create(app("/z-first").resources(3, 64).draft());
        scenario.pass(Duration.ofSeconds(1));
        scenario.create(app("/a-second").resources(3, 64).draft());

        assertThat(scenario.launchOn("a1").name()).isEqualTo("/z-first");
    }

    /** Each agent is a rack of its own. What is expected are the agents of the tasks that could be placed, in order. */
    @ParameterizedTest
    @CsvSource({
        "hostname, UNIQUE, , a1 a2",
        "@hostname, UNIQUE, , a1 a2",
        "rack, CLUSTER, , (a1 a1 a1)|(a2 a2 a2)",
        "rack, CLUSTER, a2, a2 a2 a2",
        "rack, GROUP_BY, , (a1 a1 a2)|(a1 a2 a2)",
        "rack, MAX_PER, 1, a1 a2",
        "rack, LIKE, a[2-9], a2 a2 a2",
        "rack, UNLIKE, a1, a2 a2 a2",
        "rack, IS, a2, a2 a2 a2",
        "@zone, IS, zone-1, (a[12] ?){3}",
        "@zone, IS, zone-2, ''",
        "row, LIKE, .*, ''",
        "row, UNLIKE, .*, (a[12] ?){3}",
    })
    void placesTasksByEveryOperator(String field, Operator operator, String value, String expected) {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(
                app("/web").instances(3).constraint(field, operator, value).draft());

        List<String> agents = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            scenario.offers("a1", "a2").forEach(launch -> agents.add(scenario.agentOf(launch)));
        }

        assertThat(agents.stream().sorted().collect(Collectors.joining(" "))).matches(expected);
    }

    @Test
    void keepsTheMostOfAValueAmongItsSiblings() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/web")
                .instances(3)
                .constraint("rack", Operator.MAX_PER, "1")
                .draft());

        assertThat(scenario.offers("a1", "a2")).hasSize(2);
        assertThat(scenario.vetoes("/web")).containsKey(Veto.Kind.CONSTRAINT);
    }

    @Test
    void spreadsByGroup() {
        Scenario scenario = Scenario.with("a1", "a2");
        scenario.create(app("/web")
                .instances(4)
                .constraint("rack", Operator.GROUP_BY, "2")
                .draft());

        assertThat(scenario.offers("a1")).as("the other rack comes next").hasSize(1);
        assertThat(scenario.offers("a1", "a2")).hasSize(3);
    }

    @Test
    void keepsAVolumeThatIsBeingMadeOutOfPlacement() {
        Scenario scenario = Scenario.with("a1");
        Scenario.ok(scenario.ask(decision ->
                scenario.decider.declareVolume(spec("loop", "orders-db", ReclaimPolicy.RETAIN, Map.of()), decision)));
        scenario.create(withVolume("/app", "orders-db"));
        Launch creation = scenario.launchOn("a1");

        scenario.fromExecutor(
                creation.task(),
                Report.FINISHED,
                new io.mooring.common.command.ExecutorReport.VolumeOperationDone(
                        scenario.volume("orders-db").name()));

        assertThat(scenario.volume("orders-db").state()).isEqualTo(VolumeState.AVAILABLE);
        assertThat(scenario.offers("a1")).hasSize(1);
    }
}
