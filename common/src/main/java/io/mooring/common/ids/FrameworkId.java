package io.mooring.common.ids;

/** The id that the Mesos master gave the framework; persisted before the first offer is looked at. */
public record FrameworkId(String value) implements Comparable<FrameworkId> {
    public FrameworkId {
        value = Text.identifier("framework id", value, 256);
    }

    @Override
    public int compareTo(FrameworkId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
