package io.mooring.scheduler.engine;

import io.mooring.scheduler.effect.Timer;
import java.time.Instant;

/** The port to time: each timer comes back as an event when its time has come. */
public interface Timers {
    void start(Timer timer, Instant at);
}
