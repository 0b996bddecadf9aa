package io.mooring.simulation.app;

import io.mooring.scheduler.claim.Evidence.Code;
import io.mooring.simulation.rule.Rule;
import io.mooring.simulation.world.SeedResult;
import io.mooring.simulation.world.World;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Runs seeds and says what came of them; {@code mooring simulate} starts it. The last line on standard output is for
 * programs: {@code seeds=N overlapping=N stuck=N found=S}. Ends with 0 if all is well, 1 if not, 2 for wrong usage.
 */
public final class SimulateMain {
    /** How many failed seeds are told with the end of their trace. */
    private static final int TOLD = 3;

    private static final int TAIL = 60;
    private static final int WHOLE = 1_000_000;

    private final Options options;
    private final PrintStream out;
    private long seeds;
    private long steps;
    private long overlapping;
    private long stuck;
    private long cutAlive;
    private long broken;
    private final Map<Code, Integer> freedBy = new TreeMap<>();
    private long found = -1;

    private SimulateMain(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    public static void main(String[] args) throws InterruptedException {
        Options options;
        try {
            options = Options.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("simulate: " + e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new SimulateMain(options, System.out).run());
    }

    private int run() throws InterruptedException {
        long start = System.nanoTime();
        try (Campaign campaign = new Campaign(options.variation())) {
            campaign.run(options.first(), options.count(), this::seed);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (options.count() == 1) {
            World.run(options.first(), options.variation(), WHOLE).trace().forEach(out::println);
        }
        out.printf(
                Locale.ROOT,
                "%d seeds in %.1f s (%.0f a second, %d steps each); invariants broken in %d, live writers cut off in %d%n",
                seeds,
                seconds,
                seeds / seconds,
                steps / Math.max(1, seeds),
                broken,
                cutAlive);
        StringJoiner freed = new StringJoiner(", ");
        freedBy.forEach((code, count) -> freed.add(code.word() + " " + count));
        out.println("claims freed by: " + freed);
        out.println("seeds=" + seeds + " overlapping=" + overlapping + " stuck=" + stuck + " found="
                + (found < 0 ? "-" : Long.toString(found)));
        return exit();
    }

    private int exit() {
        if (options.variation().mutant().isPresent()) {
            return found < 0 ? 1 : 0;
        }
        return options.variation().rule() == Rule.MOORING && broken > 0 ? 1 : 0;
    }

    /** Takes in one result; whether more are wanted. */
    private boolean seed(SeedResult result) {
        seeds++;
        steps += result.steps();
        result.freedBy().forEach((code, count) -> freedBy.merge(code, count, Integer::sum));
        overlapping += result.overlapping() ? 1 : 0;
        stuck += result.stuck() ? 1 : 0;
        cutAlive += result.cutAlive() > 0 ? 1 : 0;
        if (result.broken()) {
            broken++;
            tell(result);
        }
        boolean mutant = options.variation().mutant().isPresent();
        if (mutant && result.broken() && found < 0) {
            found = result.seed();
        }
        return found < 0 || options.until() == Options.Until.ALL_SEEDS;
    }

    private void tell(SeedResult result) {
        boolean ours = options.variation().rule() == Rule.MOORING;
        if (!ours || options.count() == 1) {
            return;
        }
        out.println("seed " + result.seed() + ": " + result.findings().get(0));
        if (broken <= TOLD) {
            out.println("  faults: " + result.faults());
            World.run(result.seed(), options.variation(), TAIL)
                    .trace()
                    .forEach(line -> out.println("  " + (line.length() > 240 ? line.substring(0, 240) + "..." : line)));
            out.println("  all of it: mooring simulate --seed " + result.seed() + " --seeds 1"
                    + options.variation()
                            .mutant()
                            .map(which -> " --mutant " + which.word())
                            .orElse(""));
        }
    }
}
