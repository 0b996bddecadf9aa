package io.mooring.common.ids;

/** One run of one instance of an app, or one volume operation. Mesos never sees the same id twice. */
public record TaskId(String value) implements Comparable<TaskId> {
    public TaskId {
        value = Text.identifier("task id", value, 200);
    }

    @Override
    public int compareTo(TaskId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
