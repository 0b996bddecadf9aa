package io.mooring.common.probe;

import io.mooring.common.health.Answer;
import io.mooring.common.health.Probe;
import java.time.Duration;

/** Asks a task one question. */
@FunctionalInterface
public interface Prober {
    /**
     * Waits for the answer, at most the timeout; zero for as long as it takes.
     *
     * @throws InterruptedException when nobody wants the answer any more; nothing of the question is left then
     */
    Answer ask(Probe probe, Duration timeout) throws InterruptedException;
}
