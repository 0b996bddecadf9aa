package io.mooring.scheduler.placement;

import io.mooring.scheduler.volume.Volume;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Finds a place for one task among the candidates of a round. Every candidate that does not do says why, with its first
 * reason in the order of telling, so that "why is it not starting" always has an answer.
 */
public final class Placer {
    private final StorageRules storage;
    private final List<VetoRule> rules;

    /** @param sizeGb the size of a volume that is to be made, with the driver's default where none is stated */
    public Placer(ToLongFunction<Volume> sizeGb) {
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
                new ConstraintRule());
    }

    /** A task's place: the agent, and the ports it gets there. */
    public record Place(Candidate candidate, List<Integer> ports) {}

    /** Takes what the task needs from the best candidate that does; empty if none does, and then the vetoes of all say why. */
    public Optional<Place> place(TaskRequest request, Candidates candidates, Vetoes vetoes) {
        for (Candidate candidate : candidates.on(request.onlyMachine())) {
            if (veto(request, candidate).isEmpty()) {
                return Optional.of(take(request, candidate, candidates));
            }
        }
        for (Candidate candidate : candidates.all()) {
            veto(request, candidate)
                    .ifPresent(veto ->
                            vetoes.add(veto, Optional.of(candidate.agent().hostname())));
        }
        return Optional.empty();
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

    private Place take(TaskRequest request, Candidate candidate, Candidates candidates) {
        List<Integer> ports = candidate
                .ports(request.definition().ports(), request.definition().acceptedRoles())
                .orElseThrow();
        candidates.take(candidate, () -> {
            candidate.take(
                    request.resources(),
                    request.definition().acceptedRoles(),
                    ports,
                    request.volumes().size());
            storage.take(request, candidate);
        });
        return new Place(candidate, ports);
    }
}
