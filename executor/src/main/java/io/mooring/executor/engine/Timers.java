package io.mooring.executor.engine;

import java.time.Duration;

/** Brings an event back after a while. */
public interface Timers {
    void after(Duration pause, Event event);
}
