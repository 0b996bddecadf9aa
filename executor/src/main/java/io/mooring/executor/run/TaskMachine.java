package io.mooring.executor.run;

import io.mooring.executor.run.TaskEffect.AwaitAnswer;
import io.mooring.executor.run.TaskEffect.CheckOrder;
import io.mooring.executor.run.TaskEffect.Enforce;
import io.mooring.executor.run.TaskEffect.JournalGo;
import io.mooring.executor.run.TaskEffect.JournalIntent;
import io.mooring.executor.run.TaskEffect.Leave;
import io.mooring.executor.run.TaskEffect.MountVolume;
import io.mooring.executor.run.TaskEffect.ReleaseVolume;
import io.mooring.executor.run.TaskEffect.SendKilling;
import io.mooring.executor.run.TaskEffect.SendRunning;
import io.mooring.executor.run.TaskEffect.SendStarting;
import io.mooring.executor.run.TaskEffect.SendTerminal;
import io.mooring.executor.run.TaskEffect.ShortenGrace;
import io.mooring.executor.run.TaskEffect.StartWorkload;
import io.mooring.executor.run.TaskEffect.Terminate;
import io.mooring.executor.run.TaskEvent.Denied;
import io.mooring.executor.run.TaskEvent.Ended;
import io.mooring.executor.run.TaskEvent.Launched;
import io.mooring.executor.run.TaskEvent.NotStarted;
import io.mooring.executor.run.TaskEvent.Silence;
import io.mooring.executor.run.TaskEvent.StopWanted;
import io.mooring.executor.run.TaskEvent.Unfit;
import io.mooring.executor.run.TaskEvent.VolumeFailed;
import io.mooring.executor.run.TaskEvent.VolumeReady;
import io.mooring.executor.run.TaskEvent.VolumeReleased;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The life of the one task of an executor: no mount without a GO, no workload before all volumes
 * are mounted, no unmount before the workload's namespace is gone, no terminal update before all volumes are released.
 *
 * <p>An event that does not belong to the phase is late or a duplicate and changes nothing.
 */
public final class TaskMachine {
    /** What an event means in a state. */
    public TaskTransition next(TaskState state, TaskEvent event) {
        return switch (event.kind()) {
            case LAUNCHED -> launched(state, (Launched) event);
            case FIT -> fit(state);
            case UNFIT -> unfit(state, ((Unfit) event).reason());
            case JOURNALED -> journaled(state);
            case GRANTED -> granted(state);
            case DENIED -> abandoned(state, "the scheduler denied the claim: " + ((Denied) event).reason());
            case SILENCE ->
                abandoned(
                        state,
                        "the scheduler did not activate the claim within " + seconds(((Silence) event).waited()));
            case VOLUME_READY -> volumeReady(state, (VolumeReady) event);
            case VOLUME_FAILED -> volumeFailed(state, (VolumeFailed) event);
            case VOLUME_RELEASED -> volumeReleased(state, (VolumeReleased) event);
            case STARTED -> started(state);
            case NOT_STARTED -> notStarted(state, ((NotStarted) event).reason());
            case ENDED -> ended(state, ((Ended) event).exit());
            case STOP_WANTED -> stopWanted(state, (StopWanted) event);
            case GRACE_OVER -> graceOver(state);
            case ACKNOWLEDGED -> acknowledged(state);
        };
    }

    private static TaskTransition launched(TaskState state, Launched order) {
        if (state.phase() != TaskPhase.IDLE) {
            return late(state);
        }
        TaskState next =
                new TaskState(TaskPhase.CHECKING, order.volumes(), 0, order.killGrace(), state.stop(), state.end());
        return TaskTransition.of(next, new CheckOrder());
    }

    private static TaskTransition fit(TaskState state) {
        if (state.phase() != TaskPhase.CHECKING) {
            return late(state);
        }
        if (state.stop().isPresent()) {
            return release(state.endingAs(killed(state)));
        }
        if (state.volumes() == 0) {
            return TaskTransition.of(state.in(TaskPhase.STARTING), new SendStarting(), new StartWorkload());
        }
        return TaskTransition.of(state, new JournalIntent());
    }

    private static TaskTransition unfit(TaskState state, String reason) {
        // Also when the journal cannot be written, or a fence is stale: nothing was touched in any of these.
        return state.phase() == TaskPhase.CHECKING ? release(state.endingAs(TaskEnd.failed(reason))) : late(state);
    }

    private static TaskTransition journaled(TaskState state) {
        if (state.phase() != TaskPhase.CHECKING) {
            return late(state);
        }
        if (state.stop().isPresent()) {
            return release(state.endingAs(killed(state)));
        }
        return TaskTransition.of(state.in(TaskPhase.WAITING), new SendStarting(), new AwaitAnswer());
    }

    private static TaskTransition granted(TaskState state) {
        if (state.phase() != TaskPhase.WAITING) {
            return late(state);
        }
        return TaskTransition.of(state.in(TaskPhase.MOUNTING).at(0), new JournalGo(), new MountVolume(0));
    }

    private static TaskTransition abandoned(TaskState state, String reason) {
        return state.phase() == TaskPhase.WAITING ? release(state.endingAs(TaskEnd.failed(reason))) : late(state);
    }

