package io.mooring.scheduler.task;

import io.mooring.common.command.ClaimOrder;
import io.mooring.common.ids.ClaimId;
import java.time.Instant;
import java.util.Optional;

/**
 * What the executor of another framework's task asked for, under the id that it gave. It outlives its claims for a while, so
 * that what is asked again is answered as before.
 *
 * @param over since when it holds nothing any more; empty while it does
 */
public record ForeignTask(ClaimOrder order, Optional<Instant> over) {
    public ForeignTask {
        over = over == null ? Optional.empty() : over;
    }

    public ClaimId id() {
        return order.id();
    }

    public boolean live() {
        return over.isEmpty();
    }

    public ForeignTask over(Instant at) {
        return new ForeignTask(order, Optional.of(at));
    }
}
