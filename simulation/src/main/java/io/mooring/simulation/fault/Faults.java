package io.mooring.simulation.fault;

import io.mooring.simulation.time.Dice;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which faults a seed has, and how often. Drawn for each seed anew, most kinds off in most seeds: a seed with three kinds
 * of faults goes deeper into what these three do to each other than one in which everything fails all the time.
 */
public final class Faults {
    private final Map<Fault, Double> strengths;
    private final Dice dice;
    private boolean calm;

    private Faults(Map<Fault, Double> strengths, Dice dice) {
        this.strengths = strengths;
        this.dice = dice;
    }

    /** Draws the faults of a seed. */
    public static Faults draw(Dice dice) {
        Map<Fault, Double> strengths = new EnumMap<>(Fault.class);
        double share = dice.pick(java.util.List.of(0.1, 0.25, 0.4, 0.7));
        for (Fault fault : Fault.values()) {
            double strength = dice.chance(share) ? 0.1 + 0.9 * dice.share() : 0;
            strengths.put(fault, strength);
        }
        return new Faults(strengths, dice);
    }

    /** Whether this operation is struck. */
    public boolean strikes(Fault fault) {
        return !calm && dice.chance(strengths.get(fault) * fault.strength());
    }

    /** The mean time between two of them in milliseconds; 0 if they do not happen. */
    public long meanMillis(Fault fault) {
        double strength = strengths.get(fault);
        return strength == 0 ? 0 : (long) (fault.strength() * 1000 / strength);
    }

    /** No faults from now on. */
    public void end() {
        calm = true;
    }

    public boolean calm() {
        return calm;
    }

    /** The kinds that this seed has. */
    public String words() {
        StringBuilder words = new StringBuilder();
        strengths.forEach((fault, strength) -> {
            if (strength > 0) {
                words.append(words.isEmpty() ? "" : ", ").append(fault);
            }
        });
        return words.toString();
    }
}