    private static TaskTransition volumeReady(TaskState state, VolumeReady event) {
        if (state.phase() != TaskPhase.MOUNTING || event.index() != state.current()) {
            return late(state);
        }
        if (state.stop().isPresent()) {
            return release(state.endingAs(killed(state)));
        }
        int following = state.current() + 1;
        return following < state.volumes()
                ? TaskTransition.of(state.at(following), new MountVolume(following))
                : TaskTransition.of(state.in(TaskPhase.STARTING), new StartWorkload());
    }

    private static TaskTransition volumeFailed(TaskState state, VolumeFailed event) {
        if (state.phase() != TaskPhase.MOUNTING || event.index() != state.current()) {
            return late(state);
        }
        return release(state.endingAs(state.stop().isPresent() ? killed(state) : TaskEnd.failed(event.reason())));
    }

    private static TaskTransition started(TaskState state) {
        if (state.phase() != TaskPhase.STARTING) {
            return late(state);
        }
        if (state.stop().isPresent()) {
            return terminate(state, new SendRunning());
        }
        return TaskTransition.of(state.in(TaskPhase.RUNNING), new SendRunning());
    }

    private static TaskTransition notStarted(TaskState state, String reason) {
        return state.phase() == TaskPhase.STARTING
                ? release(state.endingAs(state.stop().isPresent() ? killed(state) : TaskEnd.failed(reason)))
                : late(state);
    }

    private static TaskTransition ended(TaskState state, Exit exit) {
        return switch (state.phase()) {
            case RUNNING -> release(state.endingAs(byItself(exit)));
            case STOPPING, ENFORCING ->
                release(state.endingAs(TaskEnd.killed(why(state) + "; the workload " + exit.words())));
            case IDLE, CHECKING, WAITING, MOUNTING, STARTING, RELEASING, ENDING, OVER -> late(state);
        };
    }

    private static TaskTransition stopWanted(TaskState state, StopWanted wanted) {
        TaskState next = state.stopping(wanted);
        return switch (state.phase()) {
            case IDLE -> TaskTransition.of(next.in(TaskPhase.OVER), new Leave());
            case WAITING -> release(next.endingAs(killed(next)), new SendKilling(wanted.why()));
            case RUNNING -> terminate(next);
            case STOPPING -> stopSooner(state, next);
            // What is under way cannot be called back; it is undone as soon as it is done.
            case CHECKING, MOUNTING, STARTING -> TaskTransition.of(next, new SendKilling(wanted.why()));
            case ENFORCING, RELEASING, ENDING, OVER -> late(state);
        };
    }

    private static TaskTransition terminate(TaskState state, TaskEffect... before) {
        StopWanted stop = state.stop().orElseThrow();
        List<TaskEffect> effects = new ArrayList<>(List.of(before));
        effects.add(new SendKilling(stop.why()));
        effects.add(new Terminate(stop.grace().orElse(state.killGrace())));
        return new TaskTransition(state.in(TaskPhase.STOPPING), effects);
    }

    /** A repeated kill is no news, but may shorten the grace. */
    private static TaskTransition stopSooner(TaskState before, TaskState state) {
        StopWanted stop = state.stop().orElseThrow();
        List<TaskEffect> effects = new ArrayList<>();
        if (!why(before).equals(stop.why())) {
            effects.add(new SendKilling(stop.why()));
        }
        effects.add(new ShortenGrace(stop.grace().orElse(state.killGrace())));
        return new TaskTransition(state, effects);
    }

    private static TaskTransition graceOver(TaskState state) {
        return state.phase() == TaskPhase.STOPPING
                ? TaskTransition.of(state.in(TaskPhase.ENFORCING), new Enforce())
                : late(state);
    }

    private static TaskTransition volumeReleased(TaskState state, VolumeReleased event) {
        if (state.phase() != TaskPhase.RELEASING || event.index() != state.current()) {
            return late(state);
        }
        if (state.current() > 0) {
            int before = state.current() - 1;
            return TaskTransition.of(state.at(before), new ReleaseVolume(before));
        }
        return end(state);
    }

    /** All of them, also those that were never touched: each has a record in the terminal update. */
    private static TaskTransition release(TaskState state, TaskEffect... before) {
        if (state.volumes() == 0) {
            TaskTransition end = end(state);
            List<TaskEffect> effects = new ArrayList<>(List.of(before));
            effects.addAll(end.effects());
            return new TaskTransition(end.state(), effects);
        }
        int last = state.volumes() - 1;
        List<TaskEffect> effects = new ArrayList<>(List.of(before));
        effects.add(new ReleaseVolume(last));
        return new TaskTransition(state.in(TaskPhase.RELEASING).at(last), effects);
    }

    private static TaskTransition end(TaskState state) {
        return TaskTransition.of(
                state.in(TaskPhase.ENDING), new SendTerminal(state.end().orElseThrow()));
    }

    private static TaskTransition acknowledged(TaskState state) {
        return state.phase() == TaskPhase.ENDING
                ? TaskTransition.of(state.in(TaskPhase.OVER), new Leave())
                : late(state);
    }

    private static TaskEnd byItself(Exit exit) {
        return new TaskEnd(
                exit.success() ? TaskEnd.Outcome.FINISHED : TaskEnd.Outcome.FAILED, "the workload " + exit.words());
    }

    private static TaskEnd killed(TaskState state) {
        return TaskEnd.killed(why(state) + " before the workload started");
    }

    private static String why(TaskState state) {
        return state.stop().map(StopWanted::why).orElse("killed");
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    private static TaskTransition late(TaskState state) {
        return TaskTransition.of(state);
    }
}
