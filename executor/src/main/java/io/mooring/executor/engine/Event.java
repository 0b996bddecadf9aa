package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.TaskOrder;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.health.Answer;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.VolumeEvent;
import io.mooring.executor.run.ForeignLaunch;
import io.mooring.executor.run.TaskEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Everything that can wake the engine. */
public sealed interface Event {
    /** The agent accepted the subscription. */
    record Subscribed() implements Event {}

    /**
     * The agent launches a task.
     *
     * @param health the one health check that Mesos knows of; the order may have further ones
     */
    record Launched(TaskId task, TaskOrder order, Optional<HealthCheck> health) implements Event {
        /** One whose health nobody wants to know. */
        public Launched(TaskId task, TaskOrder order) {
            this(task, order, Optional.empty());
        }
    }

    /** The agent launches a task of another framework. */
    record ForeignLaunched(ForeignLaunch launch, Optional<HealthCheck> health) implements Event {}

    /** What became of its claims. */
    record Claimed(ForeignLaunched launched, ForeignPort.Claimed outcome) implements Event {}

    /** Whoever lends the volumes asks the task to end. */
    record StopAsked(String why) implements Event {}

    /** The agent launches several tasks that are to live and die together. */
    record GroupLaunched(List<TaskId> tasks) implements Event {
        public GroupLaunched {
            tasks = List.copyOf(tasks);
        }
    }

    /**
     * The workload answered a health check, that long after its start.
     *
     * @param check which of the task's
     */
    record Answered(int check, Answer answer, Duration age) implements Event {}

    /** The agent launches a task whose order cannot be read. */
    record Unreadable(TaskId task, String reason) implements Event {}

    /** The agent wants a task killed. */
    record KillWanted(TaskId task, Optional<Duration> grace) implements Event {}

    /** The agent wants the executor gone; after the grace it destroys what is left. */
    record ShutdownWanted(Duration grace) implements Event {}

    /** The agent did not come back within its recovery timeout, or does not want this executor any more. */
    record AgentLost(String reason) implements Event {}

    /** A message from the scheduler. */
    record Heard(SchedulerMessage message) implements Event {}

    /** The terminal update of a task is acknowledged, or was waited for long enough. */
    record TerminalSettled(TaskId task) implements Event {}

    /** Something happened to the task. */
    record OfTask(TaskEvent event) implements Event {}

    /** Something happened to the volume of a claim. */
    record OfVolume(ClaimId claim, VolumeEvent event) implements Event {}

    /** A one-shot order is done. */
    record ErrandDone(Status.State state, String message, ExecutorReport report) implements Event {}

    /** Time to ask for the activation again. */
    record RequestDue(Duration next) implements Event {}

    /** Time to try again to clean up a claim whose entry another executor had. */
    record CleanUpDue(ClaimedVolume volume, int attempt) implements Event {}

    /** Time to try again to let this machine have a volume that it was cut off from. */
    record UnfenceDue(VolumeName volume, int attempt) implements Event {}

    /** An attempt at that, and what stood in its way. */
    record UnfenceTried(VolumeName volume, int attempt, Optional<String> trouble) implements Event {}

    /** The plugin of a claim's volume can give it to a successor as it is. */
    record HandsOver(ClaimId claim) implements Event {}

    /** Time to ask the plugins whether the task's claims still stand. */
    record GlanceDue() implements Event {}

    /** A plugin says that a claim of the task does not stand any more. */
    record Overtaken(String why) implements Event {}

    /** A plugin of the task's volumes was asked whether it answers; empty if it did. */
    record PluginAsked(DriverName driver, Optional<String> trouble) implements Event {}

    /** The grace of a shutdown is nearly over. */
    record TimeUp() implements Event {}

    /** Time to say what does not get done. */
    record StuckDue() implements Event {}
}
