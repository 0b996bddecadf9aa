package io.mooring.local.master;

import io.mooring.local.link.AgentPort;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DrainInfo;
import org.apache.mesos.v1.Protos.DrainState;

/** Agents that an operator keeps from making offers, with or without killing what runs on them. */
final class Draining {
    private final ClusterState state;
    private final Allocation allocation;
    private final Removals removals;
    private final InstantSource clock;

    Draining(ClusterState state, Allocation allocation, Removals removals, InstantSource clock) {
        this.state = state;
        this.allocation = allocation;
        this.removals = removals;
        this.clock = clock;
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
            each.drain = Optional.of(draining(config));
            each.drainStarted = Optional.of(clock.instant());
            state.registry.drain(each.id, config);
            each.link.toAgent(port -> port.drain(config));
            check(each);
        });
        return agent.isPresent();
    }

    private static DrainInfo draining(DrainConfig config) {
        return DrainInfo.newBuilder()
                .setState(DrainState.DRAINING)
                .setConfig(config)
                .build();
    }

    /** What an operator wanted of the agent before this master started, or while the agent was unreachable. */
    void recall(AgentEntry agent) {
        agent.deactivated = state.registry.isDeactivated(agent.id);
        agent.drain = state.registry.drain(agent.id).map(Draining::draining);
        agent.drainStarted = agent.drain.map(drain -> clock.instant());
    }

    /** Drained when no task is left, which needs the acknowledgement of every terminal update. */
    void check(AgentEntry agent) {
        boolean draining = agent.drain
                .filter(drain -> drain.getState() == DrainState.DRAINING)
                .isPresent();
        if (!draining || !agent.tasks.isEmpty()) {
            return;
        }
        agent.drain = agent.drain.map(
                drain -> drain.toBuilder().setState(DrainState.DRAINED).build());
        if (agent.drain.get().getConfig().getMarkGone()) {
            removals.gone(agent.info.getId());
        }
    }
}
