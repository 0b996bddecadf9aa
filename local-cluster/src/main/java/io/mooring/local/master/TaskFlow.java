package io.mooring.local.master;

import com.google.protobuf.ByteString;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** What goes back and forth about running tasks: updates, acknowledgements, kills, messages. */
final class TaskFlow {
    private final ClusterState state;
    private final Reconciliation reconciliation;
    private final Draining draining;

    TaskFlow(ClusterState state, Reconciliation reconciliation, Draining draining) {
        this.state = state;
        this.reconciliation = reconciliation;
        this.draining = draining;
    }

    /** An update is forwarded even if nobody knows its task; without a framework it is dropped and comes again. */
    void update(AgentID agentId, FrameworkID frameworkId, TaskStatus status, TaskState latest) {
        AgentEntry agent = state.agents.get(agentId.getValue());
        FrameworkEntry framework = state.frameworks.get(frameworkId.getValue());
        if (agent == null || framework == null) {
            return;
        }
        framework.send(Statuses.update(status));
        TaskEntry task = framework.tasks.get(status.getTaskId().getValue());
        if (task == null) {
            return;
        }
        boolean wasOver = task.isOver();
        TaskState before = task.task().getState();
        task.forwarded(status, latest);
        if (!wasOver) {
            state.tally.count(task.task().getState());
        }
        if (before != task.task().getState() || status.hasHealthy() || status.hasCheckStatus()) {
            state.watchers.taskUpdated(frameworkId, status, task.task().getState());
        }
    }

    void acknowledge(FrameworkEntry framework, Call.Acknowledge acknowledge) {
        AgentEntry agent = state.agents.get(acknowledge.getAgentId().getValue());
        if (agent == null || !agent.connected) {
            return;
        }
        TaskEntry task = framework.tasks.get(acknowledge.getTaskId().getValue());
        if (task != null
                && TaskEntry.isTerminal(task.forwarded())
                && task.task().getStatusUpdateUuid().equals(acknowledge.getUuid())) {
            framework.tasks.remove(acknowledge.getTaskId().getValue());
            framework.complete(task);
            agent.tasks.remove(
                    new AgentEntry.Key(framework.id, acknowledge.getTaskId().getValue()));
        }
        agent.link.toAgent(
                port -> port.acknowledge(framework.frameworkId(), acknowledge.getTaskId(), acknowledge.getUuid()));
        draining.check(agent);
    }

    void kill(FrameworkEntry framework, Call.Kill kill) {
        TaskEntry task = framework.tasks.get(kill.getTaskId().getValue());
        if (task == null) {
            Optional<AgentID> agent = kill.hasAgentId() ? Optional.of(kill.getAgentId()) : Optional.empty();
            reconciliation.answer(framework, kill.getTaskId(), agent);
            return;
        }
        if (kill.hasAgentId() && !kill.getAgentId().equals(task.task().getAgentId())) {
            return;
        }
        AgentEntry agent = state.agents.get(task.task().getAgentId().getValue());
        if (agent == null) {
            return;
        }
        Optional<KillPolicy> policy = kill.hasKillPolicy() ? Optional.of(kill.getKillPolicy()) : Optional.empty();
        if (agent.connected) {
            agent.link.toAgent(port -> port.killTask(framework.frameworkId(), kill.getTaskId(), policy));
        } else {
            agent.killsToRepeat.add(new AgentEntry.PendingKill(framework, kill.getTaskId(), policy));
        }
    }

    void shutdown(FrameworkEntry framework, Call.Shutdown shutdown) {
        connected(shutdown.getAgentId())
                .ifPresent(agent -> agent.link.toAgent(
                        port -> port.shutdownExecutor(framework.frameworkId(), shutdown.getExecutorId())));
    }

    void message(FrameworkEntry framework, Call.Message message) {
        connected(message.getAgentId())
                .ifPresent(agent -> agent.link.toAgent(
                        port -> port.message(framework.frameworkId(), message.getExecutorId(), message.getData())));
    }

    void executorMessage(AgentID agent, FrameworkID framework, ExecutorID executor, ByteString data) {
        state.framework(framework)
                .ifPresent(to -> to.send(Event.newBuilder()
                        .setType(Event.Type.MESSAGE)
                        .setMessage(Event.Message.newBuilder()
                                .setAgentId(agent)
                                .setExecutorId(executor)
                                .setData(data))
                        .build()));
    }

    void executorExited(AgentID agentId, FrameworkID framework, ExecutorID executor, OptionalInt waitStatus) {
        AgentEntry agent = state.agents.get(agentId.getValue());
        if (agent == null) {
            return;
        }
        agent.executors.remove(new AgentEntry.Key(framework.getValue(), executor.getValue()));
        Event.Failure.Builder failure =
                Event.Failure.newBuilder().setAgentId(agentId).setExecutorId(executor);
        waitStatus.ifPresent(failure::setStatus);
        state.framework(framework)
                .ifPresent(to -> to.send(Event.newBuilder()
                        .setType(Event.Type.FAILURE)
                        .setFailure(failure)
                        .build()));
    }

    private Optional<AgentEntry> connected(AgentID id) {
        return state.agent(id).filter(agent -> agent.connected);
    }
}
