package io.mooring.executor.run;

import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.TaskId;
import java.util.Optional;

/** Which answers to an activation request count: those of a leader that is not deposed, for exactly these claims. */
public final class Activation {
    private final TaskId task;
    private final RunWorkload order;

    public Activation(TaskId task, RunWorkload order) {
        this.task = task;
        this.order = order;
    }

    /** The event that a message is, or empty if it is to be ignored. */
    public Optional<TaskEvent> read(SchedulerMessage message) {
        // A deposed leader may still have a GO under way; its epoch gives it away.
        if (!message.task().equals(task) || message.epoch() < order.epoch()) {
            return Optional.empty();
        }
        if (message instanceof Deny deny) {
            return Optional.of(new TaskEvent.Denied(deny.reason()));
        }
        return covers((Go) message) ? Optional.of(new TaskEvent.Granted()) : Optional.empty();
    }

    private boolean covers(Go go) {
        return order.volumes().stream()
                .allMatch(volume -> go.grants().contains(new Grant(volume.claim(), volume.fence())));
    }
}
