package io.mooring.scheduler.decision;

import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.OfferWish;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.volume.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which agents' offers are asked for. When all that waits are tasks whose volumes are in one zone, or on one machine, the
 * offers of all others would only be looked through and refused. Whatever can go anywhere takes every restriction off.
 */
final class OfferWishes {
    /** A longer list saves nothing. */
    private static final int MOST = 100;

    private static final Duration BETWEEN_NARROWINGS = Duration.ofSeconds(5);

    private final ClusterState state;
    private List<OfferWish> said = List.of();
    private Instant saidAt = Instant.EPOCH;
    private boolean waiting;

    OfferWishes(ClusterState state) {
        this.state = state;
    }

    /**
     * Where a task can go because of its volumes; empty if anywhere.
     *
     * @param pinned the only machine for a volume, by the volume's key
     */
    List<OfferWish> of(List<Volume> volumes, Map<String, MachineKey> pinned) {
        Optional<String> zone = Optional.empty();
        for (Volume volume : volumes) {
            Optional<MachineKey> only =
                    Optional.ofNullable(pinned.get(volume.name().key())).or(volume::home);
            if (only.filter(this::namedByItsAgents).isPresent()) {
                return List.of(new OfferWish(OfferWish.By.MACHINE, only.get().value()));
            }
            zone = zone.or(volume::zone);
        }
        return zone.map(name -> List.of(new OfferWish(OfferWish.By.ZONE, name))).orElse(List.of());
    }

    /** Mesos can pick out a machine only by an attribute, and some machines are known by what tasks found there. */
    private boolean namedByItsAgents(MachineKey machine) {
        List<Agent> agents = state.agents().stream()
                .filter(agent -> agent.machine().equals(Optional.of(machine)))
                .toList();
        return !agents.isEmpty()
                && agents.stream().allMatch(agent -> machine.value()
                        .equals(agent.attributes().get("machine")));
    }

    /** Says it, if it has changed: more offers at once, fewer not more often than the master likes. */
    void settle(List<List<OfferWish>> each, Decision decision) {
        List<OfferWish> wanted = all(each);
        if (wanted.equals(said)) {
            waiting = false;
            return;
        }
        boolean wider = wanted.isEmpty() || (!said.isEmpty() && wanted.containsAll(said));
        Instant next = saidAt.plus(BETWEEN_NARROWINGS);
        if (!wider && decision.now().isBefore(next)) {
            if (!waiting) {
                waiting = true;
                decision.effect(new Effect.StartTimer(new Timer.OperationDue("narrower offers"), next));
            }
            return;
        }
        waiting = false;
        said = wanted;
        saidAt = decision.now();
        decision.effect(new Effect.WishOffers(wanted));
    }

    private static List<OfferWish> all(List<List<OfferWish>> each) {
        TreeSet<OfferWish> all = new TreeSet<>();
        for (List<OfferWish> one : each) {
            if (one.isEmpty()) {
                return List.of();
            }
            all.addAll(one);
        }
        return all.size() > MOST ? List.of() : new ArrayList<>(all);
    }
}
