package io.mooring.common.command;

import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import java.util.List;

/** A framework message from the scheduler to an executor. It may be lost; the executor asks again. */
public sealed interface SchedulerMessage {
    TaskId task();

    long epoch();

    /** All claims of the task are activated: the executor may now touch the volumes. */
    record Go(TaskId task, long epoch, List<Grant> grants) implements SchedulerMessage {
        public Go {
            grants = List.copyOf(grants);
        }
    }

    /** The claims are not this task's any more: it must never touch the volumes. */
    record Deny(TaskId task, long epoch, String reason) implements SchedulerMessage {}

    /**
     * Somebody else owns the volume now, under this higher fence: the workload has to end at once, without any grace, and
     * what this executor still holds has to go.
     */
    record Superseded(TaskId task, long epoch, VolumeName volume, long fence) implements SchedulerMessage {}

    /**
     * The kill that follows makes room for a successor on this machine: end the workload, and leave the volumes attached and
     * mounted for it.
     */
    record HandOver(TaskId task, long epoch) implements SchedulerMessage {}

    /** The right to use one volume under one fence. */
    record Grant(ClaimId claim, long fence) {}
}
