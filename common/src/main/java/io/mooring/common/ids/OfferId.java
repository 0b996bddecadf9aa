package io.mooring.common.ids;

/** A Mesos offer. It dies with the subscription that it came on. */
public record OfferId(String value) implements Comparable<OfferId> {
    public OfferId {
        value = Text.identifier("offer id", value, 256);
    }

    @Override
    public int compareTo(OfferId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
