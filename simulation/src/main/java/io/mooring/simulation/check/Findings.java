package io.mooring.simulation.check;

import io.mooring.simulation.time.Agenda;
import io.mooring.simulation.time.Trace;
import java.util.ArrayList;
import java.util.List;

/** What was found broken in one seed. */
public final class Findings {
    private final Agenda agenda;
    private final Trace trace;
    private final List<Finding> all = new ArrayList<>();

    public Findings(Agenda agenda, Trace trace) {
        this.agenda = agenda;
        this.trace = trace;
    }

    /** One broken promise, at a time in milliseconds. */
    public record Finding(Invariant invariant, String what, long at) {
        @Override
        public String toString() {
            return invariant + " at " + at / 1000.0 + " s: " + what;
        }
    }

    /** Notes that an invariant is broken. */
    public void broken(Invariant invariant, String what) {
        trace.note("!!!", invariant.name(), what);
        all.add(new Finding(invariant, what, agenda.now()));
    }

    public List<Finding> all() {
        return all;
    }

    public boolean any() {
        return !all.isEmpty();
    }

    public boolean any(Invariant invariant) {
        return all.stream().anyMatch(finding -> finding.invariant() == invariant);
    }
}
