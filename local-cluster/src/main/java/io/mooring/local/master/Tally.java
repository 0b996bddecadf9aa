package io.mooring.local.master;

import java.util.EnumMap;
import java.util.Map;
import org.apache.mesos.v1.Protos.TaskState;

/** How many tasks ended how since this master leads. */
final class Tally {
    private final Map<TaskState, Integer> ended = new EnumMap<>(TaskState.class);

    void count(TaskState state) {
        if (TaskEntry.isTerminal(state)) {
            ended.merge(state, 1, Integer::sum);
        }
    }

    int of(TaskState state) {
        return ended.getOrDefault(state, 0);
    }
}
