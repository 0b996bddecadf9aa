package io.mooring.scheduler.placement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a waiting task was placed nowhere in the last round: each kind of veto with its count and one example. */
public final class Vetoes {
    private final Instant at;
    private final Map<Veto.Kind, Counted> counted = new EnumMap<>(Veto.Kind.class);

    /**
     * One kind of veto in a round.
     *
     * @param agent the agent of the example; empty for a veto that holds everywhere
     */
    public record Counted(Veto.Kind kind, int count, String reason, Optional<String> agent) {}

    public Vetoes(Instant at) {
        this.at = at;
    }

    /** When the round was. */
    public Instant at() {
        return at;
    }

    public void add(Veto veto, Optional<String> agent) {
        Counted before = counted.get(veto.kind());
        counted.put(
                veto.kind(),
                before == null
                        ? new Counted(veto.kind(), 1, veto.reason(), agent)
                        : new Counted(veto.kind(), before.count() + 1, before.reason(), before.agent()));
    }

    /** In the order of telling. */
    public List<Counted> all() {
        Collection<Counted> values = counted.values();
        return new ArrayList<>(values);
    }

    public boolean has(Veto.Kind kind) {
        return counted.containsKey(kind);
    }
}
