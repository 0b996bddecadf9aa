package io.mooring.scheduler.placement;

import io.mooring.common.ids.MachineKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A round's candidates, the best first: one that stays before one that is to be down some day, then the emptier one, so that
 * tasks spread; the agent's id decides a tie. The first that does is the best that does, and most of them need not be looked at.
 */
public final class Candidates {
    private static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(
                    (Candidate candidate) -> candidate.closing().isPresent())
            .thenComparing(Comparator.comparingDouble(Candidate::memoryLeft).reversed())
            .thenComparing(candidate -> candidate.agent().id())
            .thenComparing(candidate -> candidate.offers().get(0).value());

    private final NavigableSet<Candidate> ranked = new TreeSet<>(BEST_FIRST);
    private final Map<MachineKey, List<Candidate>> byMachine = new HashMap<>();

    /** @param all of whom nothing is taken any more but by {@link #take} */
    public Candidates(Collection<Candidate> all) {
        ranked.addAll(all);
        for (Candidate candidate : ranked) {
            candidate.agent().machine().ifPresent(machine -> byMachine
                    .computeIfAbsent(machine, key -> new ArrayList<>())
                    .add(candidate));
        }
    }

    public int size() {
        return ranked.size();
    }

    /** All of them, the best first. */
    Collection<Candidate> all() {
        return ranked;
    }

    /** Those that may do for somebody who can only go to that machine, or anywhere; the best first. */
    Collection<Candidate> on(Optional<MachineKey> machine) {
        if (machine.isEmpty()) {
            return ranked;
        }
        List<Candidate> there = new ArrayList<>(byMachine.getOrDefault(machine.get(), List.of()));
        there.sort(BEST_FIRST);
        return there;
    }

    /** Takes something of one of them, which changes its rank. */
    void take(Candidate candidate, Runnable taking) {
        ranked.remove(candidate);
        taking.run();
        ranked.add(candidate);
    }
}
