package io.mooring.scheduler.placement;

import io.mooring.scheduler.definition.Constraint;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Marathon's placement constraints: an attribute that is missing vetoes, except for UNLIKE. */
final class ConstraintRule implements VetoRule {
    @Override
    public Optional<Veto> check(TaskRequest request, Candidate candidate) {
        for (Constraint constraint : request.definition().constraints()) {
            Optional<String> value = Spread.value(constraint.field(), candidate.agent());
            if (!allows(constraint, value, request)) {
                return Optional.of(new Veto(
                        Veto.Kind.CONSTRAINT,
                        "the constraint " + constraint + " does not allow " + constraint.field() + " "
                                + value.map(v -> "'" + v + "'").orElse("to be missing")));
            }
        }
        return Optional.empty();
    }

    private static boolean allows(Constraint constraint, Optional<String> value, TaskRequest request) {
        if (value.isEmpty()) {
            return constraint.operator() == Constraint.Operator.UNLIKE;
        }
        String here = value.get();
        Map<String, Integer> counts = request.spread().over(constraint.field());
        int count = counts.getOrDefault(here, 0);
        return switch (constraint.operator()) {
            case UNIQUE -> count == 0;
            case CLUSTER ->
                constraint.value().isPresent() ? constraint.value().get().equals(here) : counts.isEmpty() || count > 0;
            case GROUP_BY -> count <= least(counts, constraint);
            case MAX_PER -> count < constraint.value().map(Integer::parseInt).orElse(1);
            case LIKE -> matches(constraint, here);
            case UNLIKE -> !matches(constraint, here);
            case IS -> constraint.value().equals(Optional.of(here));
        };
    }

    /** The lowest count of any value; values that are expected and not seen yet count as zero. */
    private static int least(Map<String, Integer> counts, Constraint constraint) {
        int expected = constraint.value().map(Integer::parseInt).orElse(0);
        if (counts.size() < expected) {
            return 0;
        }
        return counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
    }

    private static boolean matches(Constraint constraint, String here) {
        return Pattern.matches(constraint.value().orElse(""), here);
    }
}
