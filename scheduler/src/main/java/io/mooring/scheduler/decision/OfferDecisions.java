package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.AgentId;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.OfferWish;
import io.mooring.scheduler.placement.Candidate;
import io.mooring.scheduler.placement.Candidates;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What offers are used for, in this order: the operations that let volumes move, then the apps that wait longest. An
 * offer is used or refused at once, so none is ever held back or outdated.
 */
final class OfferDecisions {
    /** When more apps wait, somebody among them can go anywhere. */
    private static final int APPS_LOOKED_AT = 50;

    private final ClusterState state;
    private final Policy policy;
    private final AppDecisions apps;
    private final OperationDecisions operations;
    private final BackendTasks backend;
    private final Placements placements;
    private final MaintenanceDecisions maintenance;
    private final OfferWishes wishes;

    OfferDecisions(
            ClusterState state,
            Policy policy,
            AppDecisions apps,
            OperationDecisions operations,
            BackendTasks backend,
            Placements placements,
            MaintenanceDecisions maintenance) {
        this.state = state;
        this.policy = policy;
        this.apps = apps;
        this.operations = operations;
        this.backend = backend;
        this.placements = placements;
        this.maintenance = maintenance;
        this.wishes = new OfferWishes(state);
    }

    void on(List<Offer> offers, Decision decision) {
        offers.forEach(offer -> maintenance.offered(offer, decision));
        List<Candidate> candidates = candidates(offers, decision.now());
        Map<Candidate, List<Launch>> launched = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            List<Launch> oneShots = new ArrayList<>(operations.launchAt(candidate, decision));
            oneShots.addAll(backend.launchAt(candidate, decision));
            launched.put(candidate, oneShots);
        }
        placements.place(new Candidates(candidates), launched, decision);
        for (Map.Entry<Candidate, List<Launch>> entry : launched.entrySet()) {
            use(entry.getKey(), entry.getValue(), decision);
        }
    }

    /** Whether an offer could be used for anything now. */
    Demand.Need need(Instant now) {
        return placements.anyPlaceable(now) || operations.waiting(now) || backend.waiting(now)
                ? Demand.Need.OFFERS
                : Demand.Need.NOTHING;
    }

    /** Says which agents' offers are of use, as long as any are wanted. */
    void wish(Decision decision) {
        Instant now = decision.now();
        if (operations.waiting(now) || backend.waiting(now) || apps.missing().size() > APPS_LOOKED_AT) {
            wishes.settle(List.of(List.of()), decision);
            return;
        }
        List<List<OfferWish>> each = new ArrayList<>();
        for (AppId id : apps.missing().keySet()) {
            App app = state.app(id).orElseThrow();
            for (int instance : new TreeSet<>(apps.missingInstances(app, now))) {
                if (placements.blocks(app, instance, now).isEmpty()) {
                    each.add(wishes.of(placements.volumes(app, instance), placements.pinned(app, instance)));
                }
            }
        }
        wishes.settle(each, decision);
    }

    /** Mesos takes offers together only if they are of one agent and to one role. */
    private List<Candidate> candidates(List<Offer> offers, Instant now) {
        SortedMap<AgentId, SortedMap<String, List<Offer>>> byAgent = new TreeMap<>();
        for (Offer offer : offers) {
            byAgent.computeIfAbsent(offer.agent(), agent -> new TreeMap<>())
                    .computeIfAbsent(offer.role(), role -> new ArrayList<>())
                    .add(offer);
        }
        List<Candidate> candidates = new ArrayList<>();
        for (List<Offer> ofOne : byAgent.values().stream()
                .flatMap(byRole -> byRole.values().stream())
                .toList()) {
            Agent agent = withSlots(seen(ofOne.get(0)), ofOne);
            state.putAgent(agent);
            Candidate candidate = new Candidate(
                    agent, agent.machine().flatMap(state::machine), ofOne, maintenance.closing(agent.id(), now));
            reserveUnlisted(candidate);
            candidate.take(new Resources(0, 0, 0), List.of(), notCounted(agent));
            candidates.add(candidate);
        }
        return candidates;
    }

    /**
     * Claims on the agent's machine whose slots Mesos may be offering again: their task has ended without proof, was
     * another agent's on that machine, is launched with an offer that was taken back meanwhile, or is out of contact
     * though its agent is not, as after the framework was removed (I9).
     */
    private int notCounted(Agent agent) {
        return agent.machine().stream()
                .flatMap(machine -> state.tasksOn(machine).stream())
                .filter(task -> task.state() == TaskState.ENDED
                        || task.state() == TaskState.STAGING
                        || task.state() == TaskState.UNREACHABLE
                        || !task.agent().equals(agent.id()))
                .mapToInt(task -> state.claimsOf(task.id()).size())
                .sum();
    }

    private Agent seen(Offer offer) {
        Optional<Agent> known = state.agent(offer.agent());
        return new Agent(
                offer.agent(),
                offer.hostname(),
                Agent.State.ACTIVE,
                offer.machine().or(() -> known.flatMap(Agent::machine)),
                known.flatMap(Agent::boot),
                offer.zone(),
                offer.attributes(),
                known.map(Agent::plugins).orElse(List.of()),
                known.map(Agent::unclean).orElse(List.of()),
                known.flatMap(Agent::slots),
                known.flatMap(Agent::inspected),
                known.flatMap(Agent::engine));
    }

    /** An agent whose slots are all in use offers none, so the most that was seen counts. */
    private Agent withSlots(Agent agent, List<Offer> offers) {
        int offered = offers.stream().mapToInt(offer -> offer.slots().orElse(0)).sum();
        if (offered == 0) {
            return agent;
        }
        int used = agent.machine().stream()
                .flatMap(machine -> state.tasksOn(machine).stream())
                .filter(task -> task.state() != TaskState.ENDED && task.state() != TaskState.UNREACHABLE)
                .mapToInt(Task::slots)
                .sum();
        return agent.withSlots(Math.max(offered + used, agent.slots().orElse(0)));
    }

    /** Volumes that are being made now are not in the plugin's figures yet; their room is taken all the same. */
    private void reserveUnlisted(Candidate candidate) {
        for (PluginReport plugin : candidate.agent().plugins()) {
            if (plugin.freeBytes().isEmpty()) {
                continue;
            }
            for (VolumeState busy : List.of(VolumeState.IN_USE, VolumeState.PROVISIONING)) {
                for (Volume volume : state.volumesIn(busy)) {
                    if (volume.driver().equals(plugin.driver()) && !listed(plugin, volume)) {
                        candidate.reserveBytes(
                                volume.driver().value(), volume.sizeGb().orElse(policy.defaultVolumeGb()) << 30);
                    }
                }
            }
        }
    }

    private static boolean listed(PluginReport plugin, Volume volume) {
        return plugin.volumes().stream()
                .anyMatch(seen -> seen.volume().key().equals(volume.name().key()));
    }

    private void use(Candidate candidate, List<Launch> launches, Decision decision) {
        Duration refuse = apps.missing().isEmpty()
                ? policy.timing().idleRefusal()
                : policy.timing().busyRefusal();
        if (launches.isEmpty()) {
            decision.effect(new Effect.DeclineOffers(candidate.offers(), refuse));
        } else {
            decision.effect(
                    new Effect.AcceptOffers(candidate.agent().id(), candidate.offers(), launches, Duration.ZERO));
        }
    }
}
