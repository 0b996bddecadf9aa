package io.mooring.local.master;

import io.mooring.local.link.Registration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** Brings the master's books and the agent's together after the agent came back. */
final class Adoption {
    /** In what state the agent was for this master. */
    enum Return {
        IN_TIME,
        FROM_UNREACHABLE
    }

    private final ClusterState state;
    private final Statuses statuses;
    private final TaskNews news;
    private final InstantSource clock;

    Adoption(ClusterState state, Statuses statuses, TaskNews news, InstantSource clock) {
        this.state = state;
        this.statuses = statuses;
        this.news = news;
        this.clock = clock;
    }

    void adopt(Registration registration, AgentEntry agent, Return from) {
        for (ExecutorInfo executor : registration.executors()) {
            agent.executors.put(
                    new AgentEntry.Key(
                            executor.getFrameworkId().getValue(),
                            executor.getExecutorId().getValue()),
                    executor);
        }
        registration.frameworks().forEach(framework -> recover(agent, framework));
        Set<AgentEntry.Key> reported = new HashSet<>();
        for (Task task : registration.tasks()) {
            AgentEntry.Key key = new AgentEntry.Key(
                    task.getFrameworkId().getValue(), task.getTaskId().getValue());
            reported.add(key);
            adopt(agent, key, task, from);
        }
        List.copyOf(agent.tasks.entrySet()).stream()
                .filter(entry -> !reported.contains(entry.getKey()))
                .forEach(entry -> dropUnknown(agent, entry.getKey(), entry.getValue()));
        agent.killsToRepeat.forEach(kill ->
                agent.link.toAgent(port -> port.killTask(kill.framework().frameworkId(), kill.task(), kill.policy())));
        agent.killsToRepeat.clear();
        agent.drain.ifPresent(drain -> agent.link.toAgent(port -> port.drain(drain.getConfig())));
    }

    /** A framework that this master has not seen itself, or has seen the end of. */
    private void recover(AgentEntry agent, FrameworkInfo framework) {
        String id = framework.getId().getValue();
        if (state.removedFrameworks.containsKey(id)) {
            agent.link.toAgent(port -> port.shutdownFramework(framework.getId()));
        } else if (!state.frameworks.containsKey(id)) {
            FrameworkEntry entry = new FrameworkEntry(framework, clock.instant());
            entry.recovered = true;
            state.frameworks.put(id, entry);
        }
    }

    private void adopt(AgentEntry agent, AgentEntry.Key key, Task task, Return from) {
        FrameworkEntry framework = state.frameworks.get(key.framework());
        TaskEntry known = agent.tasks.get(key);
        TaskEntry entry = known == null ? new TaskEntry(task) : known;
        agent.tasks.put(key, entry);
        if (framework == null) {
            return;
        }
        framework.unreachable.remove(key.id());
        framework.tasks.put(key.id(), entry);
        if (known == null) {
            state.watchers.taskAdded(entry.task());
        }
        if (from == Return.FROM_UNREACHABLE && !entry.isOver()) {
            framework.send(Statuses.update(back(task, entry)));
        }
    }

    private TaskStatus back(Task task, TaskEntry entry) {
        TaskStatus.Builder status = statuses.made(
                task.getTaskId(),
                task.getAgentId(),
                entry.forwarded(),
                TaskStatus.Reason.REASON_AGENT_REREGISTERED,
                "Unreachable agent re-reregistered");
        if (task.hasExecutorId()) {
            status.setExecutorId(task.getExecutorId());
        }
        if (task.getStatusesCount() > 0
                && task.getStatuses(task.getStatusesCount() - 1).hasContainerStatus()) {
            status.setContainerStatus(
                    task.getStatuses(task.getStatusesCount() - 1).getContainerStatus());
        }
        return status.build();
    }

    /** The agent never got it, or lost it: the launch was dropped. */
    private void dropUnknown(AgentEntry agent, AgentEntry.Key key, TaskEntry task) {
        agent.tasks.remove(key);
        FrameworkEntry framework = state.frameworks.get(key.framework());
        if (framework == null) {
            return;
        }
        framework.tasks.remove(key.id());
        framework.complete(task);
        if (!task.isOver()) {
            TaskStatus.Builder status = statuses.made(
                    task.task().getTaskId(),
                    agent.info.getId(),
                    Statuses.orLost(framework, TaskState.TASK_DROPPED),
                    TaskStatus.Reason.REASON_RECONCILIATION,
                    "Task is unknown to the agent");
            if (task.task().hasExecutorId()) {
                status.setExecutorId(task.task().getExecutorId());
            }
            news.tell(framework, task, status.build());
        }
    }
}
