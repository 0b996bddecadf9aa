package io.mooring.scheduler.engine;

import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Notice;
import java.util.function.Consumer;

/** Sends each effect to the shell that does it. */
public final class Effects implements Performer {
    private final Performer mesos;
    private final Performer readiness;
    private final Timers timers;
    private final Consumer<Notice> notices;

    public Effects(Performer mesos, Performer readiness, Timers timers, Consumer<Notice> notices) {
        this.mesos = mesos;
        this.readiness = readiness;
        this.timers = timers;
        this.notices = notices;
    }

    @Override
    public void perform(Effect effect) {
        if (effect instanceof Effect.StartTimer start) {
            timers.start(start.timer(), start.at());
        } else if (effect instanceof Effect.AskReadiness) {
            readiness.perform(effect);
        } else if (effect instanceof Effect.Publish publish) {
            notices.accept(publish.notice());
        } else {
            mesos.perform(effect);
        }
    }
}
