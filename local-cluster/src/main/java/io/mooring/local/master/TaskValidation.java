package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;

/** Whether a task may be launched on what was offered; a refusal is a TASK_ERROR, in Mesos' words and order. */
final class TaskValidation {
    private TaskValidation() {}

    static Optional<String> error(TaskInfo task, FrameworkEntry framework, AgentEntry agent, Resources offered) {
        return general(task, framework, agent)
                .or(() -> commandOrExecutor(task))
                .or(() -> executor(task, framework, agent))
                .or(() -> together(task))
                .or(() -> covered(task, framework, agent, offered));
    }

    /** What is asked of every task, also of one in a group. */
    static Optional<String> general(TaskInfo task, FrameworkEntry framework, AgentEntry agent) {
        return Identifiers.error(task.getTaskId().getValue())
                .or(() -> unique(task, framework))
                .or(() -> rightAgent(task, agent))
                .or(() -> durations(task))
                .or(() -> healthCheck(task))
                .or(() -> resources(task))
                .or(() -> container(task));
    }

    /** What the launch takes: the task, and the executor if it does not run yet. */
    static Resources needed(TaskInfo task, FrameworkEntry framework, AgentEntry agent) {
        Resources needed = Resources.of(task.getResourcesList());
        boolean runs = agent.executors.containsKey(key(framework, task));
        return runs ? needed : needed.plus(Resources.of(task.getExecutor().getResourcesList()));
    }

    static AgentEntry.Key key(FrameworkEntry framework, TaskInfo task) {
        return new AgentEntry.Key(
                framework.id, task.getExecutor().getExecutorId().getValue());
    }

    private static Optional<String> unique(TaskInfo task, FrameworkEntry framework) {
        String id = task.getTaskId().getValue();
        if (framework.tasks.containsKey(id)) {
            return Optional.of("Task has duplicate ID: " + id);
        }
        return framework.unreachable.containsKey(id)
                ? Optional.of("Task reuses the ID of an unreachable task: " + id)
                : Optional.empty();
    }

    private static Optional<String> rightAgent(TaskInfo task, AgentEntry agent) {
        String named = task.getAgentId().getValue();
        return named.equals(agent.id)
                ? Optional.empty()
                : Optional.of("Task uses invalid agent " + named + " while agent " + agent.id + " is expected");
    }

    private static Optional<String> durations(TaskInfo task) {
        if (task.getKillPolicy().getGracePeriod().getNanoseconds() < 0) {
            return Optional.of("Task's 'kill_policy.grace_period' must be non-negative");
        }
        return task.getMaxCompletionTime().getNanoseconds() < 0
                ? Optional.of("Task's `max_completion_time` must be non-negative")
                : Optional.empty();
    }

    private static Optional<String> healthCheck(TaskInfo task) {
        return task.hasHealthCheck()
                ? error(task.getHealthCheck()).map(error -> "Task uses invalid health check: " + error)
                : Optional.empty();
    }

    private static Optional<String> error(HealthCheck check) {
        if (!check.hasType()) {
            return Optional.of("HealthCheck must specify 'type'");
        }
        return switch (check.getType()) {
            case COMMAND -> present(check.hasCommand(), "command", "COMMAND");
            case HTTP -> present(check.hasHttp(), "http", "HTTP").or(() -> http(check.getHttp()));
            case TCP -> present(check.hasTcp(), "tcp", "TCP");
            case UNKNOWN -> Optional.of("'UNKNOWN' is not a valid health check type");
        };
    }

    private static Optional<String> present(boolean present, String field, String type) {
        return present
                ? Optional.empty()
                : Optional.of("Expecting '" + field + "' to be set for " + type + " health check");
    }

    private static Optional<String> http(HealthCheck.HTTPCheckInfo http) {
        if (http.hasScheme() && !List.of("http", "https").contains(http.getScheme())) {
            return Optional.of("Unsupported HTTP health check scheme: '" + http.getScheme() + "'");
        }
        return http.hasPath() && !http.getPath().startsWith("/")
                ? Optional.of("The path '" + http.getPath() + "' of HTTP health check must start with '/'")
                : Optional.empty();
    }

    private static Optional<String> resources(TaskInfo task) {
        List<Resource> given = task.getResourcesList();
        if (given.isEmpty()) {
            return Optional.of("Task uses no resources");
        }
        return ResourceValidation.forms(given)
                .or(() -> ResourceValidation.disks(given).map(error -> "Task uses invalid resources: " + error))
                .or(() -> ResourceValidation.uniquePersistence(given)
                        .map(error -> "Task uses duplicate persistence ID: " + error))
                .or(() -> ResourceValidation.oneRole(given).map(error -> "Invalid task resources: " + error));
    }

    private static Optional<String> container(TaskInfo task) {
        ContainerInfo container = task.getContainer();
        return task.hasContainer() && container.getType() == ContainerInfo.Type.DOCKER && !container.hasDocker()
                ? Optional.of("Task's `ContainerInfo` is invalid: DockerInfo 'docker' is not set for DOCKER typed"
                        + " ContainerInfo")
                : Optional.empty();
    }

    private static Optional<String> commandOrExecutor(TaskInfo task) {
        return task.hasCommand() == task.hasExecutor()
                ? Optional.of("Task should have at least one (but not both) of CommandInfo or ExecutorInfo present")
                : Optional.empty();
    }

    private static Optional<String> executor(TaskInfo task, FrameworkEntry framework, AgentEntry agent) {
        if (!task.hasExecutor()) {
            return Optional.empty();
        }
        ExecutorInfo executor = task.getExecutor();
        return ExecutorValidation.error(executor, framework, agent)
                .or(() -> executor.getType() == ExecutorInfo.Type.DEFAULT
                        ? Optional.of("'ExecutorInfo.type' must be 'CUSTOM'")
                        : Optional.empty())
                .or(() -> executor.hasCommand() ? Optional.empty() : Optional.of("'ExecutorInfo.command' must be set"));
    }

    private static Optional<String> together(TaskInfo task) {
        List<Resource> all = new ArrayList<>(task.getResourcesList());
        all.addAll(task.getExecutor().getResourcesList());
        return ResourceValidation.uniquePersistence(all)
                .map(error -> "Task and its executor use duplicate persistence ID: " + error);
    }

    private static Optional<String> covered(
            TaskInfo task, FrameworkEntry framework, AgentEntry agent, Resources offered) {
        Resources needed = needed(task, framework, agent);
        return offered.contains(needed)
                ? Optional.empty()
                : Optional.of("Total resources " + needed + " required by task and its executor is more than available "
                        + offered);
    }
}
