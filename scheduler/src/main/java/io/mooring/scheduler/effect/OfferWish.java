package io.mooring.scheduler.effect;

/**
 * Agents whose offers are of use: those where the value stands. A list of them means any of these; an empty list means
 * all agents.
 */
public record OfferWish(By by, String value) implements Comparable<OfferWish> {
    /** What agents are told apart by. */
    public enum By {
        MACHINE,
        ZONE
    }

    @Override
    public int compareTo(OfferWish other) {
        int byKind = by.compareTo(other.by);
        return byKind != 0 ? byKind : value.compareTo(other.value);
    }
}
