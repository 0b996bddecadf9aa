package io.mooring.local.master;

import io.mooring.local.link.AgentPort;
import io.mooring.local.link.Link;
import io.mooring.local.link.Registration;
import io.mooring.local.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DrainInfo;
import org.apache.mesos.v1.Protos.DrainState;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of agents: registered, disconnected, unreachable, back, drained, gone. */
final class Agents {
    private static final Logger LOG = LoggerFactory.getLogger(Agents.class);

    private final ClusterState state;
    private final Allocation allocation;
    private final Statuses statuses;
    private final InstantSource clock;
    private final MasterSettings settings;

    Agents(ClusterState state, Allocation allocation, Statuses statuses, InstantSource clock, MasterSettings settings) {
        this.state = state;
        this.allocation = allocation;
        this.statuses = statuses;
        this.clock = clock;
        this.settings = settings;
    }

    void start(EventLoop loop) {
        loop.every(settings.agentPingTimeout(), this::pingAll);
    }

    void register(Registration registration, Link link) {
        if (!registration.agent().hasId()) {
            Optional<AgentEntry> answered = state.agents.values().stream()
                    .filter(agent -> agent.link.equals(link) && agent.connected)
                    .findFirst();
            if (answered.isPresent()) {
                admit(answered.get());
                return;
            }
            AgentInfo info =
                    registration.agent().toBuilder().setId(state.newAgentId()).build();
            admit(new AgentEntry(info, link, clock.instant()));
            allocation.soon();
            return;
        }
        String id = registration.agent().getId().getValue();
        if (state.registry.isGone(id)) {
            link.toAgent(port -> port.refused("Agent has been marked gone"));
            return;
        }
        AgentEntry known = state.agents.get(id);
        AgentEntry agent =
                new AgentEntry(registration.agent(), link, known == null ? clock.instant() : known.registered);
        agent.reregistered = Optional.of(clock.instant());
        boolean wasUnreachable =
                state.registry.unreachableSince(registration.agent().getId()).isPresent();
        if (known == null) {
            recall(agent);
        } else {
            keep(known, agent);
        }
        admit(agent);
        adopt(registration, agent, wasUnreachable);
        checkDrained(agent);
    }

    private void admit(AgentEntry agent) {
        state.registry.admit(agent.id);
        state.agents.put(agent.id, agent);
        // One more than the master waits, so that an agent in a slow process does not leave by itself.
        Duration pingTimeout = settings.agentPingTimeout().multipliedBy(settings.maxAgentPingTimeouts() + 1L);
        agent.link.toAgent(port -> port.registered(agent.info.getId(), pingTimeout));
        LOG.atInfo()
                .addKeyValue("agent", agent.id)
                .addKeyValue("port", agent.info.getPort())
                .log("agent registered");
    }

    /** What an operator wanted of the agent before this master started, or while the agent was unreachable. */
    private void recall(AgentEntry agent) {
        agent.deactivated = state.registry.isDeactivated(agent.id);
        agent.drain = state.registry.drain(agent.id).map(config -> DrainInfo.newBuilder()
                .setState(DrainState.DRAINING)
                .setConfig(config)
                .build());
        agent.drainStarted = agent.drain.map(drain -> clock.instant());
    }

    private void keep(AgentEntry known, AgentEntry agent) {
        allocation.rescindAll(known);
        agent.deactivated = known.deactivated;
        agent.drain = known.drain;
        agent.drainStarted = known.drainStarted;
        agent.tasks.putAll(known.tasks);
        agent.killsToRepeat.addAll(known.killsToRepeat);
    }

