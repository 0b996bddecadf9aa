package io.mooring.scheduler.placement;

import java.util.Optional;

/** One reason why an agent may not do for a task. */
interface VetoRule {
    /** The veto, or nothing if this rule has no objection. */
    Optional<Veto> check(TaskRequest request, Candidate candidate);
}
