package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.task.Report;
import java.util.List;
import java.util.Optional;

/**
 * What Mesos, or an executor through it, says of a task.
 *
 * @param reason Mesos' word for why, empty if none
 * @param uuid there if the update has to be acknowledged
 * @param content what an executor of ours sent along
 * @param health what it says of the task's health
 */
public record StatusUpdate(
        TaskId task,
        Optional<AgentId> agent,
        Report report,
        Source source,
        String reason,
        String message,
        Optional<List<Byte>> uuid,
        Optional<ExecutorReport> content,
        TaskHealth.Verdict health) {
    /** One that says nothing of the task's health. */
    public StatusUpdate(
            TaskId task,
            Optional<AgentId> agent,
            Report report,
            Source source,
            String reason,
            String message,
            Optional<List<Byte>> uuid,
            Optional<ExecutorReport> content) {
        this(task, agent, report, source, reason, message, uuid, content, TaskHealth.Verdict.UNKNOWN);
    }

    /** Who made the update. */
    public enum Source {
        EXECUTOR,
        AGENT,
        MASTER
    }
}
