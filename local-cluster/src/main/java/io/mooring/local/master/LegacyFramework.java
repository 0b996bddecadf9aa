package io.mooring.local.master;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.legacy.LegacyResources;
import io.mooring.local.legacy.LegacyTask;
import io.mooring.local.legacy.Messages;
import io.mooring.local.resource.Resources;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;

/** A framework as the endpoints without a version write it. */
final class LegacyFramework {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LegacyFramework() {}

    static ObjectNode summary(FrameworkEntry framework, ClusterState state) {
        ObjectNode each = JSON.createObjectNode().put("id", framework.id).put("name", framework.info.getName());
        each.set("used_resources", LegacyResources.of(FrameworkView.allocated(framework, state)));
        each.set("offered_resources", LegacyResources.of(FrameworkView.offered(framework, state)));
        ArrayNode capabilities = each.putArray("capabilities");
        framework
                .info
                .getCapabilitiesList()
                .forEach(capability -> capabilities.add(capability.getType().name()));
        return each.put("hostname", framework.info.getHostname())
                .put("webui_url", framework.info.getWebuiUrl())
                .put("active", framework.connected())
                .put("connected", framework.connected())
                .put("recovered", framework.recovered);
    }

    @SuppressWarnings("deprecation") // the old form has to be written
    static ObjectNode full(FrameworkEntry framework, ClusterState state) {
        ObjectNode each = summary(framework, state)
                .put("user", framework.info.getUser())
                .put("failover_timeout", framework.info.getFailoverTimeout())
                .put("checkpoint", framework.info.getCheckpoint())
                .put("registered_time", Times.seconds(framework.registered))
                .put("unregistered_time", Times.seconds(framework.unregistered.orElse(Instant.EPOCH)));
        if (framework.info.hasPrincipal()) {
            each.put("principal", framework.info.getPrincipal());
        }
        Resources all = FrameworkView.allocated(framework, state).plus(FrameworkView.offered(framework, state));
        each.set("resources", LegacyResources.of(all));
        if (!framework.registered.equals(framework.reregistered)) {
            each.put("reregistered_time", Times.seconds(framework.reregistered));
        }
        if (framework.multiRole()) {
            ArrayNode roles = each.putArray("roles");
            framework.info.getRolesList().forEach(roles::add);
        } else {
            each.put("role", framework.info.getRole());
        }
        has(each, framework, state);
        if (framework.info.hasLabels()) {
            each.set("labels", Messages.array(framework.info.getLabels().getLabelsList()));
        }
        each.set("offer_constraints", Messages.json(framework.constraints.given()));
        return each;
    }

    private static void has(ObjectNode each, FrameworkEntry framework, ClusterState state) {
        ArrayNode tasks = each.putArray("tasks");
        framework.tasks.values().forEach(task -> tasks.add(LegacyTask.of(task.task())));
        ArrayNode unreachable = each.putArray("unreachable_tasks");
        framework.unreachable.values().forEach(task -> unreachable.add(LegacyTask.of(task.task())));
        ArrayNode completed = each.putArray("completed_tasks");
        framework.completedTasks().forEach(task -> completed.add(LegacyTask.of(task)));
        ArrayNode offers = each.putArray("offers");
        state.offers.values().stream()
                .filter(offer -> offer.framework() == framework)
                .forEach(offer -> offers.add(offer(offer.offer())));
        ArrayNode executors = each.putArray("executors");
        for (AgentEntry agent : state.agents.values()) {
            for (Map.Entry<AgentEntry.Key, ExecutorInfo> executor : agent.executors.entrySet()) {
                if (executor.getKey().framework().equals(framework.id)) {
                    executors.add(executor(executor.getValue()).put("slave_id", agent.id));
                }
            }
        }
    }

    private static ObjectNode offer(Offer offer) {
        ObjectNode each = JSON.createObjectNode()
                .put("id", offer.getId().getValue())
                .put("framework_id", offer.getFrameworkId().getValue());
        each.set("allocation_info", Messages.json(offer.getAllocationInfo()));
        each.put("slave_id", offer.getAgentId().getValue());
        each.set("resources", LegacyResources.of(Resources.of(offer.getResourcesList())));
        return each;
    }

    private static ObjectNode executor(ExecutorInfo executor) {
        ObjectNode each = JSON.createObjectNode()
                .put("executor_id", executor.getExecutorId().getValue())
                .put("name", executor.getName())
                .put("framework_id", executor.getFrameworkId().getValue());
        each.set("command", command(executor.getCommand()));
        List<Resource> resources = executor.getResourcesList();
        each.set("resources", LegacyResources.of(Resources.of(resources)));
        if (!resources.isEmpty()) {
            each.put("role", resources.get(0).getAllocationInfo().getRole());
        }
        if (executor.hasLabels()) {
            each.set("labels", Messages.array(executor.getLabels().getLabelsList()));
        }
        return each.put("type", executor.getType().name());
    }

    private static ObjectNode command(CommandInfo command) {
        ObjectNode each = JSON.createObjectNode().put("shell", command.getShell());
        if (command.hasValue()) {
            each.put("value", command.getValue());
        }
        ArrayNode arguments = each.putArray("argv");
        command.getArgumentsList().forEach(arguments::add);
        if (command.hasEnvironment()) {
            each.set("environment", Messages.json(command.getEnvironment()));
        }
        each.set("uris", Messages.array(command.getUrisList()));
        return each;
    }
}
