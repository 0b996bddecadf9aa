package io.mooring.common.ids;

/** The name of one claim, unique for ever; a transaction whose answer was lost is recognised by it. */
public record ClaimId(String value) implements Comparable<ClaimId> {
    public ClaimId {
        value = Text.identifier("claim id", value, 64);
    }

    @Override
    public int compareTo(ClaimId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
