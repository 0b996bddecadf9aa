package io.mooring.executor.plugin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Keeps calls away from a plugin that does not answer, and bounds how many are under way at one. After some calls in a
 * row without any answer it is left alone for a second, then for twice as long each time, up to a limit; then one call is let
 * through to see. An answer of any kind, an error too, is an answer.
 */
final class Breaker {
    private static final Duration FIRST = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final PluginLimits limits;
    private final Semaphore places;
    private int silent;
    private Instant closedUntil = Instant.MIN;

    Breaker(InstantSource clock, PluginLimits limits) {
        this.clock = clock;
        this.limits = limits;
        this.places = new Semaphore(limits.calls());
    }

    /** Lets a call through, or says why not; nothing was sent then. Who is let through says how it went. */
    synchronized Optional<String> enter() {
        Instant now = clock.instant();
        if (now.isBefore(closedUntil)) {
            return Optional.of(
                    "it has not answered " + silent + " calls in a row, and is left alone until " + closedUntil);
        }
        if (!places.tryAcquire()) {
            return Optional.of(limits.calls() + " calls to it are under way already");
        }
        if (silent >= limits.silentCalls()) {
            closedUntil = now.plus(pause()); // the others wait for what becomes of this one
        }
        return Optional.empty();
    }

    /** The call that was let through was answered. */
    synchronized void answered() {
        places.release();
        silent = 0;
        closedUntil = Instant.MIN;
    }

    /** Nothing came back, or nobody was there. */
    synchronized void silent() {
        places.release();
        silent++;
        if (silent >= limits.silentCalls()) {
            closedUntil = clock.instant().plus(pause());
        }
    }

    private Duration pause() {
        Duration pause = FIRST.multipliedBy(1L << Math.min(10, Math.max(0, silent - limits.silentCalls())));
        return pause.compareTo(limits.longestPause()) > 0 ? limits.longestPause() : pause;
    }
}
