package io.mooring.simulation.world;

import io.mooring.scheduler.claim.Evidence.Code;
import io.mooring.simulation.check.Findings.Finding;
import io.mooring.simulation.check.Invariant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of one seed.
 *
 * @param hash of everything that happened, and when
 * @param steps how many things happened
 * @param freedBy how many claims each kind of evidence has freed
 * @param cutAlive how often a live writer lost its volume under its hands
 * @param faults the kinds of faults that it had
 * @param trace its last lines, if words were kept
 */
public record SeedResult(
        long seed,
        long hash,
        long steps,
        List<Finding> findings,
        Map<Code, Integer> freedBy,
        int cutAlive,
        String faults,
        List<String> trace) {
    public SeedResult {
        freedBy = Collections.unmodifiableMap(new TreeMap<>(freedBy));
        findings = List.copyOf(findings);
        trace = List.copyOf(trace);
    }

    /** Whether two tasks wrote to one volume at a time. */
    public boolean overlapping() {
        return findings.stream().anyMatch(finding -> finding.invariant() == Invariant.I12);
    }

    /** Whether an app did not come back, or a volume was not free, when all faults were over. */
    public boolean stuck() {
        return findings.stream().anyMatch(finding -> finding.invariant() == Invariant.LIVENESS);
    }

    /** Whether anything at all is wrong. */
    public boolean broken() {
        return !findings.isEmpty();
    }
}
