package io.mooring.local.master;

import io.mooring.local.loop.EventLoop;
import io.mooring.local.resource.Reservations;
import io.mooring.local.resource.Resources;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * Who is offered what, agent by agent: all that is free and not reserved for others goes to the role with the smallest
 * share, and in it to the framework with the smallest share, that does not refuse it; what is left, to the next.
 */
final class Allocation {
    /** Less than both is not worth an offer. */
    private static final double MIN_CPUS = 0.01;

    private static final double MIN_MEM_MB = 32;

    private final ClusterState state;
    private final EventLoop loop;
    private final OfferMessages messages;
    private final InverseOffers inverseOffers;
    private final InstantSource clock;
    private final MasterSettings settings;
    private final OfferFilters filters = new OfferFilters();
    private boolean asked;

    Allocation(
            ClusterState state,
            EventLoop loop,
            OfferMessages messages,
            InverseOffers inverseOffers,
            InstantSource clock,
            MasterSettings settings) {
        this.state = state;
        this.loop = loop;
        this.messages = messages;
        this.inverseOffers = inverseOffers;
        this.clock = clock;
        this.settings = settings;
    }

    void start() {
        loop.every(settings.allocationInterval(), this::allocate);
    }

    /** Something is free or wanted: offer as soon as what waits in the loop is done. */
    void soon() {
        if (!asked) {
            asked = true;
            loop.post(this::allocate);
        }
    }

    /** Not again to this framework and role for so long. */
    void refuse(OfferEntry offer, Resources rest, Duration forHowLong) {
        if (!forHowLong.isZero() && !rest.isEmpty()) {
            filters.add(offer, rest, clock.instant().plus(forHowLong));
        }
    }

    /** REVIVE: everything refused may be offered again. */
    void forget(FrameworkEntry framework, Collection<String> roles) {
        filters.forget(framework, roles);
        inverseOffers.forgetFilters(framework);
    }

    /** Takes the offer out of the books; the framework is not told. */
    void remove(OfferEntry offer) {
        state.offers.remove(offer.id());
        offer.agent().offers.remove(offer.id());
    }

    /** Takes the offer back and says so. */
    void rescind(OfferEntry offer) {
        remove(offer);
        offer.framework()
                .send(Event.newBuilder()
                        .setType(Event.Type.RESCIND)
                        .setRescind(Event.Rescind.newBuilder()
                                .setOfferId(offer.offer().getId()))
                        .build());
    }

    void rescindAll(AgentEntry agent) {
        List.copyOf(agent.offers.values()).forEach(this::rescind);
    }

    /** The framework gave up some of its roles: what it was offered for them goes back. */
    void rescindForeignRoles(FrameworkEntry framework) {
        offersOf(framework).stream()
                .filter(offer -> !framework.roles().contains(offer.role()))
                .forEach(this::rescind);
    }

    /** The framework went away: its offers are free for others, and its filters mean nothing. */
    void dropAll(FrameworkEntry framework) {
        offersOf(framework).forEach(this::remove);
        inverseOffers.dropAll(framework);
        forget(framework, List.of());
    }

    private List<OfferEntry> offersOf(FrameworkEntry framework) {
        return state.offers.values().stream()
                .filter(offer -> offer.framework() == framework)
                .toList();
    }

    private void allocate() {
        asked = false;
        filters.expire(clock.instant());
        Map<String, List<FrameworkEntry>> clients = clients();
        Optional<Shares> shares = Optional.empty();
        Map<FrameworkEntry, List<OfferEntry>> made = new LinkedHashMap<>();
        for (AgentEntry agent : clients.isEmpty() ? List.<AgentEntry>of() : state.agents.values()) {
            Resources free = agent.isActive() ? agent.free() : Resources.none();
            if (worthOffering(free)) {
                shares = Optional.of(shares.orElseGet(() -> new Shares(state)));
                offer(agent, free, clients, shares.get(), made);
            }
        }
        made.forEach(this::send);
        inverseOffers.ask();
    }

    private static boolean worthOffering(Resources free) {
        return !free.isEmpty() && (free.scalar("cpus") >= MIN_CPUS || free.scalar("mem") >= MIN_MEM_MB);
    }

    /** The frameworks that want offers, by role. */
    private Map<String, List<FrameworkEntry>> clients() {
        Map<String, List<FrameworkEntry>> all = new TreeMap<>();
        for (FrameworkEntry framework : state.frameworks.values()) {
            if (framework.connected()) {
                framework.roles().stream()
                        .filter(role -> !framework.suppressedRoles.contains(role))
                        .forEach(role -> all.computeIfAbsent(role, key -> new ArrayList<>())
                                .add(framework));
            }
        }
        return all;
    }

    private void offer(
            AgentEntry agent,
            Resources free,
            Map<String, List<FrameworkEntry>> clients,
            Shares shares,
            Map<FrameworkEntry, List<OfferEntry>> made) {
        Resources left = free;
        for (String role : clients.keySet().stream().sorted(shares.byRole()).toList()) {
            for (FrameworkEntry framework :
                    clients.get(role).stream().sorted(shares.byFramework(role)).toList()) {
                Resources offerable = offerable(left, role, framework);
                if (!worthOffering(offerable)
                        || !allowed(framework, role, agent)
                        || filters.refuses(framework, role, agent, offerable)) {
                    continue;
                }
                OfferEntry offer = messages.make(framework, role, agent, offerable);
                state.offers.put(offer.id(), offer);
                agent.offers.put(offer.id(), offer);
                shares.add(role, framework, offerable);
                made.computeIfAbsent(framework, key -> new ArrayList<>()).add(offer);
                left = left.minus(offerable);
            }
            if (left.isEmpty()) {
                return;
            }
        }
    }

    private static boolean allowed(FrameworkEntry framework, String role, AgentEntry agent) {
        boolean gpus = agent.total.scalar("gpus") > 0;
        return (!gpus || framework.has(FrameworkInfo.Capability.Type.GPU_RESOURCES))
                && framework.constraints.allows(role, agent.info);
    }

    /** Without what is reserved for other roles, and without what the framework would not understand. */
    private static Resources offerable(Resources free, String role, FrameworkEntry framework) {
        boolean refined = framework.has(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT);
        return free.only((Resource resource) ->
                Reservations.allow(resource, role) && (refined || !Reservations.isRefined(resource)));
    }

    private void send(FrameworkEntry framework, List<OfferEntry> offers) {
        Event.Offers.Builder list = Event.Offers.newBuilder();
        offers.forEach(offer -> list.addOffers(offer.offer()));
        framework.send(
                Event.newBuilder().setType(Event.Type.OFFERS).setOffers(list).build());
        settings.offerTimeout().ifPresent(timeout -> offers.forEach(offer -> loop.after(timeout, () -> expire(offer))));
    }

    private void expire(OfferEntry offer) {
        if (state.offers.containsKey(offer.id())) {
            rescind(offer);
        }
    }

    /** The same without waiting. @return how many there were */
    int expire(Optional<String> framework, Optional<String> agent, Optional<String> offer) {
        List<OfferEntry> found = state.offers.values().stream()
                .filter(each -> framework.isEmpty() || framework.get().equals(each.framework().id))
                .filter(each -> agent.isEmpty() || agent.get().equals(each.agent().id))
                .filter(each -> offer.isEmpty() || offer.get().equals(each.id()))
                .toList();
        found.forEach(this::rescind);
        return found.size();
    }
}
