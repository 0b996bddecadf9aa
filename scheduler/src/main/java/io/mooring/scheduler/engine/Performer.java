package io.mooring.scheduler.engine;

import io.mooring.scheduler.effect.Effect;

/** The port through which effects leave: Mesos calls, timers, notices. It must not block. */
public interface Performer {
    void perform(Effect effect);
}
