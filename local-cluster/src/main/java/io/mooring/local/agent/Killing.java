package io.mooring.local.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskGroupInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** Kills of single tasks, wanted by a framework or by the draining of the agent. */
final class Killing {
    private final AgentParts parts;
    private final AgentStatuses statuses;

    Killing(AgentParts parts, AgentStatuses statuses) {
        this.parts = parts;
        this.statuses = statuses;
    }

    /** A task that no executor has is nobody's here; the framework hears of it by reconciliation. */
    void kill(FrameworkID framework, TaskID task, Optional<KillPolicy> policy) {
        for (ExecutorRun run : parts.state().running()) {
            if (run.frameworkId().equals(framework.getValue())) {
                kill(run, task, policy);
            }
        }
    }

    private void kill(ExecutorRun run, TaskID task, Optional<KillPolicy> policy) {
        if (run.queued.containsKey(task.getValue())) {
            killQueued(run, task);
        } else if (run.phase == ExecutorRun.Phase.RUNNING && run.launched.containsKey(task.getValue())) {
            run.send(ExecutorEvents.kill(task, policy));
        }
    }

    /** Of a group that is not delivered all die with one. */
    private void killQueued(ExecutorRun run, TaskID task) {
        Optional<TaskGroupInfo> group = run.queuedGroups.stream()
                .filter(each -> each.getTasksList().stream()
                        .anyMatch(member -> member.getTaskId().equals(task)))
                .findFirst();
        List<TaskID> victims = group.map(each ->
                        each.getTasksList().stream().map(TaskInfo::getTaskId).toList())
                .orElse(List.of(task));
        String why = group.isPresent()
                ? "A task within the task group was killed before delivery to the executor"
                : "Killed before delivery to the executor";
        group.ifPresent(run.queuedGroups::remove);
        for (TaskID victim : victims) {
            run.queued.remove(victim.getValue());
            statuses.send(run, victim, TaskState.TASK_KILLED, TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH, why);
        }
    }

    void drain(DrainConfig config) {
        parts.state().draining = Optional.of(config);
        for (ExecutorRun run : parts.state().running()) {
            List<TaskInfo> tasks = new ArrayList<>(run.queued.values());
            tasks.addAll(run.launched.values());
            for (TaskInfo task : tasks) {
                String id = task.getTaskId().getValue();
                if (!Tasks.isTerminal(parts.updates().latest(run.frameworkId(), id))) {
                    kill(run, task.getTaskId(), drainPolicy(config, task));
                }
            }
        }
    }

    /** The task's own grace period, cut to the drain's; none if the drain has no bound. */
    private static Optional<KillPolicy> drainPolicy(DrainConfig config, TaskInfo task) {
        if (!config.hasMaxGracePeriod()) {
            return Optional.empty();
        }
        long max = config.getMaxGracePeriod().getNanoseconds();
        long own = task.getKillPolicy().hasGracePeriod()
                ? task.getKillPolicy().getGracePeriod().getNanoseconds()
                : max;
        return Optional.of(KillPolicy.newBuilder()
                .setGracePeriod(config.getMaxGracePeriod().toBuilder().setNanoseconds(Math.min(own, max)))
                .build());
    }

    void reactivate() {
        parts.state().draining = Optional.empty();
    }
}
