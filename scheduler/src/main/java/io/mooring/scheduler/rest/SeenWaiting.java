package io.mooring.scheduler.rest;

import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Decision;
import io.mooring.scheduler.decision.Explanation;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An app that waits for tasks, as it was at one moment: taken on the engine's thread, and written outside of it.
 *
 * @param role of all tasks
 * @param notBefore when the delay after its failures is over
 */
record SeenWaiting(App app, Explanation explanation, Optional<String> role, Optional<Instant> notBefore, Instant at) {
    /** To be called on the engine's thread; empty for an app that is gone, or that waits for nothing. */
    static Optional<SeenWaiting> of(AppId id, Decider decider, Decision decision) {
        Explanation explanation = decider.explain(id, decision);
        return decider.state()
                .app(id)
                .filter(app -> explanation.missing() > 0)
                .map(app -> new SeenWaiting(
                        app,
                        explanation,
                        decider.policy().requests().role(),
                        decider.state().runtime(id).notBefore(),
                        decision.now()));
    }

    /** What is left of that delay. */
    Duration delay() {
        return notBefore
                .map(until -> Duration.between(at, until))
                .filter(left -> !left.isNegative())
                .orElse(Duration.ZERO);
    }
}
