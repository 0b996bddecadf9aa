package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;

/** Whether a group of tasks may be launched together; a refusal is a TASK_ERROR of each, in Mesos' words and order. */
final class GroupValidation {
    private static final double MIN_CPUS = 0.01;
    private static final double MIN_MEM_MB = 32;

    private GroupValidation() {}

    static Optional<String> error(
            ExecutorInfo executor,
            List<TaskInfo> tasks,
            FrameworkEntry framework,
            AgentEntry agent,
            Resources offered) {
        for (TaskInfo task : tasks) {
            Optional<String> error =
                    TaskValidation.general(task, framework, agent).or(() -> ofGroup(task));
            if (error.isPresent()) {
                return error.map(text -> "Task '" + task.getTaskId().getValue() + "' is invalid: " + text);
            }
        }
        return ExecutorValidation.error(executor, framework, agent)
                .or(() -> type(executor))
                .or(() -> sameExecutor(executor, tasks))
                .or(() -> minimum(executor))
                .or(() -> ResourceValidation.uniquePersistence(all(executor, tasks))
                        .map(text -> "Task group and executor use duplicate persistence ID: " + text))
                .or(() -> covered(needed(executor, tasks, framework, agent), offered));
    }

    /** What the launch takes: the tasks, and the executor if it does not run yet. */
    static Resources needed(ExecutorInfo executor, List<TaskInfo> tasks, FrameworkEntry framework, AgentEntry agent) {
        Resources needed = tasks.stream()
                .map(task -> Resources.of(task.getResourcesList()))
                .reduce(Resources.none(), Resources::plus);
        boolean runs = agent.executors.containsKey(
                new AgentEntry.Key(framework.id, executor.getExecutorId().getValue()));
        return runs ? needed : needed.plus(Resources.of(executor.getResourcesList()));
    }

    private static Optional<String> ofGroup(TaskInfo task) {
        return task.hasContainer() && task.getContainer().getType() == ContainerInfo.Type.DOCKER
                ? Optional.of("Docker ContainerInfo is not supported on the task")
                : Optional.empty();
    }

    private static Optional<String> type(ExecutorInfo executor) {
        if (!executor.hasType()) {
            return Optional.of("'ExecutorInfo.type' must be set");
        }
        if (executor.getType() == ExecutorInfo.Type.UNKNOWN) {
            return Optional.of("Unknown executor type");
        }
        return executor.hasContainer() && executor.getContainer().getType() == ContainerInfo.Type.DOCKER
                ? Optional.of("Docker ContainerInfo is not supported on the executor")
                : Optional.empty();
    }

    private static Optional<String> sameExecutor(ExecutorInfo executor, List<TaskInfo> tasks) {
        return tasks.stream()
                .filter(task -> !task.getExecutor().equals(executor))
                .findFirst()
                .map(task -> "The `ExecutorInfo` of task '" + task.getTaskId().getValue()
                        + "' is different from executor '"
                        + executor.getExecutorId().getValue() + "'");
    }

    private static Optional<String> minimum(ExecutorInfo executor) {
        String name = "Executor '" + executor.getExecutorId().getValue() + "' uses ";
        Resources has = Resources.of(executor.getResourcesList());
        if (has.scalar("cpus") < MIN_CPUS) {
            return Optional.of(name + "less CPUs (" + amount(has, "cpus") + ") than the minimum required (0.01)");
        }
        if (has.scalar("mem") < MIN_MEM_MB) {
            return Optional.of(name + "less memory (" + amount(has, "mem") + ") than the minimum required (32MB)");
        }
        return has.scalar("disk") == 0 ? Optional.of(name + "no disk") : Optional.empty();
    }

    private static String amount(Resources has, String resource) {
        double value = has.scalar(resource);
        if (value == 0) {
            return "None";
        }
        String text = value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
        return resource.equals("mem") ? text + "MB" : text;
    }

    private static List<Resource> all(ExecutorInfo executor, List<TaskInfo> tasks) {
        List<Resource> all = new ArrayList<>(executor.getResourcesList());
        tasks.forEach(task -> all.addAll(task.getResourcesList()));
        return all;
    }

    private static Optional<String> covered(Resources needed, Resources offered) {
        return offered.contains(needed)
                ? Optional.empty()
                : Optional.of("Total resources " + needed
                        + " required by task group and its executor are more than available " + offered);
    }
}
