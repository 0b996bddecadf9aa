package io.mooring.local.master;

import java.time.InstantSource;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** Task statuses that the master itself makes: without uuid, so never acknowledged. */
final class Statuses {
    private final InstantSource clock;

    Statuses(InstantSource clock) {
        this.clock = clock;
    }

    TaskStatus.Builder made(TaskID task, TaskState state, TaskStatus.Reason reason, String message) {
        return TaskStatus.newBuilder()
                .setTaskId(task)
                .setState(state)
                .setMessage(message)
                .setSource(TaskStatus.Source.SOURCE_MASTER)
                .setReason(reason)
                .setTimestamp(clock.millis() / 1000.0);
    }

    TaskStatus.Builder made(TaskID task, AgentID agent, TaskState state, TaskStatus.Reason reason, String message) {
        return made(task, state, reason, message).setAgentId(agent);
    }

    /** The newer state if the framework understands it, else TASK_LOST. */
    static TaskState orLost(FrameworkEntry framework, TaskState state) {
        return framework.partitionAware() ? state : TaskState.TASK_LOST;
    }

    static Event update(TaskStatus status) {
        return Event.newBuilder()
                .setType(Event.Type.UPDATE)
                .setUpdate(Event.Update.newBuilder().setStatus(status))
                .build();
    }

    /** With the executor, if the task names one: of those that agents make for commands the master knows nothing. */
    static TaskStatus.Builder byExecutorOf(Task task, TaskStatus.Builder status) {
        return task.hasExecutorId() ? status.setExecutorId(task.getExecutorId()) : status;
    }
}
