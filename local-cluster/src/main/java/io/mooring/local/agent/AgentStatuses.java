package io.mooring.local.agent;

import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** The updates that the agent itself makes. */
final class AgentStatuses {
    private final AgentParts parts;

    AgentStatuses(AgentParts parts) {
        this.parts = parts;
    }

    void send(ExecutorRun run, TaskID task, TaskState state, TaskStatus.Reason reason, String message) {
        TaskStatus.Builder status = TaskStatus.newBuilder()
                .setTaskId(task)
                .setState(state)
                .setMessage(message)
                .setSource(TaskStatus.Source.SOURCE_AGENT)
                .setReason(reason)
                .setAgentId(parts.state().info.getId())
                .setExecutorId(run.executor.getExecutorId())
                .setTimestamp(parts.clock().millis() / 1000.0)
                .setUuid(Tasks.newUuid());
        run.limitation.ifPresent(status::setLimitation);
        parts.updates().add(run, status.build());
    }

    /** A task that never got to its executor. */
    void dropped(ExecutorRun run, TaskID task, TaskStatus.Reason reason, String message) {
        send(run, task, orLost(run, TaskState.TASK_DROPPED), reason, message);
    }

    /** The state, or LOST for a framework that does not know it. */
    static TaskState orLost(ExecutorRun run, TaskState state) {
        boolean aware = run.framework.getCapabilitiesList().stream()
                .anyMatch(each -> each.getType() == FrameworkInfo.Capability.Type.PARTITION_AWARE);
        return aware ? state : TaskState.TASK_LOST;
    }
}
