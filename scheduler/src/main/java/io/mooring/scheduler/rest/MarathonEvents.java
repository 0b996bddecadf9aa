package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.effect.Notice;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes notices as the events of Marathon's bus, with the fields that its clients read. */
final class MarathonEvents {
    private static final String TASK = "task_";

    private final JsonNodeFactory json = JsonNodeFactory.instance;

    /** None for what Marathon knows no event of: claims, volumes, machines, and tasks that belong to no app. */
    List<ObjectNode> of(Notice notice) {
        Map<String, String> facts = notice.facts();
        return switch (notice.type()) {
            case "subscribed" -> List.of(registered(notice));
            case "disconnected" -> List.of(event("scheduler_disconnected_event", notice.at()));
            case "app_terminated" ->
                List.of(event("app_terminated_event", notice.at()).put("appId", facts.get("app")));
            case "health_check_added" ->
                List.of(HealthEvents.added(event("add_health_check_event", notice.at()), facts));
            case "health_check_removed" ->
                List.of(HealthEvents.removed(event("remove_health_check_event", notice.at()), facts));
            case "instance_health_changed" ->
                List.of(HealthEvents.instance(event("instance_health_changed_event", notice.at()), facts));
            case "health_status_changed" ->
                List.of(HealthEvents.changed(event("health_status_changed_event", notice.at()), facts));
            case "failed_health_check" ->
                List.of(HealthEvents.failed(event("failed_health_check_event", notice.at()), facts));
            case "unhealthy_task_ended" ->
                List.of(HealthEvents.ended(event("unhealthy_instance_kill_event", notice.at()), facts));
            case "unknown_task_ended" -> List.of(unknown(notice));
            case "deployment_info", "deployment_step_success", "deployment_step_failure" ->
                List.of(DeploymentEvents.step(event(notice.type(), notice.at()), facts));
            case "deployment_success", "deployment_failed" ->
                List.of(DeploymentEvents.end(event(notice.type(), notice.at()), facts));
            default ->
                notice.type().startsWith(TASK) && facts.containsKey("app") ? status(notice) : List.<ObjectNode>of();
        };
    }

    ObjectNode posted(String client, String uri, ObjectNode definition, Instant at) {
        ObjectNode event = event("api_post_event", at).put("clientIp", client).put("uri", uri);
        event.set("appDefinition", definition);
        return event;
    }

    /** A request changed apps below that group, or did not; then there is a reason. */
    ObjectNode group(String group, String version, Optional<String> reason, Instant at) {
        ObjectNode event = event(reason.isPresent() ? "group_change_failed" : "group_change_success", at)
                .put("groupId", group)
                .put("version", version);
        reason.ifPresent(why -> event.put("reason", why));
        return event;
    }

    ObjectNode stream(String type, String client, Instant at) {
        return event(type, at).put("remoteAddress", client);
    }

    private ObjectNode registered(Notice notice) {
        boolean again = "true".equals(notice.facts().get("again"));
        ObjectNode event = event(again ? "scheduler_reregistered_event" : "scheduler_registered_event", notice.at());
        return event.put("frameworkId", notice.facts().get("framework"));
    }

    /** Marathon says the same of each task twice, for its clients of two ages. */
    private List<ObjectNode> status(Notice notice) {
        Map<String, String> facts = notice.facts();
        String state = notice.type().toUpperCase(Locale.ROOT);
        ObjectNode status = event("status_update_event", notice.at())
                .put("slaveId", facts.get("agent"))
                .put("taskId", facts.get("task"))
                .put("taskStatus", state)
                .put("message", facts.get("message"))
                .put("appId", facts.get("app"))
                .put("host", facts.get("host"))
                .put("version", Times.ofNotice(facts.get("version")));
        status.putArray("ipAddresses");
        ArrayNode ports = status.putArray("ports");
        for (String port : facts.getOrDefault("ports", "").split(",", -1)) {
            if (!port.isEmpty()) {
                ports.add(Integer.parseInt(port));
            }
        }
        ObjectNode instance = event("instance_changed_event", notice.at())
                .put("instanceId", facts.get("task"))
                .put("condition", condition(state))
                .put("runSpecId", facts.get("app"))
                .put("agentId", facts.get("agent"))
                .put("host", facts.get("host"))
                .put("runSpecVersion", Times.ofNotice(facts.get("version")));
        return List.of(instance, status);
    }

    /** {@code TASK_GONE_BY_OPERATOR} is the condition {@code GoneByOperator} of an instance. */
    private static String condition(String state) {
        StringBuilder words = new StringBuilder();
        for (String word : state.substring(TASK.length()).split("_", -1)) {
            words.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return words.toString();
    }

    /** The names of tasks begin with their apps'. */
    private ObjectNode unknown(Notice notice) {
        String task = notice.facts().get("task");
        String app = "/" + task.substring(0, Math.max(0, task.lastIndexOf('.'))).replace('_', '/');
        return event("unknown_instance_terminated_event", notice.at())
                .put("instanceId", task)
                .put("runSpecId", app)
                .put("condition", condition(TASK + notice.facts().get("report")));
    }

    private ObjectNode event(String type, Instant at) {
        return json.objectNode().put("eventType", type).put("timestamp", Times.text(at));
    }
}
