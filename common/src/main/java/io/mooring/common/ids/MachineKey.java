package io.mooring.common.ids;

/** A machine, whatever agent runs on it: the agent's attribute {@code machine}, else its machine id (ownership is kept by machine and boot). */
public record MachineKey(String value) implements Comparable<MachineKey> {
    public MachineKey {
        value = Text.identifier("machine", value, 128);
    }

    @Override
    public int compareTo(MachineKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
