package io.mooring.local.master;

import io.mooring.local.wire.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.WeightInfo;

/** How much roles weigh: a role of weight 2 may have twice the share of one of weight 1 before that comes first. */
final class Weights {
    private static final String REFUSED = "Failed to validate update weights request JSON";

    private final ClusterState state;
    private final Allocation allocation;

    Weights(ClusterState state, Allocation allocation) {
        this.state = state;
        this.allocation = allocation;
    }

    /** All of them, or none and why. Offers that were made by the old ones are taken back. */
    Answer update(List<WeightInfo> infos) {
        Map<String, Double> changed = new HashMap<>();
        for (WeightInfo info : infos) {
            String role = info.getRole().strip();
            Optional<String> error = error(role, info.getWeight());
            if (error.isPresent()) {
                return Answer.text(400, error.get());
            }
            changed.put(role, info.getWeight());
        }
        state.registry.weigh(changed);
        boolean known = state.frameworks.values().stream()
                .anyMatch(framework -> framework.roles().stream().anyMatch(changed::containsKey));
        if (known) {
            state.agents.values().forEach(allocation::rescindAll);
        }
        return Answer.ok();
    }

    private static Optional<String> error(String role, double weight) {
        Optional<String> invalid = Roles.error(role);
        if (invalid.isPresent()) {
            return Optional.of(REFUSED + ": Invalid role '" + role + "': " + invalid.get());
        }
        return weight > 0
                ? Optional.empty()
                : Optional.of(REFUSED + " for role '" + role + "': Invalid weight '" + text(weight)
                        + "': Weights must be positive");
    }

    /** A whole number has no fraction in Mesos' texts. */
    private static String text(double weight) {
        return weight == Math.rint(weight) ? Long.toString((long) weight) : Double.toString(weight);
    }
}
