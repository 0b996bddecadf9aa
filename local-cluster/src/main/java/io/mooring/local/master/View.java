package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Role;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.Protos.WeightInfo;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.master.Protos.Response;

/** The master's state in the messages of the operator API. Valid only while the master answers one question. */
public final class View {
    private final ClusterState state;
    private final Operations operations;
    private final Maintenance maintenance;
    private final MasterSettings settings;

    View(ClusterState state, Operations operations, Maintenance maintenance, MasterSettings settings) {
        this.state = state;
        this.operations = operations;
        this.maintenance = maintenance;
        this.settings = settings;
    }

    public MasterInfo masterInfo() {
        return state.masterInfo;
    }

    /** Seconds since 1970. */
    public double electedTime() {
        return Times.seconds(state.elected);
    }

    /** The flags that a real master would have been given for this, by name. */
    public Map<String, String> flags() {
        return Flags.of(settings, state.masterInfo.getPort());
    }

    /** The state without messages, as the older endpoints give it. */
    public LegacyView legacy() {
        return new LegacyView(state, this);
    }

    public Metrics metrics() {
        return new Metrics(state);
    }

    public Response.GetAgents agents() {
        Response.GetAgents.Builder all = Response.GetAgents.newBuilder();
        state.agents.values().forEach(agent -> all.addAgents(AgentView.of(agent)));
        state.recovering().forEach(id -> state.registry.info(id).ifPresent(all::addRecoveredAgents));
        return all.build();
    }

    public Response.GetFrameworks frameworks() {
        Response.GetFrameworks.Builder all = Response.GetFrameworks.newBuilder();
        state.frameworks.values().forEach(framework -> all.addFrameworks(FrameworkView.full(framework, state)));
        state.removedFrameworks
                .values()
                .forEach(framework -> all.addCompletedFrameworks(FrameworkView.full(framework, state)));
        return all.build();
    }

    public Response.GetExecutors executors() {
        Response.GetExecutors.Builder all = Response.GetExecutors.newBuilder();
        for (AgentEntry agent : state.agents.values()) {
            for (ExecutorInfo executor : agent.executors.values()) {
                all.addExecutors(Response.GetExecutors.Executor.newBuilder()
                        .setExecutorInfo(executor)
                        .setAgentId(agent.info.getId()));
            }
        }
        return all.build();
    }

    public Response.GetTasks tasks() {
        Response.GetTasks.Builder all = Response.GetTasks.newBuilder();
        List<FrameworkEntry> everyone = new ArrayList<>(state.frameworks.values());
        everyone.addAll(state.removedFrameworks.values());
        for (FrameworkEntry framework : everyone) {
            framework.tasks.values().forEach(task -> all.addTasks(task.task()));
            framework.unreachable.values().forEach(task -> all.addUnreachableTasks(task.task()));
            for (Task task : framework.completedTasks()) {
                all.addCompletedTasks(task);
            }
        }
        return all.build();
    }

    public Response.GetOperations operations() {
        return Response.GetOperations.newBuilder()
                .addAllOperations(operations.all())
                .build();
    }

    /** Those that operators have set. */
    public List<WeightInfo> weights() {
        return state.registry.weights().entrySet().stream()
                .map(each -> WeightInfo.newBuilder()
                        .setRole(each.getKey())
                        .setWeight(each.getValue())
                        .build())
                .toList();
    }

    /** Roles that frameworks have or that weigh something, each with what is in use or offered for it. */
    public Response.GetRoles roles() {
        Map<String, Set<String>> frameworks = new TreeMap<>();
        state.frameworks.values().forEach(framework -> framework.roles().forEach(role -> frameworks
                .computeIfAbsent(role, key -> new TreeSet<>())
                .add(framework.id)));
        Map<String, Double> weights = state.registry.weights();
        weights.keySet().forEach(role -> frameworks.computeIfAbsent(role, key -> new TreeSet<>()));
        Response.GetRoles.Builder all = Response.GetRoles.newBuilder();
        frameworks.forEach((name, ids) -> {
            Role.Builder role = Role.newBuilder().setName(name).setWeight(weights.getOrDefault(name, 1.0));
            state.frameworks.values().stream()
                    .filter(framework -> ids.contains(framework.id))
                    .forEach(framework -> role.addFrameworks(framework.frameworkId()));
            all.addRoles(role.addAllResources(sums(name)));
        });
        return all.build();
    }

    private List<Resource> sums(String role) {
        Resources held = state.agents.values().stream()
                .map(agent -> agent.allocated().plus(agent.offered()))
                .reduce(Resources.none(), Resources::plus);
        Resources ofRole = held.only(
                kind -> kind.getAllocationInfo().getRole().equals(role) && kind.getType() == Value.Type.SCALAR);
        return ofRole.quantities().inOrder();
    }

    public ClusterStatus maintenanceStatus() {
        return maintenance.status();
    }

    public Schedule maintenanceSchedule() {
        return maintenance.schedule();
    }

    /** Agents that an earlier leader admitted and that did not come back yet. */
    public List<AgentID> recovering() {
        return state.recovering().stream()
                .map(id -> AgentID.newBuilder().setValue(id).build())
                .toList();
    }

    public Response.GetState all() {
        return Response.GetState.newBuilder()
                .setGetTasks(tasks())
                .setGetExecutors(executors())
                .setGetFrameworks(frameworks())
                .setGetAgents(agents())
                .build();
    }
}
