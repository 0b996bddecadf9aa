package io.mooring.local.agent;

import com.google.protobuf.ByteString;
import io.mooring.local.wire.EventSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.TaskGroupInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.executor.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks on their way to an executor, and the executor's subscription. */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final AgentParts parts;
    private final AgentStatuses statuses;
    private final ExecutorUpdates executorUpdates;
    private final Ending ending;
    private final Limits limits;

    Delivery(AgentParts parts, AgentStatuses statuses, ExecutorUpdates executorUpdates, Ending ending, Limits limits) {
        this.parts = parts;
        this.statuses = statuses;
        this.executorUpdates = executorUpdates;
        this.ending = ending;
        this.limits = limits;
    }

    /** Delivers the tasks, or keeps them until the executor is there. */
    void add(ExecutorRun run, List<TaskInfo> tasks, Optional<TaskGroupInfo> group) {
        switch (run.phase) {
            case REGISTERING -> {
                tasks.forEach(task -> {
                    run.queued.put(task.getTaskId().getValue(), task);
                    parts.checkpoint().append(run.containerId, new Checkpoint.Launched(task));
                });
                group.ifPresent(run.queuedGroups::add);
            }
            case RUNNING -> {
                tasks.forEach(task -> {
                    parts.checkpoint().append(run.containerId, new Checkpoint.Launched(task));
                    parts.operations().showVolumes(task.getResourcesList(), run.sandbox);
                });
                deliver(run, tasks, group);
                raiseLimits(run);
            }
            case TERMINATING -> refuse(run, tasks, "Executor terminating");
            case TERMINATED -> refuse(run, tasks, "Executor terminated");
        }
    }

    private void raiseLimits(ExecutorRun run) {
        try {
            limits.fit(run);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("executor", run.executorId()).log("limits not raised");
        }
    }

    private void refuse(ExecutorRun run, List<TaskInfo> tasks, String why) {
        tasks.forEach(
                task -> statuses.dropped(run, task.getTaskId(), TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, why));
    }

    private static void deliver(ExecutorRun run, List<TaskInfo> tasks, Optional<TaskGroupInfo> group) {
        run.everSentTask = true;
        tasks.forEach(task -> run.launched.put(task.getTaskId().getValue(), task));
        if (group.isPresent()) {
            run.send(ExecutorEvents.launchGroup(group.get()));
        } else {
            tasks.forEach(task -> run.send(ExecutorEvents.launch(task)));
        }
    }

    void subscribe(ExecutorRun run, Call.Subscribe subscribe, EventSink sink) {
        if (run.phase == ExecutorRun.Phase.TERMINATING || run.phase == ExecutorRun.Phase.TERMINATED || run.silenced) {
            sink.send(ExecutorEvents.shutdown());
            sink.end();
            return;
        }
        run.sink.ifPresent(EventSink::end);
        run.sink = Optional.of(sink);
        run.registrationTimer.cancel();
        // A stream that drops changes nothing: calls are still taken, events are lost, as with real agents.
        run.phase = ExecutorRun.Phase.RUNNING;
        subscribe.getUnacknowledgedUpdatesList().forEach(update -> executorUpdates.update(run, update.getStatus()));
        dropWhatItNeverGot(run, subscribe);
        if (!run.everSentTask && run.queued.isEmpty()) {
            ending.shutdown(run);
            return;
        }
        run.send(ExecutorEvents.subscribed(run, parts.state().info));
        deliverQueued(run);
    }

    private static void deliverQueued(ExecutorRun run) {
        List<TaskInfo> single = new ArrayList<>(run.queued.values());
        List<TaskGroupInfo> groups = List.copyOf(run.queuedGroups);
        groups.forEach(group -> single.removeAll(group.getTasksList()));
        run.queued.clear();
        run.queuedGroups.clear();
        if (!single.isEmpty()) {
            deliver(run, single, Optional.empty());
        }
        groups.forEach(group -> deliver(run, group.getTasksList(), Optional.of(group)));
    }

    /** A task that was on its way when the agent died, and of which the executor knows nothing. */
    private void dropWhatItNeverGot(ExecutorRun run, Call.Subscribe subscribe) {
        for (TaskInfo task : List.copyOf(run.launched.values())) {
            String id = task.getTaskId().getValue();
            boolean listed = subscribe.getUnacknowledgedTasksList().stream()
                    .anyMatch(each -> each.getTaskId().getValue().equals(id));
            if (!listed && parts.updates().latest(run.frameworkId(), id) == TaskState.TASK_STAGING) {
                statuses.dropped(
                        run,
                        task.getTaskId(),
                        TaskStatus.Reason.REASON_AGENT_RESTARTED,
                        "Task launched during agent restart");
            }
        }
    }

    void message(FrameworkID framework, String executor, ByteString data) {
        parts.state()
                .find(framework.getValue(), executor)
                .filter(run -> run.phase == ExecutorRun.Phase.RUNNING)
                .ifPresent(run -> run.send(ExecutorEvents.message(data)));
    }
}
