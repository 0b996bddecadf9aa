package io.mooring.scheduler.cluster;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of a machine beyond the life of an agent on it.
 *
 * @param agents the agents seen on it, the newest last
 * @param boot the boot that was reported last
 * @param slots attach slots that its agent offered; empty if it offers none, which means that they are not counted
 * @param quarantine why nothing is granted on it, in words; empty if it may be used
 * @param fenced the volumes that it was cut off from; only a clean-up there takes one off the list
 */
public record Machine(
        MachineKey key,
        List<AgentId> agents,
        Optional<BootId> boot,
        Optional<Integer> slots,
        Optional<String> quarantine,
        List<VolumeName> fenced) {
    public Machine {
        agents = List.copyOf(agents);
        fenced = List.copyOf(fenced);
    }

    /** A machine that nothing is known against. */
    public static Machine seen(MachineKey key, List<AgentId> agents, Optional<BootId> boot, Optional<Integer> slots) {
        return new Machine(key, agents, boot, slots, Optional.empty(), List.of());
    }

    /** The machine as its agent was seen last; what is held against it stays. */
    public Machine seenAgain(List<AgentId> now, Optional<BootId> on, Optional<Integer> offered) {
        return new Machine(key, now, on, offered, quarantine, fenced);
    }

    public Machine fencedFrom(VolumeName volume) {
        if (fenced.contains(volume)) {
            return this;
        }
        List<VolumeName> more = new ArrayList<>(fenced);
        more.add(volume);
        return new Machine(key, agents, boot, slots, quarantine, more);
    }

    public Machine unfencedFrom(List<VolumeName> cleaned) {
        List<VolumeName> left = new ArrayList<>(fenced);
        left.removeAll(cleaned);
        return new Machine(key, agents, boot, slots, quarantine, left);
    }

    public Machine quarantined(Optional<String> why) {
        return new Machine(key, agents, boot, slots, why, fenced);
    }
}
