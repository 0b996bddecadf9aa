package io.mooring.simulation.world;

import io.mooring.simulation.check.Findings;
import io.mooring.simulation.check.Invariant;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.executor.Machine;
import io.mooring.simulation.fault.Faults;
import io.mooring.simulation.rule.Rule;
import io.mooring.simulation.rule.Variation;
import io.mooring.simulation.scheduler.SchedulerProcess;
import io.mooring.simulation.time.Agenda;
import io.mooring.simulation.time.Dice;
import io.mooring.simulation.time.Trace;
import java.util.List;

/**
 * One seed from its first to its last moment: a storm, then calm weather in which everything has to come right. The same
 * seed always goes the same way.
 */
public final class World {
    private static final long USERS_SAY_IT_AGAIN = 10_000;
    private static final long LOOK_EVERY = 30_000;
    /** Time enough for every timeout, retry and backoff one after the other. */
    private static final long CALM = 1_500_000;

    private final long seed;
    private final Variation variation;
    private final Agenda agenda = new Agenda();
    private final Trace trace;
    private final Findings findings;
    private final Faults faults;
    private final Cluster cluster;
    private final Weather weather;
    private final Liveness liveness;
    private final long stormLasts;
    private long steps;
    private int saidIt;

    private World(long seed, Variation variation, int keep) {
        this.seed = seed;
        this.variation = variation;
        this.trace = new Trace(agenda, keep);
        this.findings = new Findings(agenda, trace);
        Dice fate = new Dice(seed * 2);
        this.faults = Faults.draw(fate);
        this.stormLasts = fate.chance(0.3) ? fate.millis(900_000, 1_500_000) : fate.millis(120_000, 900_000);
        Surroundings around = new Surroundings(agenda, new Dice(seed * 2 + 1), faults, findings, trace);
        this.cluster = new Cluster(around, variation);
        this.weather = new Weather(around, fate, cluster);
        cluster.lookedAfterBy(new Operator(cluster, weather::reboot));
        this.liveness = new Liveness(cluster);
    }

    /**
     * Runs a seed.
     *
     * @param keep how many lines of its trace are kept in words
     */
    public static SeedResult run(long seed, Variation variation, int keep) {
        return new World(seed, variation, keep).run();
    }

    private SeedResult run() {
        cluster.schedulers().forEach(SchedulerProcess::start);
        usersSayIt();
        weather.begin();
        pass(stormLasts);
        if (goesOn()) {
            weather.clear();
            calm();
        }
        return new SeedResult(
                seed,
                trace.hash(),
                steps,
                findings.all(),
                cluster.check().freedBy(),
                cluster.backend().cutAlive(),
                faults.words(),
                List.copyOf(trace.lines()));
    }

    /** A broken invariant ends the seed; when it is to be seen what comes of one, only overlapping writers do. */
    private boolean goesOn() {
        return variation.goesOnWhenBroken() ? !findings.any(Invariant.I12) : !findings.any();
    }

    private void pass(long millis) {
        long last = agenda.now() + millis;
        while (goesOn() && agenda.step(last)) {
            steps++;
        }
    }

    private void usersSayIt() {
        cluster.leader().ifPresent(leader -> leader.ask(cluster.users()::converge));
        // Tasks that were replaced come back with every other rule, which alarms ours; that is not what is looked at.
        boolean operatorLooks = variation.rule() != Rule.MOORING || saidIt++ % 6 == 0;
        if (operatorLooks) {
            cluster.leader().ifPresent(leader -> leader.ask(cluster.operator()::look));
        }
        agenda.in(USERS_SAY_IT_AGAIN, this::usersSayIt);
    }

    private void calm() {
        long end = agenda.now() + CALM;
        int good = 0;
        while (goesOn() && agenda.now() < end && good < 2) {
            cluster.leader().ifPresent(leader -> leader.ask(cluster.operator()::look));
            pass(LOOK_EVERY);
            good = liveness.complaints().isEmpty() ? good + 1 : 0;
        }
        if (goesOn() && good < 2) {
            // What the operator is told to do about claims that nothing else can free.
            List<Machine> stuck = liveness.machinesWithStuckClaims();
            stuck.forEach(weather::reboot);
            end = agenda.now() + CALM;
            while (goesOn() && agenda.now() < end && good < 2) {
                pass(LOOK_EVERY);
                good = liveness.complaints().isEmpty() ? good + 1 : 0;
            }
        }
        if (goesOn() && good < 2) {
            liveness.complaints().forEach(complaint -> findings.broken(Invariant.LIVENESS, complaint));
        }
    }
}
