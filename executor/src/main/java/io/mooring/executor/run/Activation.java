package io.mooring.executor.run;

import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.command.SchedulerMessage.HandOver;
import io.mooring.common.command.SchedulerMessage.Superseded;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.run.TaskEvent.StopWanted;
import java.util.Optional;

/** Which answers to an activation request count: those of a leader that is not deposed, for exactly these claims. */
public final class Activation {
    private final TaskId task;
    private final RunWorkload order;

    public Activation(TaskId task, RunWorkload order) {
        this.task = task;
        this.order = order;
    }

    /**
     * The event that a message is, or empty if it is to be ignored.
     *
     * @param highestEpoch the highest that this machine has seen
     */
    public Optional<TaskEvent> read(SchedulerMessage message, long highestEpoch) {
        // A deposed leader may still have a GO under way; its epoch gives it away.
        if (!message.task().equals(task) || message.epoch() < Math.max(order.epoch(), highestEpoch)) {
            return Optional.empty();
        }
        if (message instanceof Go go) {
            return covers(go) ? Optional.of(new TaskEvent.Granted()) : Optional.empty();
        }
        if (message instanceof Superseded superseded) {
            return overtakes(superseded)
                    ? Optional.of(StopWanted.overtaken("volume '" + superseded.volume()
                            + "' was given to another task under fence " + superseded.fence()))
                    : Optional.empty();
        }
        return message instanceof Deny deny ? Optional.of(new TaskEvent.Denied(deny.reason())) : Optional.empty();
    }

    /**
     * Whether a message says that a successor on this machine is to have the volumes as they are.
     *
     * @param highestEpoch the highest that this machine has seen
     */
    public boolean wantsHandOver(SchedulerMessage message, long highestEpoch) {
        return message instanceof HandOver
                && message.task().equals(task)
                && message.epoch() >= Math.max(order.epoch(), highestEpoch);
    }

    private boolean overtakes(Superseded superseded) {
        return order.volumes().stream()
                .anyMatch(volume ->
                        volume.request().name().equals(superseded.volume()) && volume.fence() < superseded.fence());
    }

    private boolean covers(Go go) {
        return order.volumes().stream()
                .allMatch(volume -> go.grants().contains(new Grant(volume.claim(), volume.fence())));
    }
}
