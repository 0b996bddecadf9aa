package io.mooring.benchmarks;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Backoff;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.placement.Candidate;
import io.mooring.scheduler.placement.Candidates;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.placement.Offer.PortRange;
import io.mooring.scheduler.placement.Placer;
import io.mooring.scheduler.placement.Spread;
import io.mooring.scheduler.placement.TaskRequest;
import io.mooring.scheduler.placement.Vetoes;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Places found per second on one core among many agents that all offer something: a tenth of the tasks have a volume, and
 * half of these volumes are on one machine only. Once with all tasks in one round, and once in rounds of 50, which is what
 * the scheduler launches from one message of Mesos, each with all offers anew. Beside it, the search for a task that fits
 * nowhere, for which each agent has to say why.
 */
public final class PlacementBenchmark {
    private static final DriverName DRIVER = new DriverName("loop");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int ROUNDS = 10;
    private static final int SMALL_ROUND = 50;
    private static final int FRUITLESS = 100;

    private final List<Agent> agents = new ArrayList<>();
    private final List<Offer> offers = new ArrayList<>();
    private final List<TaskRequest> requests = new ArrayList<>();
    private final Placer placer = new Placer(volume -> 1);

    private PlacementBenchmark(int count) {
        for (int i = 0; i < count; i++) {
            agent("agent-" + i, "zone-" + i % 3);
        }
        for (int i = 0; i < 2 * count; i++) {
            requests.add(request(i, i % 10 == 0 ? List.of(volume(i, count)) : List.of(), 32));
        }
    }

    public static void main(String[] arguments) {
        int count = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
        new PlacementBenchmark(count).run();
    }

    private void run() {
        Figures figures = new Figures();
        for (int round = 0; round < 2 * ROUNDS; round++) {
            double large = large();
            double small = small();
            double fruitless = fruitless();
            if (round >= ROUNDS) { // what the JVM has compiled by then is what a scheduler runs
                figures.add("one round", large);
                figures.add("rounds of " + SMALL_ROUND, small);
                figures.add("in vain", fruitless);
            }
        }
        System.out.printf("%d agents, %d tasks%n", agents.size(), requests.size());
        figures.print("tasks a second");
    }

    private double large() {
        long start = System.nanoTime();
        place(candidates(), requests);
        return requests.size() / seconds(start);
    }

    private double small() {
        int tasks = 20 * SMALL_ROUND;
        long start = System.nanoTime();
        for (int first = 0; first < tasks; first += SMALL_ROUND) {
            place(candidates(), requests.subList(first, first + SMALL_ROUND));
        }
        return tasks / seconds(start);
    }

    private double fruitless() {
        Candidates candidates = candidates();
        TaskRequest huge = request(0, List.of(), 1 << 20);
        long start = System.nanoTime();
        for (int i = 0; i < FRUITLESS; i++) {
            if (placer.place(huge, candidates, new Vetoes(NOW)).isPresent()) {
                throw new IllegalStateException("a task that fits nowhere was placed");
            }
        }
        return FRUITLESS / seconds(start);
    }

    private void place(Candidates candidates, List<TaskRequest> tasks) {
        for (TaskRequest request : tasks) {
            if (placer.place(request, candidates, new Vetoes(NOW)).isEmpty()) {
                throw new IllegalStateException("no place for " + request.app());
            }
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private Candidates candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < agents.size(); i++) {
            candidates.add(new Candidate(agents.get(i), Optional.empty(), List.of(offers.get(i))));
        }
        return new Candidates(candidates);
    }

    private void agent(String name, String zone) {
        MachineKey machine = new MachineKey(name);
        PluginReport plugin = new PluginReport(
                DRIVER,
                true,
                "mooring",
                true,
                Optional.of("B"),
                OptionalLong.of(1L << 40),
                List.of(),
                Map.of(),
                List.of());
        agents.add(new Agent(
                new AgentId(name),
                name,
                Agent.State.ACTIVE,
                Optional.of(machine),
                Optional.of(new BootId("boot")),
                Optional.of(zone),
                Map.of("zone", zone),
                List.of(plugin),
                List.of(),
                Optional.of(16),
                Optional.of(NOW),
                Optional.empty()));
        offers.add(new Offer(
                new OfferId("offer-" + name),
                new AgentId(name),
                name,
                Optional.of(machine),
                Optional.of(zone),
                Map.of("zone", zone),
                new Resources(16, 65_536, 100_000),
                Optional.of(16),
                List.of(new PortRange(31_000, 32_000)),
                List.of(Offer.UNRESERVED)));
    }

    private static Volume volume(int number, int agents) {
        boolean local = number % 20 == 0;
        return new Volume(
                new VolumeName("volume-" + number),
                DRIVER,
                VolumeState.AVAILABLE,
                true,
                AccessMode.SINGLE_WRITER,
                TakeoverPolicy.EVIDENCE,
                ReclaimPolicy.RETAIN,
                CreatePolicy.IF_MISSING,
                Map.of(),
                1,
                false,
                Optional.of("ext4"),
                local ? Optional.of(new MachineKey("agent-" + number % agents)) : Optional.empty(),
                Optional.empty(),
                NOW);
    }

    private static TaskRequest request(int number, List<Volume> volumes, int memMb) {
        Resources resources = new Resources(0.1, memMb, 0);
        Definition definition = new Definition(
                Optional.of("run"),
                List.of(),
                Optional.empty(),
                resources,
                List.of(new Definition.PortRequest(0, Optional.empty())),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Backoff(Duration.ofSeconds(1), 1.15, Duration.ofMinutes(5)),
                Duration.ofSeconds(3));
        return new TaskRequest(new AppId("/app-" + number), definition, resources, volumes, Map.of(), Spread.NONE);
    }
}
