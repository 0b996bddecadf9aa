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
 * @param role the role that it is made to; offers of one agent to different roles are not used together
 * @param machine the attribute of that name
 * @param shares the scalars by the role they are reserved for, reserved ones first
 * @param slots the scalar resource {@code volume_slots}; empty if the offer has none of it
 * @param unavailability when the agent is to be down for maintenance
 */
public record Offer(
        OfferId id,
        AgentId agent,
        String role,
        String hostname,
        Optional<MachineKey> machine,
        Optional<String> zone,
        Map<String, String> attributes,
        List<Share> shares,
        Optional<Integer> slots,
        List<PortRange> ports,
        Optional<Unavailability> unavailability) {
    /** The role of what is reserved for none. */
    public static final String UNRESERVED = "*";

    public Offer {
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
        shares = List.copyOf(shares);
        ports = List.copyOf(ports);
    }

    /** An offer of resources of these roles, of which the first has all the scalars. */
    public Offer(
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
        this(
                id,
                agent,
                UNRESERVED,
                hostname,
                machine,
                zone,
                attributes,
                roles.stream()
                        .map(role -> new Share(role, role.equals(roles.get(0)) ? resources : Resources.NONE))
                        .toList(),
                slots,
                ports,
                Optional.empty());
    }

    /** What it offers of scalars in all. */
    public Resources resources() {
        return shares.stream().map(Share::resources).reduce(Resources.NONE, Resources::plus);
    }

    /** The roles whose resources are in it. */
    public List<String> roles() {
        return shares.stream().map(Share::role).sorted().distinct().toList();
    }

    /** Scalars that are reserved for one role, or for none. */
    public record Share(String role, Resources resources) {}

    /** Ports from {@code first} to {@code last}, both included, that are reserved for one role, or for none. */
    public record PortRange(int first, int last, String role) {
        public PortRange(int first, int last) {
            this(first, last, UNRESERVED);
        }
    }
}
