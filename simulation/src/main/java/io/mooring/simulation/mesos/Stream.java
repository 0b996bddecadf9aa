package io.mooring.simulation.mesos;

import io.mooring.simulation.time.Agenda;
import io.mooring.simulation.time.Dice;
import java.util.function.Consumer;

/** One subscription: events and calls, each in their order, until it is cut. What was on its way then is lost. */
public final class Stream {
    private final Agenda agenda;
    private final Dice dice;
    private final SchedulerSide scheduler;
    private long lastEvent;
    private long lastCall;
    private boolean open = true;

    Stream(Agenda agenda, Dice dice, SchedulerSide scheduler) {
        this.agenda = agenda;
        this.dice = dice;
        this.scheduler = scheduler;
    }

    boolean open() {
        return open;
    }

    void event(Consumer<SchedulerSide> event) {
        lastEvent = Math.max(lastEvent, agenda.now() + dice.millis(1, 10));
        agenda.in(lastEvent - agenda.now(), () -> {
            if (open) {
                event.accept(scheduler);
            }
        });
    }

    /** A call of the scheduler, for the master as soon as it is there, if this is its stream still. */
    void call(Runnable call) {
        lastCall = Math.max(lastCall, agenda.now() + dice.millis(1, 10));
        agenda.in(lastCall - agenda.now(), () -> {
            if (open) {
                call.run();
            }
        });
    }

    void cut() {
        if (open) {
            open = false;
            agenda.in(dice.millis(1, 100), scheduler::disconnected);
        }
    }
}