    /** Brings the master's books and the agent's together after the agent came back. */
    private void adopt(Registration registration, AgentEntry agent, boolean wasUnreachable) {
        for (ExecutorInfo executor : registration.executors()) {
            agent.executors.put(
                    new AgentEntry.Key(
                            executor.getFrameworkId().getValue(),
                            executor.getExecutorId().getValue()),
                    executor);
        }
        Set<AgentEntry.Key> reported = new HashSet<>();
        for (Task task : registration.tasks()) {
            AgentEntry.Key key = new AgentEntry.Key(
                    task.getFrameworkId().getValue(), task.getTaskId().getValue());
            reported.add(key);
            adopt(agent, key, task, wasUnreachable);
        }
        List.copyOf(agent.tasks.entrySet()).stream()
                .filter(entry -> !reported.contains(entry.getKey()))
                .forEach(entry -> dropUnknown(agent, entry.getKey(), entry.getValue()));
        for (var framework : registration.frameworks()) {
            if (state.removedFrameworks.containsKey(framework.getId().getValue())) {
                agent.link.toAgent(port -> port.shutdownFramework(framework.getId()));
            }
        }
        agent.killsToRepeat.forEach(kill ->
                agent.link.toAgent(port -> port.killTask(kill.framework().frameworkId(), kill.task(), kill.policy())));
        agent.killsToRepeat.clear();
        agent.drain.ifPresent(drain -> agent.link.toAgent(port -> port.drain(drain.getConfig())));
    }

    private void adopt(AgentEntry agent, AgentEntry.Key key, Task task, boolean wasUnreachable) {
        FrameworkEntry framework = state.frameworks.get(key.framework());
        TaskEntry known = agent.tasks.get(key);
        TaskEntry entry = known == null ? new TaskEntry(task) : known;
        agent.tasks.put(key, entry);
        if (framework == null) {
            return;
        }
        framework.unreachable.remove(key.id());
        framework.tasks.put(key.id(), entry);
        if (wasUnreachable && !entry.isOver() && framework.partitionAware()) {
            framework.send(Statuses.update(back(task, entry)));
        }
    }

