package io.mooring.local.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.legacy.AgentCapabilities;
import io.mooring.local.legacy.LegacyResources;
import io.mooring.local.legacy.LegacyTask;
import io.mooring.local.legacy.Messages;
import io.mooring.local.legacy.Version;
import io.mooring.local.resource.Reservations;
import io.mooring.local.resource.Resources;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Task;

/** An agent's {@code /state}, which web interfaces read. Valid only while the agent answers one question. */
final class AgentLegacyView {
    private final AgentView view;

    AgentLegacyView(AgentView view) {
        this.view = view;
    }

    /** @param startSeconds when the agent started, since 1970 */
    ObjectNode state(double startSeconds) {
        ObjectNode all = Version.json().put("start_time", startSeconds);
        all.put("id", view.info().getId().getValue())
                .put("pid", "slave(1)@127.0.0.1:" + view.info().getPort())
                .put("hostname", view.info().getHostname());
        ArrayNode capabilities = all.putArray("capabilities");
        AgentCapabilities.all()
                .forEach(capability -> capabilities.add(capability.getType().name()));
        view.draining().ifPresent(drain -> all.set("drain_config", Messages.json(drain)));
        resources(all);
        all.putArray("resource_providers");
        ObjectNode attributes = all.putObject("attributes");
        view.info().getAttributesList().forEach(attribute -> LegacyResources.attribute(attributes, attribute));
        all.put("master_hostname", InetAddress.getLoopbackAddress().getHostName());
        ObjectNode flags = all.putObject("flags");
        flags(view).forEach(flags::put);
        ArrayNode frameworks = all.putArray("frameworks");
        view.active().forEach((framework, runs) -> frameworks.add(framework(framework, runs)));
        ArrayNode completed = all.putArray("completed_frameworks");
        view.completedFrameworks().forEach(framework -> completed.add(framework(framework, List.of())));
        return all;
    }

    /** The settings under the names that a real agent's flags have. */
    static Map<String, String> flags(AgentView view) {
        AgentSettings settings = view.settings();
        Map<String, String> flags = new TreeMap<>();
        flags.put("attributes", settings.attributes());
        flags.put(
                "executor_registration_timeout",
                Durations.text(settings.timeouts().registration()));
        flags.put(
                "executor_reregistration_timeout",
                Durations.text(settings.timeouts().reregistration()));
        flags.put(
                "executor_shutdown_grace_period",
                Durations.text(settings.timeouts().shutdownGrace()));
        flags.put("gc_delay", Durations.text(settings.gcDelay()));
        flags.put("hostname", settings.hostname());
        flags.put("hostname_lookup", "false");
        flags.put("ip", "127.0.0.1");
        flags.put("port", Integer.toString(view.info().getPort()));
        flags.put("recovery_timeout", Durations.text(settings.timeouts().recovery()));
        flags.put("resources", settings.resources());
        flags.put("work_dir", settings.workDir().toString());
        return flags;
    }

    private void resources(ObjectNode all) {
        Resources total = view.total();
        all.set("resources", LegacyResources.of(total));
        Resources unreserved = total.only(kind -> !Reservations.isReserved(kind));
        Resources allocated = view.allocated();
        ObjectNode reserved = all.putObject("reserved_resources");
        all.set("unreserved_resources", LegacyResources.of(unreserved));
        ObjectNode reservedFull = all.putObject("reserved_resources_full");
        all.set("unreserved_resources_full", messages(unreserved));
        ObjectNode reservedAllocated = all.putObject("reserved_resources_allocated");
        all.set(
                "unreserved_resources_allocated",
                LegacyResources.of(allocated.only(kind -> !Reservations.isReserved(kind))));
        for (String role : Reservations.roles(total)) {
            reserved.set(role, LegacyResources.of(of(role, total)));
            reservedFull.set(role, messages(of(role, total)));
        }
        for (String role : Reservations.roles(allocated)) {
            reservedAllocated.set(role, LegacyResources.of(of(role, allocated)));
        }
    }

    private static Resources of(String role, Resources resources) {
        return resources.only((Resource kind) -> Reservations.role(kind).equals(role));
    }

    private static ArrayNode messages(Resources resources) {
        return Messages.array(
                resources.inOrder().stream().map(Reservations::endpoint).toList());
    }

    @SuppressWarnings("deprecation") // the old form has to be written
    private ObjectNode framework(FrameworkInfo info, List<ExecutorRun> runs) {
        ObjectNode each = JsonNodeFactory.instance.objectNode();
        each.put("id", info.getId().getValue())
                .put("name", info.getName())
                .put("user", info.getUser())
                .put("failover_timeout", info.getFailoverTimeout())
                .put("checkpoint", info.getCheckpoint())
                .put("hostname", info.getHostname());
        if (info.hasPrincipal()) {
            each.put("principal", info.getPrincipal());
        }
        if (info.getRolesCount() > 0) {
            ArrayNode roles = each.putArray("roles");
            info.getRolesList().forEach(roles::add);
        } else {
            each.put("role", info.getRole());
        }
        ArrayNode executors = each.putArray("executors");
        runs.forEach(run -> executors.add(executor(run)));
        ArrayNode completed = each.putArray("completed_executors");
        view.completedOf(info).forEach(run -> completed.add(executor(run)));
        return each;
    }

    @SuppressWarnings("deprecation") // the original writes the old source too
    private ObjectNode executor(ExecutorRun run) {
        ObjectNode each = JsonNodeFactory.instance.objectNode();
        each.put("id", run.executorId())
                .put("name", run.executor.getName())
                .put("source", run.executor.getSource())
                .put("container", run.containerId)
                .put("directory", run.sandbox.toString());
        each.set("resources", LegacyResources.of(view.allocated(run)));
        if (run.executor.getResourcesCount() > 0) {
            each.put("role", run.executor.getResources(0).getAllocationInfo().getRole());
        }
        if (run.executor.hasLabels()) {
            each.set("labels", Messages.array(run.executor.getLabels().getLabelsList()));
        }
        if (run.executor.hasType()) {
            each.put("type", run.executor.getType().name());
        }
        tasks(each.putArray("tasks"), view.launched(run));
        tasks(each.putArray("queued_tasks"), view.queued(run));
        ArrayNode completed = each.withArray("completed_tasks");
        tasks(completed, List.copyOf(run.completed));
        // Those whose end nobody has acknowledged are shown with these.
        tasks(completed, view.terminated(run));
        return each;
    }

    private static void tasks(ArrayNode to, List<Task> tasks) {
        tasks.forEach(task -> to.add(LegacyTask.of(task)));
    }
}
