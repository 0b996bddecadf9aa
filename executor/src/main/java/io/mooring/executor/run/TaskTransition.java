package io.mooring.executor.run;

import java.util.List;

/** The machine's answer: the new state, and what is to be done, in order. */
public record TaskTransition(TaskState state, List<TaskEffect> effects) {
    public TaskTransition {
        effects = List.copyOf(effects);
    }

    static TaskTransition of(TaskState state, TaskEffect... effects) {
        return new TaskTransition(state, List.of(effects));
    }
}
