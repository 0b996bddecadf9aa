package io.mooring.scheduler.placement;

import io.mooring.common.ids.AgentId;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.volume.Volume;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Finds a place for one task among the candidates of a round. Every candidate that does not do says why, with its first
 * reason in the order of telling, so that "why is it not starting" always has an answer.
 */
public final class Placer {
    private final StorageRules storage;
    private final List<VetoRule> rules;

    public Placer(Function<AgentId, Optional<Agent>> agents, ToLongFunction<Volume> sizeGb) {
        this.storage = new StorageRules(sizeGb);
        this.rules = List.of(
                storage::inspected,
                storage::machine,
                storage::driver,
                new EngineRule(),
                storage::location,
                storage::zone,
                storage::slots,
                storage::capacity,
                ResourceRules::closing,
                ResourceRules::roles,
                ResourceRules::resources,
                ResourceRules::ports,
                new ConstraintRule(agents));
    }

    /** A task's place: the agent, and the ports it gets there. */
    public record Place(Candidate candidate, List<Integer> ports) {}

    /** Takes what the task needs from the best candidate; empty if none does, and then the vetoes say why. */
    public Optional<Place> place(TaskRequest request, List<Candidate> candidates, Vetoes vetoes) {
        Candidate best = null;
        for (Candidate candidate : candidates) {
            Optional<Veto> veto = veto(request, candidate);
            if (veto.isPresent()) {
                vetoes.add(veto.get(), Optional.of(candidate.agent().hostname()));
            } else if (best == null || better(candidate, best)) {
                best = candidate;
            }
        }
        return best == null ? Optional.empty() : Optional.of(take(request, best));
    }

    private Optional<Veto> veto(TaskRequest request, Candidate candidate) {
        for (VetoRule rule : rules) {
            Optional<Veto> veto = rule.check(request, candidate);
            if (veto.isPresent()) {
                return veto;
            }
        }
        return Optional.empty();
    }

    private Place take(TaskRequest request, Candidate candidate) {
        List<Integer> ports = candidate
                .ports(request.definition().ports(), request.definition().acceptedRoles())
                .orElseThrow();
        candidate.take(
                request.resources(),
                request.definition().acceptedRoles(),
                ports,
                request.volumes().size());
        storage.take(request, candidate);
        return new Place(candidate, ports);
    }

    /** One that stays wins over one that is to be down some day; then the emptier one. */
    private static boolean better(Candidate one, Candidate other) {
        boolean stays = one.closing().isEmpty();
        return stays == other.closing().isEmpty() ? emptier(one, other) : stays;
    }

    /** Spreads tasks: the agent with more memory left wins, the agent's id decides a tie. */
    private static boolean emptier(Candidate one, Candidate other) {
        int byMemory = Double.compare(one.left().memMb(), other.left().memMb());
        return byMemory > 0
                || (byMemory == 0 && one.agent().id().compareTo(other.agent().id()) < 0);
    }
}
