package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** LAUNCH and LAUNCH_GROUP: what is valid goes on the books and to the agent, the rest is a TASK_ERROR. */
final class Launches {
    private final ClusterState state;
    private final Statuses statuses;

    Launches(ClusterState state, Statuses statuses) {
        this.state = state;
        this.statuses = statuses;
    }

    /** The tasks of either kind of launch; none for other operations. */
    static List<TaskInfo> tasks(Offer.Operation operation) {
        return operation.getType() == Offer.Operation.Type.LAUNCH
                ? operation.getLaunch().getTaskInfosList()
                : operation.getLaunchGroup().getTaskGroup().getTasksList();
    }

    /** Each task for itself. Gives what is left of what was offered. */
    Resources launch(FrameworkEntry framework, OfferEntry offer, Offer.Operation launch, Resources offered) {
        Resources rest = offered;
        for (TaskInfo task : tasks(launch)) {
            Optional<String> error = launch.hasId()
                    ? Optional.of("The `id` field cannot be set on LAUNCH operations")
                    : TaskValidation.error(task, framework, offer.agent(), rest);
            if (error.isPresent()) {
                error(framework, task, TaskStatus.Reason.REASON_TASK_INVALID, error.get());
            } else {
                rest = rest.minus(TaskValidation.needed(task, framework, offer.agent()));
                register(framework, offer.agent(), task);
                offer.agent().link.toAgent(port -> port.runTask(framework.info, task));
            }
        }
        return rest;
    }

    /** All or none. Gives what is left of what was offered. */
    Resources launchGroup(FrameworkEntry framework, OfferEntry offer, Offer.Operation launch, Resources offered) {
        ExecutorInfo executor = launch.getLaunchGroup().getExecutor();
        List<TaskInfo> tasks = tasks(launch);
        Optional<String> error = launch.hasId()
                ? Optional.of("The `id` field cannot be set on LAUNCH_GROUP operations")
                : GroupValidation.error(executor, tasks, framework, offer.agent(), offered);
        if (error.isPresent()) {
            tasks.forEach(task -> error(framework, task, TaskStatus.Reason.REASON_TASK_GROUP_INVALID, error.get()));
            return offered;
        }
        Resources needed = GroupValidation.needed(executor, tasks, framework, offer.agent());
        tasks.forEach(task -> register(framework, offer.agent(), task));
        offer.agent().link.toAgent(port -> port.runTaskGroup(framework.info, executor, tasks));
        return offered.minus(needed);
    }

    private void register(FrameworkEntry framework, AgentEntry agent, TaskInfo task) {
        if (task.hasExecutor()) {
            agent.executors.putIfAbsent(TaskValidation.key(framework, task), task.getExecutor());
        }
        TaskEntry entry = new TaskEntry(staging(framework, task));
        framework.tasks.put(task.getTaskId().getValue(), entry);
        agent.tasks.put(new AgentEntry.Key(framework.id, task.getTaskId().getValue()), entry);
        state.watchers.taskAdded(entry.task());
    }

    private static Task staging(FrameworkEntry framework, TaskInfo info) {
        Task.Builder task = Task.newBuilder()
                .setName(info.getName())
                .setTaskId(info.getTaskId())
                .setFrameworkId(framework.frameworkId())
                .setAgentId(info.getAgentId())
                .setState(TaskState.TASK_STAGING)
                .addAllResources(info.getResourcesList());
        if (info.hasExecutor()) {
            task.setExecutorId(info.getExecutor().getExecutorId());
        }
        if (info.hasLabels()) {
            task.setLabels(info.getLabels());
        }
        if (info.hasDiscovery()) {
            task.setDiscovery(info.getDiscovery());
        }
        if (info.hasContainer()) {
            task.setContainer(info.getContainer());
        }
        if (info.hasHealthCheck()) {
            task.setHealthCheck(info.getHealthCheck());
        }
        if (info.hasKillPolicy()) {
            task.setKillPolicy(info.getKillPolicy());
        }
        return task.build();
    }

    private void error(FrameworkEntry framework, TaskInfo task, TaskStatus.Reason reason, String message) {
        state.tally.count(TaskState.TASK_ERROR);
        framework.send(Statuses.update(
                statuses.made(task.getTaskId(), task.getAgentId(), TaskState.TASK_ERROR, reason, message)
                        .build()));
    }
}
