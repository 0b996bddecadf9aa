package io.mooring.local.master;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.legacy.LegacyResources;
import io.mooring.local.legacy.LegacyTask;
import io.mooring.local.legacy.Version;
import io.mooring.local.resource.Reservations;
import io.mooring.local.resource.Resources;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskState;

/**
 * The answers of the endpoints without a version: {@code /state} and its parts. They are older than the operator API, and
 * web interfaces and tools still read them. Valid only while the master answers one question.
 */
public final class LegacyView {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClusterState state;
    private final View view;

    LegacyView(ClusterState state, View view) {
        this.state = state;
        this.view = view;
    }

    /** {@code /state}. */
    public ObjectNode state() {
        ObjectNode all = Version.json();
        String pid = state.masterInfo.getPid();
        all.put("start_time", Times.seconds(state.elected)).put("elected_time", Times.seconds(state.elected));
        all.put("id", state.masterId).put("pid", pid).put("hostname", "127.0.0.1");
        all.putArray("capabilities").add("AGENT_UPDATE").add("AGENT_DRAINING").add("QUOTA_V2");
        all.put("activated_slaves", (double) count(true)).put("deactivated_slaves", (double) count(false));
        all.put("unreachable_slaves", (double) state.registry.unreachableCount());
        all.put("leader", pid);
        all.putObject("leader_info")
                .put("id", state.masterId)
                .put("pid", pid)
                .put("port", state.masterInfo.getPort())
                .put("hostname", "127.0.0.1");
        ObjectNode flags = all.putObject("flags");
        view.flags().forEach(flags::put);
        ArrayNode slaves = all.putArray("slaves");
        state.agents.values().forEach(agent -> slaves.add(LegacyAgent.of(agent)));
        all.set("recovered_slaves", recovered());
        frameworks(all);
        all.putArray("orphan_tasks");
        all.putArray("unregistered_frameworks");
        return all;
    }

    private long count(boolean active) {
        return state.agents.values().stream()
                .filter(agent -> agent.isActive() == active)
                .count();
    }

    private ArrayNode recovered() {
        ArrayNode recovered = JSON.createArrayNode();
        state.recovering()
                .forEach(id -> state.registry.info(id).map(LegacyAgent::of).ifPresent(recovered::add));
        return recovered;
    }

    /**
     * {@code /master/slaves}.
     *
     * @param agent only that one
     */
    public ObjectNode slaves(Optional<String> agent) {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode slaves = all.putArray("slaves");
        state.agents.values().stream()
                .filter(each -> agent.isEmpty() || agent.get().equals(each.id))
                .forEach(each -> slaves.add(LegacyAgent.full(each)));
        all.set("recovered_slaves", recovered());
        return all;
    }

    /**
     * {@code /master/frameworks}.
     *
     * @param framework only that one
     */
    public ObjectNode frameworks(Optional<String> framework) {
        ObjectNode all = JSON.createObjectNode();
        frameworks(all);
        framework.ifPresent(id -> {
            keep(all.withArray("frameworks"), id);
            keep(all.withArray("completed_frameworks"), id);
        });
        all.putArray("unregistered_frameworks");
        return all;
    }

    private static void keep(ArrayNode frameworks, String id) {
        for (int i = frameworks.size() - 1; i >= 0; i--) {
            if (!frameworks.get(i).path("id").asText().equals(id)) {
                frameworks.remove(i);
            }
        }
    }

    private void frameworks(ObjectNode all) {
        ArrayNode frameworks = all.putArray("frameworks");
        state.frameworks.values().forEach(each -> frameworks.add(LegacyFramework.full(each, state)));
        ArrayNode completed = all.putArray("completed_frameworks");
        state.removedFrameworks.values().forEach(each -> completed.add(LegacyFramework.full(each, state)));
    }

    /**
     * {@code /master/tasks}.
     *
     * @param framework only its tasks
     */
    public ObjectNode tasks(Optional<String> framework) {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode tasks = all.putArray("tasks");
        var every = view.tasks();
        for (var part : List.of(every.getCompletedTasksList(), every.getTasksList(), every.getUnreachableTasksList())) {
            part.stream()
                    .filter(task -> framework.isEmpty()
                            || framework.get().equals(task.getFrameworkId().getValue()))
                    .forEach(task -> tasks.add(LegacyTask.of(task)));
        }
        return all;
    }

