package io.mooring.scheduler.task;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.definition.AppId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One task, from the commit of its launch until its end is settled.
 *
 * @param app the app that it is an instance of; empty for volume operations
 * @param appVersion the app's version when it was launched
 * @param target the volume of a volume operation
 * @param claims what was granted with it, or what a clean-up is about
 * @param slots attach slots it takes on its agent
 */
public record Task(
        TaskId id,
        TaskKind kind,
        Optional<AppId> app,
        Optional<Instant> appVersion,
        int instance,
        Optional<VolumeName> target,
        AgentId agent,
        MachineKey machine,
        String hostname,
        List<Integer> ports,
        List<ClaimId> claims,
        int slots,
        TaskState state,
        Goal goal,
        Instant stagedAt,
        Optional<Instant> startedAt) {
    /** What is wanted of the task. */
    public enum Goal {
        RUN,
        STOP
    }

    public Task {
        ports = List.copyOf(ports);
        claims = List.copyOf(claims);
    }

    public Task in(TaskState next, Instant now) {
        Optional<Instant> started = next == TaskState.RUNNING && startedAt.isEmpty() ? Optional.of(now) : startedAt;
        return new Task(
                id,
                kind,
                app,
                appVersion,
                instance,
                target,
                agent,
                machine,
                hostname,
                ports,
                claims,
                slots,
                next,
                goal,
                stagedAt,
                started);
    }

    public Task stopping() {
        return new Task(
                id,
                kind,
                app,
                appVersion,
                instance,
                target,
                agent,
                machine,
                hostname,
                ports,
                claims,
                slots,
                state,
                Goal.STOP,
                stagedAt,
                startedAt);
    }
}
