package io.mooring.local.master;

import io.mooring.local.loop.EventLoop;
import io.mooring.local.resource.Resources;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.Address;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.URL;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * Who is offered what: all that is free on an agent goes to the framework and role with the smallest dominant share that
 * does not refuse it.
 */
final class Allocation {
    /** Less than both is not worth an offer. */
    private static final double MIN_CPUS = 0.01;

    private static final double MIN_MEM_MB = 32;

    /** Mesos' default when the framework names none, and its upper bound. */
    private static final double DEFAULT_REFUSE_SECONDS = 5;

    private static final double MAX_REFUSE_SECONDS = Duration.ofDays(365).toSeconds();

    /** What a framework refused on one agent: not offered again until then, unless there is more. */
    private record Filter(String framework, String role, String agent, Resources refused, Instant until) {
        boolean matches(FrameworkEntry to, String forRole, AgentEntry of, Resources offered) {
            return framework.equals(to.id) && role.equals(forRole) && agent.equals(of.id) && refused.contains(offered);
        }
    }

    private record Candidate(FrameworkEntry framework, String role) {}

    private final ClusterState state;
    private final EventLoop loop;
    private final InstantSource clock;
    private final MasterSettings settings;
    private final List<Filter> filters = new ArrayList<>();
    private boolean asked;

    Allocation(ClusterState state, EventLoop loop, InstantSource clock, MasterSettings settings) {
        this.state = state;
        this.loop = loop;
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

    /** Not again to this framework and role for so many seconds; negative and absent mean the default. */
    void refuse(OfferEntry offer, Resources rest, double refuseSeconds) {
        double seconds = refuseSeconds < 0 ? DEFAULT_REFUSE_SECONDS : Math.min(refuseSeconds, MAX_REFUSE_SECONDS);
        if (seconds == 0 || rest.isEmpty()) {
            return;
        }
        Instant until = clock.instant().plusMillis(Math.round(seconds * 1000));
        filters.add(new Filter(offer.framework().id, offer.role(), offer.agent().id, rest.unallocated(), until));
    }

    /** REVIVE: everything refused may be offered again. */
    void forget(FrameworkEntry framework, Collection<String> roles) {
        filters.removeIf(filter ->
                filter.framework().equals(framework.id) && (roles.isEmpty() || roles.contains(filter.role())));
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
        List.copyOf(state.offers.values()).stream()
                .filter(offer -> offer.framework() == framework)
                .filter(offer -> !framework.roles().contains(offer.role()))
                .forEach(this::rescind);
    }

    /** The framework went away: its offers are free for others, and its filters mean nothing. */
    void dropAll(FrameworkEntry framework) {
        List.copyOf(state.offers.values()).stream()
                .filter(offer -> offer.framework() == framework)
                .forEach(this::remove);
        forget(framework, List.of());
    }

    private void allocate() {
        asked = false;
        Instant now = clock.instant();
        filters.removeIf(filter -> !now.isBefore(filter.until()));
        Map<FrameworkEntry, List<OfferEntry>> made = new LinkedHashMap<>();
        for (AgentEntry agent : state.agents.values()) {
            Resources free = agent.isActive() ? agent.free() : Resources.none();
            if (worthOffering(free)) {
                offer(agent, free, made);
            }
        }
        made.forEach(this::send);
    }

    private static boolean worthOffering(Resources free) {
        return free.scalar("cpus") >= MIN_CPUS || free.scalar("mem") >= MIN_MEM_MB;
    }

    private void offer(AgentEntry agent, Resources free, Map<FrameworkEntry, List<OfferEntry>> made) {
        candidates().stream()
                .filter(candidate -> AgentConstraints.allow(candidate.framework(), candidate.role(), agent.info))
                .filter(candidate -> offerable(free, candidate.role()).scalar("cpus") >= MIN_CPUS
                        || offerable(free, candidate.role()).scalar("mem") >= MIN_MEM_MB)
                .filter(candidate -> filters.stream()
                        .noneMatch(filter -> filter.matches(
                                candidate.framework(), candidate.role(), agent, offerable(free, candidate.role()))))
                .findFirst()
                .ifPresent(candidate -> {
                    OfferEntry offer = make(candidate, agent, offerable(free, candidate.role()));
                    state.offers.put(offer.id(), offer);
                    agent.offers.put(offer.id(), offer);
                    made.computeIfAbsent(candidate.framework(), key -> new ArrayList<>())
                            .add(offer);
                });
    }

    /** Without what is reserved to other roles. */
    private static Resources offerable(Resources free, String role) {
        return Resources.of(free.inOrder().stream()
                .filter(resource -> resource.getReservationsCount() == 0
                        || resource.getReservations(resource.getReservationsCount() - 1)
                                .getRole()
                                .equals(role))
                .toList());
    }

    private List<Candidate> candidates() {
        List<Candidate> all = new ArrayList<>();
        for (FrameworkEntry framework : state.frameworks.values()) {
            if (framework.connected()) {
                framework.roles().stream()
                        .filter(role -> !framework.suppressedRoles.contains(role))
                        .forEach(role -> all.add(new Candidate(framework, role)));
            }
        }
        all.sort(Comparator.comparingDouble((Candidate candidate) -> share(candidate.framework()))
                .thenComparing(candidate -> candidate.framework().id));
        return all;
    }

    /** The dominant share: the largest part of any resource of the cluster that the framework has or is offered. */
    private double share(FrameworkEntry framework) {
        Resources total = Resources.none();
        Resources held = Resources.none();
        for (AgentEntry agent : state.agents.values()) {
            total = total.plus(agent.total);
            for (OfferEntry offer : agent.offers.values()) {
                held = offer.framework() == framework ? held.plus(offer.resources()) : held;
            }
        }
        for (TaskEntry task : framework.tasks.values()) {
            held = task.isOver() ? held : held.plus(task.resources());
        }
        Resources all = total;
        Resources mine = held;
        return all.scalarNames().stream()
                .mapToDouble(name -> all.scalar(name) == 0 ? 0 : mine.scalar(name) / all.scalar(name))
                .max()
                .orElse(0);
    }

    private OfferEntry make(Candidate candidate, AgentEntry agent, Resources resources) {
        Resources allocated =
                Resources.of(resources.allocatedTo(candidate.role()).toList());
        Offer.Builder offer = Offer.newBuilder()
                .setId(OfferID.newBuilder().setValue(state.newOfferId()))
                .setFrameworkId(candidate.framework().frameworkId())
                .setAgentId(agent.info.getId())
                .setHostname(agent.info.getHostname())
                .setUrl(url(agent))
                .addAllResources(ResourceForms.forFramework(candidate.framework(), allocated.toList()))
                .addAllAttributes(agent.info.getAttributesList());
        for (Map.Entry<AgentEntry.Key, ExecutorInfo> executor : agent.executors.entrySet()) {
            if (executor.getKey().framework().equals(candidate.framework().id)) {
                offer.addExecutorIds(executor.getValue().getExecutorId());
            }
        }
        if (candidate.framework().has(FrameworkInfo.Capability.Type.MULTI_ROLE)) {
            offer.setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(candidate.role()));
        }
        return new OfferEntry(offer.build(), candidate.framework(), agent, candidate.role(), allocated);
    }

    private static URL url(AgentEntry agent) {
        return URL.newBuilder()
                .setScheme("http")
                .setAddress(Address.newBuilder()
                        .setHostname(agent.info.getHostname())
                        .setIp("127.0.0.1")
                        .setPort(agent.info.getPort()))
                .setPath("/slave(1)")
                .build();
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
}
