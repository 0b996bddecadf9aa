package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.util.Optional;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Value;

/** Whether a task may be launched on what was offered; a refusal is a TASK_ERROR, in Mesos' words and order. */
final class TaskValidation {
    private TaskValidation() {}

    static Optional<String> error(TaskInfo task, FrameworkEntry framework, AgentEntry agent, Resources offered) {
        return Identifiers.error(task.getTaskId().getValue())
                .or(() -> unique(task, framework))
                .or(() -> rightAgent(task, agent))
                .or(() -> durations(task))
                .or(() -> healthCheck(task))
                .or(() -> resources(task))
                .or(() -> commandOrExecutor(task))
                .or(() -> executor(task, framework, agent))
                .or(() -> covered(task, framework, agent, offered));
    }

    /** What the launch takes: the task, and its executor if it has one that does not run yet. */
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
        HealthCheck check = task.getHealthCheck();
        boolean commandMissing = check.getType() == HealthCheck.Type.COMMAND && !check.hasCommand();
        return task.hasHealthCheck() && commandMissing
                ? Optional.of("Task uses invalid health check: Expecting 'command' to be set for COMMAND health check")
                : Optional.empty();
    }

    private static Optional<String> resources(TaskInfo task) {
        if (task.getResourcesCount() == 0) {
            return Optional.of("Task uses no resources");
        }
        for (Resource resource : task.getResourcesList()) {
            if (resource.getType() == Value.Type.SCALAR && resource.getScalar().getValue() < 0) {
                return Optional.of(
                        "Resource '" + Resources.text(resource) + "' is invalid: Invalid scalar resource: value <= 0");
            }
        }
        return Optional.empty();
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
        if (executor.getType() == ExecutorInfo.Type.DEFAULT) {
            return Optional.of("'ExecutorInfo.type' must be 'CUSTOM'");
        }
        if (!executor.hasCommand()) {
            return Optional.of("'ExecutorInfo.command' must be set for 'CUSTOM' executor");
        }
        Optional<String> id = Identifiers.error(executor.getExecutorId().getValue());
        if (id.isPresent()) {
            return id;
        }
        if (!executor.getFrameworkId().equals(framework.frameworkId())) {
            return Optional.of("ExecutorInfo has an invalid FrameworkID (Actual: "
                    + executor.getFrameworkId().getValue() + " vs Expected: " + framework.id + ")");
        }
        if (executor.getShutdownGracePeriod().getNanoseconds() < 0) {
            return Optional.of("ExecutorInfo's 'shutdown_grace_period' must be non-negative");
        }
        ExecutorInfo running = agent.executors.get(key(framework, task));
        return running == null || running.equals(executor) ? Optional.empty() : Optional.of(differs(running, executor));
    }

    private static String differs(ExecutorInfo running, ExecutorInfo given) {
        String line = "-".repeat(60) + "\n";
        return "ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n" + line
                + "Existing ExecutorInfo:\n" + running + "\n" + line + "Task's ExecutorInfo:\n" + given + "\n" + line;
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
