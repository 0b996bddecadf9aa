package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.cluster.CheckHealth;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.util.List;

/** The health of tasks in Marathon's shapes. */
final class HealthView {
    private HealthView() {}

    /** How many of the running tasks that was said of. */
    static long count(List<SeenTask> tasks, Verdict verdict) {
        return tasks.stream()
                .filter(seen -> seen.task().state() == TaskState.RUNNING)
                .filter(seen -> seen.health().verdict() == verdict)
                .count();
    }

    /** What an app's tasks answered when they were asked whether they are ready. */
    static ArrayNode readiness(List<SeenTask> tasks) {
        ArrayNode results = JsonNodeFactory.instance.arrayNode();
        for (SeenTask seen : tasks) {
            seen.readiness().ifPresent(known -> {
                ObjectNode result = results.addObject();
                result.put("name", known.name());
                result.put("taskId", seen.task().id().value());
                result.put("ready", known.ready());
                known.last().ifPresent(last -> result.putObject("lastResponse")
                        .put("status", last.status())
                        .put("contentType", last.contentType())
                        .put("body", last.body()));
            });
        }
        return results;
    }

    /** One for each check that anything was said of. */
    static ArrayNode results(Task task, TaskHealth health) {
        ArrayNode results = JsonNodeFactory.instance.arrayNode();
        health.checks().stream()
                .filter(check -> check.verdict() != Verdict.UNKNOWN)
                .forEach(check -> results.add(result(task, check)));
        return results;
    }

    private static ObjectNode result(Task task, CheckHealth health) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("alive", health.verdict() == Verdict.HEALTHY);
        result.put("consecutiveFailures", health.failures());
        result.put("firstSuccess", Times.text(health.firstSuccess()));
        result.put("lastSuccess", Times.text(health.lastSuccess()));
        result.put("lastFailure", Times.text(health.lastFailure()));
        result.put("lastFailureCause", health.cause().orElse(null));
        result.put("instanceId", task.id().value());
        return result;
    }
}
