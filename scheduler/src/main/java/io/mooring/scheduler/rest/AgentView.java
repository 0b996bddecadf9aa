package io.mooring.scheduler.rest;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Agents in the shape of {@code /v1}. */
final class AgentView {
    private AgentView() {}

    /** Those that are there, and those that are not and whose machine has no other, or from which something is waited for. */
    static List<AgentId> shown(ClusterState state) {
        Set<MachineKey> served = state.agents().stream()
                .filter(agent -> agent.state() == Agent.State.ACTIVE)
                .flatMap(agent -> agent.machine().stream())
                .collect(Collectors.toSet());
        Set<AgentId> awaited = state.claims().stream().map(Claim::agent).collect(Collectors.toCollection(HashSet::new));
        state.tasks().stream()
                .filter(task -> task.state() != TaskState.ENDED)
                .forEach(task -> awaited.add(task.agent()));
        return state.agents().stream()
                .filter(agent -> agent.state() == Agent.State.ACTIVE
                        || awaited.contains(agent.id())
                        || agent.machine().filter(served::contains).isEmpty())
                .map(Agent::id)
                .toList();
    }

    static Map<String, Object> of(Agent agent, ClusterState state, Policy policy) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", agent.id().value());
        view.put("hostname", agent.hostname());
        view.put("machine", agent.machine().map(machine -> machine.value()).orElse(null));
        view.put("bootId", agent.boot().map(boot -> boot.value()).orElse(null));
        view.put("state", agent.state().name());
        view.put("zone", agent.zone().orElse(null));
        view.put("slots", slots(agent, state));
        view.put(
                "drivers",
                agent.plugins().stream()
                        .map(plugin -> driver(plugin, state, policy))
                        .toList());
        view.put("unclean", unclean(agent, state));
        return view;
    }

    /** What dead executors left there, and what the machine was cut off from and not cleaned of since. */
    private static List<String> unclean(Agent agent, ClusterState state) {
        List<VolumeName> fenced =
                agent.machine().flatMap(state::machine).map(Machine::fenced).orElse(List.of());
        return Stream.concat(agent.unclean().stream(), fenced.stream())
                .map(VolumeName::value)
                .distinct()
                .toList();
    }

    private static Map<String, Object> slots(Agent agent, ClusterState state) {
        Map<String, Object> slots = new LinkedHashMap<>();
        slots.put(
                "total",
                agent.slots()
                        .or(() -> agent.machine().flatMap(state::machine).flatMap(Machine::slots))
                        .orElse(null));
        slots.put(
                "used",
                agent.machine().stream()
                        .flatMap(machine -> state.tasksOn(machine).stream())
                        .filter(task -> task.state() != TaskState.ENDED)
                        .mapToInt(Task::slots)
                        .sum());
        return slots;
    }

    private static Map<String, Object> driver(PluginReport plugin, ClusterState state, Policy policy) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", plugin.driver().value());
        view.put("class", policy.fenceClass(plugin.driver(), state).name());
        view.put("state", plugin.healthy() ? "HEALTHY" : "UNHEALTHY");
        view.put(
                "generation",
                plugin.remarks().isEmpty()
                        ? plugin.generation()
                        : plugin.generation() + "; " + String.join("; ", plugin.remarks()));
        return view;
    }
}
