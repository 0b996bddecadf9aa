package io.mooring.common.ids;

/** Mesos' name of an agent. It changes when an agent loses its work directory, so it never identifies a machine: see {@link MachineKey}. */
public record AgentId(String value) implements Comparable<AgentId> {
    public AgentId {
        value = Text.identifier("agent id", value, 256);
    }

    @Override
    public int compareTo(AgentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
