package io.mooring.local.master;

import io.mooring.local.link.Link;
import io.mooring.local.link.Registration;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.resource.Resources;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Agents that want in: for the first time, again, after a partition, or at a new leader. */
final class Registrations {
    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);

    private final ClusterState state;
    private final EventLoop loop;
    private final Allocation allocation;
    private final Removals removals;
    private final Draining draining;
    private final Maintenance maintenance;
    private final Operations operations;
    private final Adoption adoption;
    private final InstantSource clock;
    private final MasterSettings settings;

    Registrations(
            ClusterState state,
            EventLoop loop,
            Allocation allocation,
            Removals removals,
            Draining draining,
            Maintenance maintenance,
            Operations operations,
            Adoption adoption,
            InstantSource clock,
            MasterSettings settings) {
        this.state = state;
        this.loop = loop;
        this.allocation = allocation;
        this.removals = removals;
        this.draining = draining;
        this.maintenance = maintenance;
        this.operations = operations;
        this.adoption = adoption;
        this.clock = clock;
        this.settings = settings;
    }

    void register(Registration registration, Link link) {
        if (registration.agent().hasId()) {
            again(registration, link);
        } else {
            first(registration, link);
        }
    }

    /** An agent without an id; another one at the same address can only be a dead one. */
    private void first(Registration registration, Link link) {
        Optional<AgentEntry> before = state.agents.values().stream()
                .filter(agent -> agent.link.equals(link))
                .findFirst();
        if (before.isPresent() && before.get().connected) {
            answer(before.get());
            return;
        }
        before.ifPresent(dead -> removals.left(dead, "a new agent registered at the same address"));
        AgentInfo info =
                registration.agent().toBuilder().setId(state.newAgentId()).build();
        AgentEntry agent = new AgentEntry(info, link, clock.instant());
        agent.total = Resources.of(registration.total());
        if (refusedByMaintenance(agent)) {
            return;
        }
        admit(agent);
        state.watchers.agentAdded(AgentView.of(agent));
        allocation.soon();
    }

    private void again(Registration registration, Link link) {
        AgentID id = registration.agent().getId();
        if (state.registry.isGone(id.getValue())) {
            link.toAgent(port -> port.refused("Agent has been marked gone"));
            return;
        }
        AgentEntry known = state.agents.get(id.getValue());
        AgentEntry agent =
                new AgentEntry(registration.agent(), link, known == null ? clock.instant() : known.registered);
        agent.total = Resources.of(registration.total());
        agent.reregistered = Optional.of(clock.instant());
        if (refusedByMaintenance(agent)) {
            return;
        }
        boolean wasUnreachable = state.registry.unreachableSince(id).isPresent();
        if (known == null) {
            draining.recall(agent);
        } else {
            keep(known, agent);
        }
        admit(agent);
        operations.adopt(agent, registration.operations());
        adoption.adopt(
                registration, agent, wasUnreachable ? Adoption.Return.FROM_UNREACHABLE : Adoption.Return.IN_TIME);
        draining.check(agent);
        if (known == null) {
            state.watchers.agentAdded(AgentView.of(agent));
        }
        allocation.soon();
    }

    private boolean refusedByMaintenance(AgentEntry agent) {
        if (!maintenance.isDown(agent.machine())) {
            return false;
        }
        agent.link.toAgent(port -> port.refused("Machine is `DOWN`"));
        return true;
    }

    private void admit(AgentEntry agent) {
        state.registry.admit(agent.info);
        loop.post(state.registry::flush);
        state.agents.put(agent.id, agent);
        answer(agent);
        LOG.atDebug()
                .addKeyValue("agent", agent.id)
                .addKeyValue("port", agent.info.getPort())
                .log("agent registered");
    }

    private void answer(AgentEntry agent) {
        // One more than the master waits, so that an agent in a slow process does not leave by itself.
        Duration pingTimeout = settings.agentPingTimeout().multipliedBy(settings.maxAgentPingTimeouts() + 1L);
        agent.link.toAgent(port -> port.registered(agent.info.getId(), pingTimeout));
    }

    private void keep(AgentEntry known, AgentEntry agent) {
        allocation.rescindAll(known);
        agent.deactivated = known.deactivated;
        agent.drain = known.drain;
        agent.drainStarted = known.drainStarted;
        agent.tasks.putAll(known.tasks);
        agent.killsToRepeat.addAll(known.killsToRepeat);
    }

    /** The agent says that it leaves. */
    void unregister(AgentID id) {
        List<AgentEntry> leaving = state.agent(id).stream().toList();
        leaving.forEach(agent -> removals.left(agent, "the agent unregistered"));
    }
}
