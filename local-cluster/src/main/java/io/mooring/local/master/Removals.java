package io.mooring.local.master;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How agents leave the books: unreachable, gone by an operator's word, or by their own. */
final class Removals {
    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

    private final ClusterState state;
    private final Allocation allocation;
    private final Operations operations;
    private final InverseOffers inverseOffers;
    private final Statuses statuses;
    private final TaskNews news;
    private final InstantSource clock;

    Removals(
            ClusterState state,
            Allocation allocation,
            Operations operations,
            InverseOffers inverseOffers,
            Statuses statuses,
            TaskNews news,
            InstantSource clock) {
        this.state = state;
        this.allocation = allocation;
        this.operations = operations;
        this.inverseOffers = inverseOffers;
        this.statuses = statuses;
        this.news = news;
        this.clock = clock;
    }

    void unreachable(AgentEntry agent) {
        TimeInfo since = Times.of(clock.instant());
        state.registry.unreachable(agent.id, since);
        LOG.atInfo().addKeyValue("agent", agent.id).log("agent unreachable");
        remove(agent, (framework, task) -> {
            if (framework.partitionAware()) {
                framework.unreachable.put(task.task().getTaskId().getValue(), task);
            } else {
                framework.complete(task);
            }
            return statuses.made(
                            task.task().getTaskId(),
                            agent.info.getId(),
                            Statuses.orLost(framework, TaskState.TASK_UNREACHABLE),
                            TaskStatus.Reason.REASON_AGENT_REMOVED,
                            "health check timed out")
                    .setUnreachableTime(since);
        });
    }

    /** An agent of an earlier leader that did not come back in time; nobody here knows its tasks. */
    void unreachable(AgentID agent) {
        state.registry.unreachable(agent.getValue(), Times.of(clock.instant()));
        LOG.atInfo().addKeyValue("agent", agent.getValue()).log("agent did not come back");
        failure(agent);
    }

    /** The agent is no member any more, by its own will or an operator's. */
    void left(AgentEntry agent, String why) {
        state.registry.remove(agent.id);
        LOG.atInfo().addKeyValue("agent", agent.id).addKeyValue("why", why).log("agent removed");
        remove(agent, (framework, task) -> {
            framework.complete(task);
            return statuses.made(
                    task.task().getTaskId(),
                    agent.info.getId(),
                    TaskState.TASK_LOST,
                    TaskStatus.Reason.REASON_AGENT_REMOVED,
                    "Agent " + agent.info.getHostname() + " removed: " + why);
        });
        state.watchers.agentRemoved(agent.info.getId());
    }

    /** The operator says that nothing runs there and never will. @return false for an agent nobody ever knew */
    boolean gone(AgentID id) {
        if (state.registry.isGone(id.getValue())) {
            return true;
        }
        AgentEntry agent = state.agents.get(id.getValue());
        boolean known = agent != null
                || state.registry.isAdmitted(id.getValue())
                || state.registry.unreachableSince(id).isPresent();
        if (!known) {
            return false;
        }
        Instant now = clock.instant();
        state.registry.gone(id.getValue(), Times.of(now).getNanoseconds());
        if (agent == null) {
            goneWhileAway(id);
            return true;
        }
        agent.link.toAgent(port -> port.refused("Agent has been marked gone"));
        remove(agent, (framework, task) -> {
            framework.complete(task);
            return goneStatus(framework, task, id);
        });
        return true;
    }

    private void goneWhileAway(AgentID id) {
        for (FrameworkEntry framework : state.frameworks.values()) {
            for (TaskEntry task : List.copyOf(framework.unreachable.values())) {
                if (task.task().getAgentId().equals(id)) {
                    framework.unreachable.remove(task.task().getTaskId().getValue());
                    framework.complete(task);
                    TaskStatus.Builder status = goneStatus(framework, task, id);
                    if (task.task().hasExecutorId()) {
                        status.setExecutorId(task.task().getExecutorId());
                    }
                    news.tell(framework, task, status.build());
                }
            }
        }
    }

    private TaskStatus.Builder goneStatus(FrameworkEntry framework, TaskEntry task, AgentID id) {
        return statuses.made(
                task.task().getTaskId(),
                id,
                Statuses.orLost(framework, TaskState.TASK_GONE_BY_OPERATOR),
                TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR,
                "Agent has been marked gone");
    }

    private interface LastWord {
        TaskStatus.Builder about(FrameworkEntry framework, TaskEntry task);
    }

    /** Takes the agent off the books: open tasks get their last word, offers are void, every framework a FAILURE. */
    private void remove(AgentEntry agent, LastWord lastWord) {
        state.agents.remove(agent.id);
        for (Map.Entry<AgentEntry.Key, TaskEntry> entry : agent.tasks.entrySet()) {
            FrameworkEntry framework = state.frameworks.get(entry.getKey().framework());
            if (framework != null) {
                framework.tasks.remove(entry.getKey().id());
                bury(framework, entry.getValue(), lastWord);
            }
        }
        allocation.rescindAll(agent);
        inverseOffers.rescindAll(agent);
        operations.forget(agent);
        failure(agent.info.getId());
    }

    private void bury(FrameworkEntry framework, TaskEntry task, LastWord lastWord) {
        if (task.isOver()) {
            framework.complete(task);
            return;
        }
        TaskStatus.Builder status = lastWord.about(framework, task);
        if (task.task().hasExecutorId()) {
            status.setExecutorId(task.task().getExecutorId());
        }
        news.tell(framework, task, status.build());
    }

    private void failure(AgentID agent) {
        Event failure = Event.newBuilder()
                .setType(Event.Type.FAILURE)
                .setFailure(Event.Failure.newBuilder().setAgentId(agent))
                .build();
        state.frameworks.values().forEach(framework -> framework.send(failure));
    }
}
