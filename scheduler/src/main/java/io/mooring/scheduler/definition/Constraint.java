package io.mooring.scheduler.definition;

import java.util.Optional;

/** One of Marathon's placement constraints: {@code [field, operator, value]}. */
public record Constraint(String field, Operator operator, Optional<String> value) {
    /** Marathon's operators. */
    public enum Operator {
        /** Each value of the field at most once among the app's tasks. */
        UNIQUE,
        /** All tasks on the same value, or on the one given. */
        CLUSTER,
        /** Tasks spread evenly over the values. */
        GROUP_BY,
        /** At most that many tasks for each value. */
        MAX_PER,
        /** The value matches the regular expression. */
        LIKE,
        /** The value does not match the regular expression. */
        UNLIKE,
        /** The value is this one. */
        IS
    }

    @Override
    public String toString() {
        return field + " " + operator + value.map(v -> " " + v).orElse("");
    }
}