    private TaskStatus back(Task task, TaskEntry entry) {
        TaskStatus.Builder status = Statuses.byExecutorOf(
                task,
                statuses.made(
                        task.getTaskId(),
                        task.getAgentId(),
                        entry.forwarded(),
                        TaskStatus.Reason.REASON_AGENT_REREGISTERED,
                        "Unreachable agent re-reregistered"));
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
            framework.send(Statuses.update(Statuses.byExecutorOf(
                            task.task(),
                            statuses.made(
                                    task.task().getTaskId(),
                                    agent.info.getId(),
                                    Statuses.orLost(framework, TaskState.TASK_DROPPED),
                                    TaskStatus.Reason.REASON_RECONCILIATION,
                                    "Task is unknown to the agent"))
                    .build()));
        }
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
                framework.send(Statuses.update(Statuses.byExecutorOf(
                                entry.getValue().task(),
                                statuses.made(
                                        entry.getValue().task().getTaskId(),
                                        agent.info.getId(),
                                        TaskState.TASK_LOST,
                                        TaskStatus.Reason.REASON_AGENT_DISCONNECTED,
                                        "Agent " + agent.info.getHostname() + " disconnected"))
                        .build()));
            }
        }
        agent.executors.keySet().removeIf(key -> key.framework().equals(framework.id));
    }

    private void pingAll() {
        for (AgentEntry agent : List.copyOf(state.agents.values())) {
            if (agent.missedPings >= settings.maxAgentPingTimeouts()) {
                unreachable(agent);
            } else {
                agent.missedPings++;
                agent.link.toAgent(AgentPort::ping);
            }
        }
    }

    private void unreachable(AgentEntry agent) {
        TimeInfo since = time(clock.instant());
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

    private interface LastWord {
        TaskStatus.Builder about(FrameworkEntry framework, TaskEntry task);
    }

    /** Takes the agent off the books: offers void, open tasks get their last word, every framework a FAILURE. */
    private void remove(AgentEntry agent, LastWord lastWord) {
        state.agents.remove(agent.id);
        allocation.rescindAll(agent);
        for (Map.Entry<AgentEntry.Key, TaskEntry> entry : agent.tasks.entrySet()) {
            FrameworkEntry framework = state.frameworks.get(entry.getKey().framework());
            if (framework == null) {
                continue;
            }
            framework.tasks.remove(entry.getKey().id());
            if (entry.getValue().isOver()) {
                framework.complete(entry.getValue());
                continue;
            }
            TaskStatus.Builder status = lastWord.about(framework, entry.getValue());
            if (entry.getValue().task().hasExecutorId()) {
                status.setExecutorId(entry.getValue().task().getExecutorId());
            }
            framework.send(Statuses.update(status.build()));
        }
        Event failure = Event.newBuilder()
                .setType(Event.Type.FAILURE)
                .setFailure(Event.Failure.newBuilder().setAgentId(agent.info.getId()))
                .build();
        state.frameworks.values().forEach(framework -> framework.send(failure));
    }

    /** No more offers; what runs goes on. @return false for an unknown agent */
    boolean deactivate(AgentID id) {
        Optional<AgentEntry> agent = state.agent(id);
        agent.ifPresent(each -> {
            each.deactivated = true;
            state.registry.deactivate(each.id);
            allocation.rescindAll(each);
        });
        return agent.isPresent();
    }

    /** Gives false for an agent that is unknown or was not deactivated. */
    boolean reactivate(AgentID id) {
        Optional<AgentEntry> agent = state.agent(id).filter(each -> each.deactivated);
        agent.ifPresent(each -> {
            each.deactivated = false;
            state.registry.reactivate(each.id);
            each.drain = Optional.empty();
            each.drainStarted = Optional.empty();
            each.link.toAgent(AgentPort::reactivate);
            allocation.soon();
        });
        return agent.isPresent();
    }

    /** Deactivates and kills everything. @return false for an unknown agent */
    boolean drain(AgentID id, DrainConfig config) {
        Optional<AgentEntry> agent = state.agent(id);
        agent.ifPresent(each -> {
            deactivate(id);
            each.drain = Optional.of(DrainInfo.newBuilder()
                    .setState(DrainState.DRAINING)
                    .setConfig(config)
                    .build());
            each.drainStarted = Optional.of(clock.instant());
            state.registry.drain(each.id, config);
            each.link.toAgent(port -> port.drain(config));
            checkDrained(each);
        });
        return agent.isPresent();
    }

    /** Drained when no task is left, which needs the acknowledgement of every terminal update. */
    void checkDrained(AgentEntry agent) {
        boolean draining = agent.drain
                .filter(drain -> drain.getState() == DrainState.DRAINING)
                .isPresent();
        if (!draining || !agent.tasks.isEmpty()) {
            return;
        }
        agent.drain = agent.drain.map(
                drain -> drain.toBuilder().setState(DrainState.DRAINED).build());
        if (agent.drain.get().getConfig().getMarkGone()) {
            gone(agent.info.getId());
        }
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
        state.registry.gone(id.getValue(), time(now).getNanoseconds());
        if (agent != null) {
            agent.link.toAgent(port -> port.refused("Agent has been marked gone"));
            remove(agent, (framework, task) -> {
                framework.complete(task);
                return statuses.made(
                        task.task().getTaskId(),
                        agent.info.getId(),
                        Statuses.orLost(framework, TaskState.TASK_GONE_BY_OPERATOR),
                        TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR,
                        "Agent has been marked gone");
            });
        } else {
            goneWhileUnreachable(id);
        }
        return true;
    }

    private void goneWhileUnreachable(AgentID id) {
        for (FrameworkEntry framework : state.frameworks.values()) {
            for (TaskEntry task : List.copyOf(framework.unreachable.values())) {
                if (task.task().getAgentId().equals(id)) {
                    framework.unreachable.remove(task.task().getTaskId().getValue());
                    framework.complete(task);
                    framework.send(Statuses.update(Statuses.byExecutorOf(
                                    task.task(),
                                    statuses.made(
                                            task.task().getTaskId(),
                                            id,
                                            TaskState.TASK_GONE_BY_OPERATOR,
                                            TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR,
                                            "Agent has been marked gone"))
                            .build()));
                }
            }
        }
    }

    static TimeInfo time(Instant instant) {
        return TimeInfo.newBuilder()
                .setNanoseconds(instant.getEpochSecond() * 1_000_000_000L + instant.getNano())
                .build();
    }
}
