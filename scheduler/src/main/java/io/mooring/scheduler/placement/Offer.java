package io.mooring.scheduler.placement;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.OfferId;
import io.mooring.scheduler.definition.Resources;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one agent offers, as far as placement looks at it.
 *
 * @param machine the attribute of that name
 * @param slots the scalar resource {@code volume_slots}; empty if the offer has none of it
 * @param roles the roles whose resources are in it
 */
public record Offer(
        OfferId id,
        AgentId agent,
        String hostname,
        Optional<MachineKey> machine,
        Optional<String> zone,
        Map<String, String> attributes,
        Resources resources,
        Optional<Integer> slots,
        List<PortRange> ports,
        List<String> roles) {
    public Offer {
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
        ports = List.copyOf(ports);
        roles = List.copyOf(roles);
    }

    /** Ports from {@code first} to {@code last}, both included. */
    public record PortRange(int first, int last) {}
}
