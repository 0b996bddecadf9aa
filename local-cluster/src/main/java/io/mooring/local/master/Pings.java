package io.mooring.local.master;

import io.mooring.local.link.AgentPort;
import io.mooring.local.loop.EventLoop;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** Whether agents are there: asked again and again, and noticed when a connection breaks. */
final class Pings {
    private final ClusterState state;
    private final Allocation allocation;
    private final Removals removals;
    private final Statuses statuses;
    private final TaskNews news;
    private final MasterSettings settings;

    Pings(
            ClusterState state,
            Allocation allocation,
            Removals removals,
            Statuses statuses,
            TaskNews news,
            MasterSettings settings) {
        this.state = state;
        this.allocation = allocation;
        this.removals = removals;
        this.statuses = statuses;
        this.news = news;
        this.settings = settings;
    }

    void start(EventLoop loop) {
        loop.every(settings.agentPingTimeout(), this::pingAll);
        List<String> expected = state.recovering();
        if (!expected.isEmpty()) {
            loop.after(settings.agentReregisterTimeout(), () -> giveUp(expected));
        }
    }

    private void pingAll() {
        for (AgentEntry agent : List.copyOf(state.agents.values())) {
            if (agent.missedPings >= settings.maxAgentPingTimeouts()) {
                removals.unreachable(agent);
            } else {
                agent.missedPings++;
                agent.link.toAgent(AgentPort::ping);
            }
        }
    }

    /** Agents of the leader before this one that did not come back. */
    private void giveUp(List<String> expected) {
        expected.stream()
                .map(id -> AgentID.newBuilder().setValue(id).build())
                .filter(state::isRecovering)
                .forEach(removals::unreachable);
    }

    void pong(AgentID id) {
        state.agent(id).ifPresent(agent -> agent.missedPings = 0);
    }

    /** The agent's connection broke: its offers are void; what does not checkpoint is lost. */
    void disconnected(AgentID id) {
        AgentEntry agent = state.agents.get(id.getValue());
        if (agent == null || !agent.connected) {
            return;
        }
        agent.connected = false;
        allocation.rescindAll(agent);
        for (FrameworkEntry framework : state.frameworks.values()) {
            if (!framework.info.getCheckpoint()) {
                loseTasks(agent, framework);
            }
        }
    }

    private void loseTasks(AgentEntry agent, FrameworkEntry framework) {
        for (Map.Entry<AgentEntry.Key, TaskEntry> entry : List.copyOf(agent.tasks.entrySet())) {
            if (!entry.getKey().framework().equals(framework.id)) {
                continue;
            }
            agent.tasks.remove(entry.getKey());
            framework.tasks.remove(entry.getKey().id());
            framework.complete(entry.getValue());
            if (!entry.getValue().isOver()) {
                news.tell(framework, entry.getValue(), lost(agent, entry.getValue()));
            }
        }
        agent.executors.keySet().removeIf(key -> key.framework().equals(framework.id));
    }

    private TaskStatus lost(AgentEntry agent, TaskEntry task) {
        TaskStatus.Builder status = statuses.made(
                task.task().getTaskId(),
                agent.info.getId(),
                TaskState.TASK_LOST,
                TaskStatus.Reason.REASON_AGENT_DISCONNECTED,
                "Agent " + agent.info.getHostname() + " disconnected");
        if (task.task().hasExecutorId()) {
            status.setExecutorId(task.task().getExecutorId());
        }
        return status.build();
    }
}
