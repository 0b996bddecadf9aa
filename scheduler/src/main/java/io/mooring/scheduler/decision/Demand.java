package io.mooring.scheduler.decision;

import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether offers are wanted. Something that could make a launch possible marks a change; at the end of the batch one
 * REVIVE is sent, not more often than the master likes; when nothing waits, SUPPRESS is sent once.
 */
final class Demand {
    private static final Duration BETWEEN_REVIVES = Duration.ofMillis(100);
    /** A new subscription listens for a while even without work, so that its agents are known when work comes. */
    private static final Duration GET_TO_KNOW = Duration.ofSeconds(10);

    private boolean changed;
    private boolean suppressed;
    private Optional<Instant> wakeAt = Optional.empty();
    private Instant lastRevive = Instant.EPOCH;
    private Instant listenUntil = Instant.EPOCH;

    /** A launch may have become possible. */
    void changed() {
        changed = true;
    }

    /** A new subscription gets offers unasked. */
    void subscribed(Instant now) {
        suppressed = false;
        lastRevive = now;
        listenUntil = now.plus(GET_TO_KNOW);
    }

    void timerCame() {
        wakeAt = Optional.empty();
        changed = true;
    }

    /** Ends a batch: asks for offers, asks for silence, or leaves things as they are. */
    void settle(Need need, Decision decision) {
        if (need == Need.NOTHING) {
            changed = false;
            if (decision.now().isBefore(listenUntil)) {
                wake(listenUntil, decision);
            } else if (!suppressed) {
                suppressed = true;
                decision.effect(new Effect.Suppress());
            }
            return;
        }
        if (!changed && !suppressed) {
            return;
        }
        Instant next = lastRevive.plus(BETWEEN_REVIVES);
        if (decision.now().isBefore(next)) {
            wake(next, decision);
            return;
        }
        changed = false;
        suppressed = false;
        lastRevive = decision.now();
        decision.effect(new Effect.Revive());
    }

    private void wake(Instant at, Decision decision) {
        if (wakeAt.isEmpty() || at.isBefore(wakeAt.get())) {
            wakeAt = Optional.of(at);
            decision.effect(new Effect.StartTimer(new Timer.WantOffers(), at));
        }
    }

    /** Whether anything could use an offer. */
    enum Need {
        OFFERS,
        NOTHING
    }
}
