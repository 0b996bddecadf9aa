package io.mooring.scheduler.decision;

import io.mooring.common.volume.DriverName;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.volume.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether any agent could have the volume: a driver that nobody has, or a size that no pool has left, is refused at the
 * door instead of waiting for ever. Plugins are known from inspections; before the first one nothing can be said.
 */
final class PluginCheck {
    private final ClusterState state;
    private final Policy policy;

    PluginCheck(ClusterState state, Policy policy) {
        this.state = state;
        this.policy = policy;
    }

    /** @param path where the volume stands in what the user wrote; empty for a volume by itself */
    List<FieldError> check(String path, VolumeSpec spec, Optional<Volume> known) {
        DriverName driver = spec.request().driver();
        List<Agent> inspected = state.agents().stream()
                .filter(agent -> agent.inspected().isPresent())
                .toList();
        if (inspected.isEmpty()) {
            return List.of();
        }
        if (inspected.stream().noneMatch(agent -> agent.plugin(driver).isPresent())) {
            return List.of(new FieldError(
                    path + "/driver",
                    "no agent has a plugin '" + driver + "'",
                    "one of " + String.join(", ", drivers(inspected))));
        }
        List<FieldError> errors = new ArrayList<>();
        boolean exists = known.isPresent() && known.get().exists();
        long wanted = sizeGb(spec);
        long room = roomGb(inspected, driver);
        if (!exists && wanted > room) {
            errors.add(new FieldError(
                    path + "/options/size",
                    "is " + wanted + " GB, more than any pool of '" + driver + "' has left",
                    "at most " + room + " GB"));
        }
        return errors;
    }

    private Set<String> drivers(List<Agent> inspected) {
        TreeSet<String> drivers = new TreeSet<>();
        inspected.forEach(agent ->
                agent.plugins().forEach(plugin -> drivers.add(plugin.driver().value())));
        policy.aliases().keySet().forEach(alias -> drivers.add(alias.value()));
        return drivers;
    }

    private static long roomGb(List<Agent> inspected, DriverName driver) {
        return inspected.stream()
                        .flatMap(agent -> agent.plugin(driver).stream())
                        .mapToLong(plugin -> plugin.freeBytes().orElse(Long.MAX_VALUE))
                        .max()
                        .orElse(Long.MAX_VALUE)
                >> 30;
    }

    private long sizeGb(VolumeSpec spec) {
        String size = spec.request().options().get("size");
        return size == null ? policy.defaultVolumeGb() : Long.parseLong(size);
    }
}
