package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * Who has how much, for one round of offers: the dominant share is the largest part of any resource of the cluster that a
 * role, or a framework within a role, has or is offered. The smallest share comes first; a role's counts by its weight.
 */
final class Shares {
    private record Client(String role, String framework) {}

    private final Map<String, Double> weights;
    private final Map<String, Double> total = new HashMap<>();
    private final Map<String, Map<String, Double>> ofRoles = new HashMap<>();
    private final Map<Client, Map<String, Double>> ofFrameworks = new HashMap<>();

    Shares(ClusterState state) {
        weights = state.registry.weights();
        for (AgentEntry agent : state.agents.values()) {
            agent.total.scalars().forEach((name, amount) -> total.merge(name, amount, Double::sum));
            for (Map.Entry<AgentEntry.Key, ExecutorInfo> executor : agent.executors.entrySet()) {
                count(executor.getKey().framework(), executor.getValue().getResourcesList());
            }
        }
        for (FrameworkEntry framework : state.frameworks.values()) {
            framework.tasks.values().stream()
                    .filter(task -> !task.isOver())
                    .forEach(task -> count(framework.id, task.task().getResourcesList()));
        }
        state.offers.values().forEach(offer -> add(offer.role(), offer.framework(), offer.resources()));
    }

    private void count(String framework, List<Resource> resources) {
        for (Resource resource : resources) {
            if (resource.getType() == Value.Type.SCALAR) {
                add(
                        resource.getAllocationInfo().getRole(),
                        framework,
                        resource.getName(),
                        resource.getScalar().getValue());
            }
        }
    }

    /** The framework is offered more for the role. */
    void add(String role, FrameworkEntry framework, Resources more) {
        more.scalars().forEach((name, amount) -> add(role, framework.id, name, amount));
    }

    private void add(String role, String framework, String name, double amount) {
        ofRoles.computeIfAbsent(role, key -> new HashMap<>()).merge(name, amount, Double::sum);
        ofFrameworks
                .computeIfAbsent(new Client(role, framework), key -> new HashMap<>())
                .merge(name, amount, Double::sum);
    }

    Comparator<String> byRole() {
        return Comparator.comparingDouble((String role) ->
                        dominant(ofRoles.getOrDefault(role, Map.of())) / weights.getOrDefault(role, 1.0))
                .thenComparing(Comparator.naturalOrder());
    }

    Comparator<FrameworkEntry> byFramework(String role) {
        return Comparator.comparingDouble((FrameworkEntry framework) ->
                        dominant(ofFrameworks.getOrDefault(new Client(role, framework.id), Map.of())))
                .thenComparing(framework -> framework.id);
    }

    private double dominant(Map<String, Double> held) {
        double largest = 0;
        for (Map.Entry<String, Double> each : held.entrySet()) {
            double all = total.getOrDefault(each.getKey(), 0.0);
            largest = all > 0 ? Math.max(largest, each.getValue() / all) : largest;
        }
        return largest;
    }
}
