package io.mooring.scheduler.decision;

import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether offers are wanted. Something that could make a launch possible marks a change; at the end of the batch one
 * REVIVE is sent, not more often than the master likes; when nothing waits, SUPPRESS is sent once.
 */
final class Demand {
    private static final Duration BETWEEN_REVIVES = Duration.ofMillis(500);

    private boolean changed;
    private boolean suppressed;
    private boolean timerSet;
    private Instant lastRevive = Instant.EPOCH;

    /** A launch may have become possible. */
    void changed() {
        changed = true;
    }

    /** A new subscription gets offers unasked. */
    void subscribed(Instant now) {
        suppressed = false;
        lastRevive = now;
    }

    void timerCame() {
        timerSet = false;
        changed = true;
    }

    /** Ends a batch: asks for offers, asks for silence, or leaves things as they are. */
    void settle(Need need, Decision decision) {
        if (need == Need.NOTHING) {
            changed = false;
            if (!suppressed) {
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
            if (!timerSet) {
                timerSet = true;
                decision.effect(new Effect.StartTimer(new Timer.WantOffers(), next));
            }
            return;
        }
        changed = false;
        suppressed = false;
        lastRevive = decision.now();
        decision.effect(new Effect.Revive());
    }

    /** Whether anything could use an offer. */
    enum Need {
        OFFERS,
        NOTHING
    }
}
