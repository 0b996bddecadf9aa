package io.mooring.scheduler.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.AppRuntime.TaskFailure;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Apps and tasks in Marathon's shapes. */
final class AppView {
    /** A task that ended is not Marathon's business any more, even if a claim still keeps its record. */
    static final Predicate<Task> SHOWN = task -> task.state() != TaskState.ENDED;

    private static final ObjectMapper JSON = new ObjectMapper();

    private AppView() {}

    static ObjectNode of(SeenApp seen, Set<Embed> embeds) {
        App app = seen.app();
        ObjectNode view = definition(app, seen.role());
        List<SeenTask> tasks = seen.tasks();
        long running = tasks.stream()
                .filter(each -> each.task().state() == TaskState.RUNNING)
                .count();
        long staged = tasks.stream()
                .map(each -> each.task().state())
                .filter(state -> state == TaskState.STAGING || state == TaskState.STARTING)
                .count();
        view.put("tasksStaged", staged).put("tasksRunning", running);
        view.put("tasksHealthy", HealthView.count(tasks, Verdict.HEALTHY));
        view.put("tasksUnhealthy", HealthView.count(tasks, Verdict.UNHEALTHY));
        ArrayNode deployments = view.putArray("deployments");
        app.deployment().ifPresent(deployment -> deployments.addObject().put("id", deployment.id()));
        if (embeds.contains(Embed.TASKS)) {
            view.set("tasks", tasks(tasks));
        }
        if (embeds.contains(Embed.LAST_TASK_FAILURE)) {
            seen.lastFailure().ifPresent(failure -> view.set("lastTaskFailure", failure(app, failure)));
        }
        if (embeds.contains(Embed.TASK_STATS)) {
            ObjectNode stats = TaskStats.of(app, shown(tasks), seen.at());
            view.set("taskStats", stats); // up to Marathon 1.7, and in the words of what can be embedded
            view.set("tasksStats", stats.deepCopy()); // in the description of its answers since
        }
        if (embeds.contains(Embed.READINESS)) {
            view.set("readinessCheckResults", HealthView.readiness(tasks));
        }
        return view;
    }

    /**
     * The app without its tasks.
     *
     * @param role of all tasks; one that a definition says stays in it, though it has no effect here
     */
    static ObjectNode definition(App app, Optional<String> role) {
        ObjectNode view = source(app);
        UpkeepView.fill(view, app);
        if (!view.hasNonNull("role")) {
            role.ifPresent(known -> view.put("role", known));
        }
        view.put("version", Times.text(app.version()));
        view.putObject("versionInfo")
                .put("lastScalingAt", Times.text(app.lastScaling()))
                .put("lastConfigChangeAt", Times.text(app.lastConfigChange()));
        return view;
    }

    static ObjectNode source(App app) {
        ObjectNode source = parsed(app.id(), app.source());
        source.put("instances", app.goal() == App.Goal.DELETE ? 0 : app.instances());
        return source;
    }

    /** An app as it was. */
    static ObjectNode version(AppVersion app) {
        ObjectNode view = parsed(app.app(), app.source());
        view.put("instances", app.instances());
        view.put("version", Times.text(app.version()));
        view.putObject("versionInfo")
                .put("lastScalingAt", Times.text(app.lastScaling()))
                .put("lastConfigChangeAt", Times.text(app.lastConfigChange()));
        return view;
    }

    private static ObjectNode parsed(AppId id, String source) {
        try {
            return (ObjectNode) JSON.readTree(source);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the stored definition of " + id + " is no JSON", e);
        }
    }

    static void note(ObjectNode view, List<String> notes) {
        if (!notes.isEmpty()) {
            ArrayNode list = view.putObject("mooring").putArray("notes");
            notes.forEach(list::add);
        }
    }

    static ArrayNode tasks(List<SeenTask> tasks) {
        ArrayNode list = JSON.createArrayNode();
        shown(tasks).forEach(task -> list.add(task(task)));
        return list;
    }

    private static List<SeenTask> shown(List<SeenTask> tasks) {
        return tasks.stream().filter(seen -> SHOWN.test(seen.task())).toList();
    }

    static ObjectNode task(SeenTask seen) {
        Task task = seen.task();
        ObjectNode view = JSON.createObjectNode();
        view.put("id", task.id().value());
        view.put("appId", task.app().map(app -> app.path()).orElse(null));
        view.put("host", task.hostname());
        view.put("slaveId", task.agent().value());
        ArrayNode ports = view.putArray("ports");
        task.ports().forEach(ports::add);
        view.putArray("servicePorts");
        view.putArray("ipAddresses");
        view.put("state", "TASK_" + word(task.state()));
        view.put("stagedAt", Times.text(task.stagedAt()));
        view.put("startedAt", Times.text(task.startedAt()));
        view.put("version", Times.text(task.appVersion()));
        view.set("healthCheckResults", HealthView.results(task, seen.health()));
        view.putArray("localVolumes");
        seen.agent().flatMap(Agent::region).ifPresent(region -> view.put("region", region));
        seen.agent().flatMap(Agent::zone).ifPresent(zone -> view.put("zone", zone));
        seen.role().ifPresent(role -> view.put("role", role));
        return view;
    }

    private static String word(TaskState state) {
        return switch (state) {
            case STAGING -> "STAGING";
            case STARTING -> "STARTING";
            case RUNNING -> "RUNNING";
            case KILLING -> "KILLING";
            case UNREACHABLE -> "UNREACHABLE";
            case ENDED -> "FINISHED";
        };
    }

    private static ObjectNode failure(App app, TaskFailure failure) {
        ObjectNode view = JSON.createObjectNode();
        view.put("appId", app.id().path());
        view.put("host", failure.host());
        view.put("message", failure.message());
        view.put("state", failure.state());
        view.put("taskId", failure.task());
        view.put("timestamp", Times.text(failure.at()));
        view.put("version", Times.text(failure.appVersion()));
        view.put("slaveId", failure.agent());
        return view;
    }
}
