package io.mooring.scheduler.decision;

import io.mooring.scheduler.placement.Vetoes.Counted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Why an app does not have all its instances.
 *
 * @param missing how many it lacks
 * @param since since when it lacks one
 * @param at when its vetoes were found; empty if there was no round yet
 * @param vetoes storage reasons first
 */
public record Explanation(int missing, Optional<Instant> since, Optional<Instant> at, List<Counted> vetoes) {
    public Explanation {
        vetoes = List.copyOf(vetoes);
    }
}
