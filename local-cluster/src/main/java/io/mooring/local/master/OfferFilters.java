package io.mooring.local.master;

import io.mooring.local.resource.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What frameworks refused: on the same agent not offered again until then, unless there is more. */
final class OfferFilters {
    private record Key(String framework, String role, String agent) {}

    private record Refused(Resources resources, Instant until) {}

    private final Map<Key, List<Refused>> filters = new HashMap<>();

    void add(OfferEntry offer, Resources refused, Instant until) {
        filters.computeIfAbsent(new Key(offer.framework().id, offer.role(), offer.agent().id), key -> new ArrayList<>())
                .add(new Refused(refused.unallocated(), until));
    }

    boolean refuses(FrameworkEntry framework, String role, AgentEntry agent, Resources offered) {
        return filters.getOrDefault(new Key(framework.id, role, agent.id), List.of()).stream()
                .anyMatch(filter -> filter.resources().contains(offered));
    }

    void expire(Instant now) {
        filters.values().forEach(each -> each.removeIf(filter -> !now.isBefore(filter.until())));
        filters.values().removeIf(List::isEmpty);
    }

    /** Of these roles; of all when none is named. */
    void forget(FrameworkEntry framework, Collection<String> roles) {
        filters.keySet()
                .removeIf(
                        key -> key.framework().equals(framework.id) && (roles.isEmpty() || roles.contains(key.role())));
    }
}
