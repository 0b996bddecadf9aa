package io.mooring.simulation.time;

import java.util.List;
import java.util.SplittableRandom;

/** All chance of one seed. */
public final class Dice {
    private final SplittableRandom random;

    public Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** A whole number, both bounds included. */
    public int between(int lowest, int highest) {
        return random.nextInt(lowest, highest + 1);
    }

    /** Milliseconds, both bounds included. */
    public long millis(long shortest, long longest) {
        return random.nextLong(shortest, longest + 1);
    }

    /** A waiting time with this mean, as things happen that know nothing of each other. */
    public long waiting(long meanMillis) {
        return (long) (-Math.log(1 - random.nextDouble()) * meanMillis);
    }

    public double share() {
        return random.nextDouble();
    }

    public <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
