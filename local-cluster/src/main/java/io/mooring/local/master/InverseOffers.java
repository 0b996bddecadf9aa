package io.mooring.local.master;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.allocator.Protos.InverseOfferStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * Requests to leave agents whose machine is to be maintained. A framework gets one for each such agent on which it has
 * something or is offered something, and another when its answer has run out.
 */
final class InverseOffers {
    private record Asked(InverseOffer offer, FrameworkEntry framework, AgentEntry agent) {}

    private record Filter(String framework, String agent, Instant until) {}

    private final ClusterState state;
    private final Machines machines;
    private final InstantSource clock;
    private final Map<String, Asked> outstanding = new LinkedHashMap<>();
    private final List<Filter> filters = new ArrayList<>();

    /** By agent, then by framework. */
    private final Map<String, Map<String, InverseOfferStatus>> answers = new LinkedHashMap<>();

    InverseOffers(ClusterState state, Machines machines, InstantSource clock) {
        this.state = state;
        this.machines = machines;
        this.clock = clock;
    }

    /** Behind each round of offers. */
    void ask() {
        Instant now = clock.instant();
        filters.removeIf(filter -> !now.isBefore(filter.until()));
        Map<FrameworkEntry, Event.InverseOffers.Builder> events = new LinkedHashMap<>();
        for (AgentEntry agent : state.agents.values()) {
            Optional<Unavailability> window = machines.unavailability(agent.machine());
            if (window.isPresent() && agent.isActive()) {
                ask(agent, window.get(), events);
            }
        }
        events.forEach((framework, offers) -> framework.send(Event.newBuilder()
                .setType(Event.Type.INVERSE_OFFERS)
                .setInverseOffers(offers)
                .build()));
    }

    private void ask(AgentEntry agent, Unavailability window, Map<FrameworkEntry, Event.InverseOffers.Builder> events) {
        for (FrameworkEntry framework : state.frameworks.values()) {
            if (framework.connected() && concerns(framework, agent) && !isAsked(framework, agent)) {
                InverseOffer offer = InverseOffer.newBuilder()
                        .setId(OfferID.newBuilder().setValue(state.newOfferId()))
                        .setFrameworkId(framework.frameworkId())
                        .setAgentId(agent.info.getId())
                        .setUrl(AgentView.url(agent))
                        .setUnavailability(window)
                        .build();
                outstanding.put(offer.getId().getValue(), new Asked(offer, framework, agent));
                events.computeIfAbsent(framework, key -> Event.InverseOffers.newBuilder())
                        .addInverseOffers(offer);
            }
        }
    }

    private static boolean concerns(FrameworkEntry framework, AgentEntry agent) {
        return agent.offers.values().stream().anyMatch(offer -> offer.framework() == framework)
                || !agent.allocatedTo(framework).isEmpty();
    }

    private boolean isAsked(FrameworkEntry framework, AgentEntry agent) {
        return outstanding.values().stream()
                        .anyMatch(each ->
                                each.framework() == framework && each.agent().id.equals(agent.id))
                || filters.stream()
                        .anyMatch(filter -> filter.framework().equals(framework.id)
                                && filter.agent().equals(agent.id));
    }

    /** ACCEPT_ or DECLINE_INVERSE_OFFERS; ids that nobody knows are skipped. */
    void answered(FrameworkEntry framework, List<OfferID> ids, InverseOfferStatus.Status answer, Filters forHowLong) {
        Instant now = clock.instant();
        for (OfferID id : ids) {
            Asked asked = outstanding.get(id.getValue());
            if (asked == null || asked.framework() != framework) {
                continue;
            }
            outstanding.remove(id.getValue());
            answers.computeIfAbsent(asked.agent().id, key -> new LinkedHashMap<>())
                    .put(
                            framework.id,
                            InverseOfferStatus.newBuilder()
                                    .setStatus(answer)
                                    .setFrameworkId(framework.frameworkId())
                                    .setTimestamp(Times.of(now))
                                    .build());
            Duration refused = RefuseSeconds.of(forHowLong);
            if (!refused.isZero()) {
                filters.add(new Filter(framework.id, asked.agent().id, now.plus(refused)));
            }
        }
    }

    /** What the frameworks answered about an agent. */
    List<InverseOfferStatus> answers(AgentEntry agent) {
        return List.copyOf(answers.getOrDefault(agent.id, Map.of()).values());
    }

    /** Another window, or none: what was asked and answered before is void. */
    void startAnew(AgentEntry agent) {
        rescindAll(agent);
        answers.remove(agent.id);
        filters.removeIf(filter -> filter.agent().equals(agent.id));
    }

    void rescindAll(AgentEntry agent) {
        for (Asked asked : List.copyOf(outstanding.values())) {
            if (asked.agent().id.equals(agent.id)) {
                outstanding.remove(asked.offer().getId().getValue());
                asked.framework()
                        .send(Event.newBuilder()
                                .setType(Event.Type.RESCIND_INVERSE_OFFER)
                                .setRescindInverseOffer(Event.RescindInverseOffer.newBuilder()
                                        .setInverseOfferId(asked.offer().getId()))
                                .build());
            }
        }
    }

    /** REVIVE: it wants to be asked again. */
    void forgetFilters(FrameworkEntry framework) {
        filters.removeIf(filter -> filter.framework().equals(framework.id));
    }

    /** The framework went away. */
    void dropAll(FrameworkEntry framework) {
        outstanding.values().removeIf(asked -> asked.framework() == framework);
        forgetFilters(framework);
    }
}
