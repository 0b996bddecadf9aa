package io.mooring.scheduler.placement;

import io.mooring.common.ids.AgentId;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.definition.Constraint;
import io.mooring.scheduler.task.Task;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How an app's tasks are spread over the values of the fields that its constraints name.
 *
 * @param counts the tasks by field and value
 */
public record Spread(Map<String, Map<String, Integer>> counts) {
    /** Of an app without constraints. */
    public static final Spread NONE = new Spread(new TreeMap<>());

    /**
     * Counts.
     *
     * @param tasks the app's that run or are to
     * @param agents where they are
     */
    public static Spread of(
            List<Constraint> constraints, Collection<Task> tasks, Function<AgentId, Optional<Agent>> agents) {
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        for (Constraint constraint : constraints) {
            Map<String, Integer> values = new TreeMap<>();
            for (Task task : tasks) {
                agents.apply(task.agent())
                        .flatMap(agent -> value(constraint.field(), agent))
                        .ifPresent(value -> values.merge(value, 1, Integer::sum));
            }
            counts.put(constraint.field(), values);
        }
        return new Spread(counts);
    }

    /** The tasks by that field's values. */
    Map<String, Integer> over(String field) {
        return counts.getOrDefault(field, new TreeMap<>());
    }

    /** What an agent has under a field's name; empty if it has no such attribute. */
    static Optional<String> value(String field, Agent agent) {
        return switch (field) {
            case "hostname", "@hostname" -> Optional.of(agent.hostname());
            case "@zone" -> agent.zone();
            case Agent.REGION -> agent.region();
            default -> Optional.ofNullable(agent.attributes().get(field.startsWith("@") ? field.substring(1) : field));
        };
    }
}
