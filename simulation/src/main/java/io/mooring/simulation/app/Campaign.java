package io.mooring.simulation.app;

import io.mooring.simulation.rule.Variation;
import io.mooring.simulation.world.SeedResult;
import io.mooring.simulation.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/** Many seeds, on all cores: they know nothing of each other. Results come in the order of the seeds. */
final class Campaign implements AutoCloseable {
    private static final int BLOCK = 64;

    private final Variation variation;
    private final int cores = Runtime.getRuntime().availableProcessors();
    private final ExecutorService workers = Executors.newFixedThreadPool(cores);

    Campaign(Variation variation) {
        this.variation = variation;
    }

    /** Runs the seeds until the end, or until the listener has seen enough. */
    void run(long first, long count, Predicate<SeedResult> goesOn) throws InterruptedException {
        long wave = (long) BLOCK * cores;
        for (long from = first; from < first + count; from += wave) {
            List<Future<List<SeedResult>>> blocks = new ArrayList<>();
            long end = Math.min(from + wave, first + count);
            long size = Math.max(1, (end - from + cores - 1) / cores);
            for (long seed = from; seed < end; seed += size) {
                long start = seed;
                long stop = Math.min(seed + size, end);
                blocks.add(workers.submit(() -> block(start, stop)));
            }
            for (Future<List<SeedResult>> block : blocks) {
                for (SeedResult result : result(block)) {
                    if (!goesOn.test(result)) {
                        return;
                    }
                }
            }
        }
    }

    private List<SeedResult> block(long start, long stop) {
        List<SeedResult> results = new ArrayList<>();
        for (long seed = start; seed < stop; seed++) {
            results.add(World.run(seed, variation, 0));
        }
        return results;
    }

    private static List<SeedResult> result(Future<List<SeedResult>> block) throws InterruptedException {
        try {
            return block.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a seed did not come to its end", e.getCause());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
