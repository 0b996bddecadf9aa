package io.mooring.scheduler.cluster;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of a machine beyond the life of an agent on it.
 *
 * @param agents the agents seen on it, the newest last
 * @param boot the boot that was reported last
 * @param slots attach slots that its agent offered; empty if it offers none, which means that they are not counted
 */
public record Machine(MachineKey key, List<AgentId> agents, Optional<BootId> boot, Optional<Integer> slots) {
    public Machine {
        agents = List.copyOf(agents);
    }
}
