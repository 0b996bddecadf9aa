package io.mooring.common.ids;

/** One boot of one machine, as the kernel names it. Mounts do not outlive it, which is what evidence E4 rests on. */
public record BootId(String value) implements Comparable<BootId> {
    public BootId {
        value = Text.identifier("boot id", value, 64);
    }

    @Override
    public int compareTo(BootId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