    /** {@code /master/state-summary}. */
    public ObjectNode summary() {
        ObjectNode all = JSON.createObjectNode().put("hostname", "127.0.0.1");
        ArrayNode slaves = all.putArray("slaves");
        for (AgentEntry agent : state.agents.values()) {
            ObjectNode each = LegacyAgent.of(agent);
            ArrayNode ids = JSON.createArrayNode();
            counts(each, Optional.empty(), Optional.of(agent.id)).forEach(ids::add);
            each.set("framework_ids", ids);
            slaves.add(each);
        }
        ArrayNode frameworks = all.putArray("frameworks");
        for (FrameworkEntry framework : state.frameworks.values()) {
            ObjectNode each = LegacyFramework.summary(framework, state);
            ArrayNode ids = JSON.createArrayNode();
            counts(each, Optional.of(framework.id), Optional.empty()).forEach(ids::add);
            each.set("slave_ids", ids);
            frameworks.add(each);
        }
        return all;
    }

    /** Adds how many tasks are in which state; gives the other end of those tasks. */
    private Set<String> counts(ObjectNode to, Optional<String> framework, Optional<String> agent) {
        for (TaskState each : LegacyTask.SUMMED) {
            to.put(each.name(), 0);
        }
        Set<String> others = new TreeSet<>();
        var every = view.tasks();
        for (var part : List.of(every.getCompletedTasksList(), every.getTasksList(), every.getUnreachableTasksList())) {
            for (Task task : part) {
                String ofFramework = task.getFrameworkId().getValue();
                String ofAgent = task.getAgentId().getValue();
                if (framework.map(ofFramework::equals).orElse(true)
                        && agent.map(ofAgent::equals).orElse(true)) {
                    others.add(agent.isPresent() ? ofFramework : ofAgent);
                    String name = task.getState().name();
                    if (to.has(name)) {
                        to.put(name, to.get(name).asInt() + 1);
                    }
                }
            }
        }
        return others;
    }

    /** {@code /roles}. */
    public ObjectNode roles() {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode roles = all.putArray("roles");
        view.roles().getRolesList().forEach(role -> roles.add(role(role.getName(), role.getFrameworksList())));
        return all;
    }

    private ObjectNode role(String name, List<FrameworkID> frameworks) {
        Resources allocated = held(name, AgentEntry::allocated);
        Resources offered = held(name, AgentEntry::offered);
        Resources reserved = state.agents.values().stream()
                .map(agent -> agent.total.only(
                        (Resource kind) -> Reservations.role(kind).equals(name)))
                .reduce(Resources.none(), Resources::plus);
        ObjectNode role = JSON.createObjectNode()
                .put("name", name)
                .put("weight", state.registry.weights().getOrDefault(name, 1.0));
        ObjectNode quota = role.putObject("quota").put("role", name);
        quota.putObject("guarantee");
        quota.putObject("limit");
        quota.set("consumed", LegacyResources.quantities(allocated));
        role.set("resources", LegacyResources.quantities(allocated.plus(offered)));
        role.set("allocated", LegacyResources.quantities(allocated));
        role.set("offered", LegacyResources.quantities(offered));
        role.set("reserved", LegacyResources.quantities(reserved));
        ArrayNode ids = role.putArray("frameworks");
        frameworks.forEach(id -> ids.add(id.getValue()));
        return role;
    }

    private Resources held(String role, Function<AgentEntry, Resources> what) {
        return state.agents.values().stream()
                .map(what)
                .reduce(Resources.none(), Resources::plus)
                .only(kind -> kind.getAllocationInfo().getRole().equals(role));
    }

    /** An agent that was recovered and is not back has only what it said of itself. */
    static ObjectNode info(AgentInfo info) {
        ObjectNode each = JSON.createObjectNode()
                .put("id", info.getId().getValue())
                .put("hostname", info.getHostname())
                .put("port", info.getPort());
        ObjectNode attributes = each.putObject("attributes");
        info.getAttributesList().forEach(attribute -> LegacyResources.attribute(attributes, attribute));
        return each;
    }
}
