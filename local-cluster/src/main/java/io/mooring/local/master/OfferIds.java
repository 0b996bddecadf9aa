package io.mooring.local.master;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.OfferID;

/** The offers that an ACCEPT names: each once, outstanding, of this framework, and all of one agent and role. */
final class OfferIds {
    private final ClusterState state;
    private final FrameworkEntry framework;
    private final List<OfferID> ids;

    OfferIds(ClusterState state, FrameworkEntry framework, List<OfferID> ids) {
        this.state = state;
        this.framework = framework;
        this.ids = List.copyOf(ids);
    }

    /** Those that there are; they are used up even if others are not there. */
    List<OfferEntry> known() {
        List<OfferEntry> offers = new ArrayList<>();
        for (OfferID id : ids) {
            OfferEntry offer = state.offers.get(id.getValue());
            if (offer != null && offer.framework() == framework && !offers.contains(offer)) {
                offers.add(offer);
            }
        }
        return offers;
    }

    /** What is wrong with them, in Mesos' words. */
    Optional<String> error() {
        if (ids.isEmpty()) {
            return Optional.of("No offers specified");
        }
        Set<String> seen = new HashSet<>();
        for (OfferID id : ids) {
            if (!seen.add(id.getValue())) {
                return Optional.of("Duplicate offer " + id.getValue() + " in offer list");
            }
        }
        for (OfferID id : ids) {
            OfferEntry offer = state.offers.get(id.getValue());
            if (offer == null) {
                return Optional.of("Offer " + id.getValue() + " is no longer valid");
            }
            if (offer.framework() != framework) {
                return Optional.of("Offer " + id.getValue() + " has invalid framework " + offer.framework().id
                        + " while framework " + framework.id + " is expected");
            }
        }
        return severalRoles().or(this::severalAgents);
    }

    private Optional<String> severalRoles() {
        OfferEntry first = state.offers.get(ids.get(0).getValue());
        return ids.stream()
                .map(id -> state.offers.get(id.getValue()))
                .filter(offer -> !offer.role().equals(first.role()))
                .findFirst()
                .map(offer -> "Aggregated offers must be allocated to the same role. Offer " + offer.id()
                        + " uses role '" + offer.role() + "' but another is using role '" + first.role() + "'");
    }

    private Optional<String> severalAgents() {
        AgentEntry first = state.offers.get(ids.get(0).getValue()).agent();
        return ids.stream()
                .map(id -> state.offers.get(id.getValue()))
                .filter(offer -> offer.agent() != first)
                .findFirst()
                .map(offer -> "Aggregated offers must belong to one single agent. Offer " + offer.id() + " uses agent "
                        + offer.agent().id + " and agent " + first.id);
    }
}
