package io.mooring.local.agent;

import io.mooring.local.container.ContainerLimits;
import io.mooring.local.resource.Resources;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskResourceLimitation;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;

/** The limits of an agent's containers, where they are asked for: a container may take what its executor and tasks have. */
final class Limits {
    /** The kernel tells those who wait for it; looking often enough does here. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final AgentParts parts;

    Limits(AgentParts parts) {
        this.parts = parts;
        if (parts.settings().isolation() == AgentSettings.Isolation.CGROUPS) {
            ContainerLimits.objection().ifPresent(missing -> {
                throw new IllegalArgumentException(
                        "agent " + parts.settings().name() + " cannot limit containers: " + missing);
            });
        }
    }

    /** Before the executor starts. */
    void begin(ExecutorRun run) throws IOException {
        if (parts.settings().isolation() == AgentSettings.Isolation.CGROUPS) {
            run.limits = Optional.of(ContainerLimits.create(run.containerId));
            fit(run);
        }
    }

    /** After the tasks of the run have changed. */
    void fit(ExecutorRun run) throws IOException {
        if (run.limits.isEmpty()) {
            return;
        }
        List<Resource> all = new ArrayList<>(run.executor.getResourcesList());
        for (TaskInfo task : run.queued.values()) {
            all.addAll(task.getResourcesList());
        }
        for (TaskInfo task : run.launched.values()) {
            all.addAll(task.getResourcesList());
        }
        Resources sum = Resources.of(all);
        run.limits.get().set(sum.scalar("cpus"), sum.scalar("mem"));
    }

    /** Looks after a container until it is over. */
    void watch(ExecutorRun run, Runnable exceeded) {
        if (run.limits.isEmpty() || run.phase == ExecutorRun.Phase.TERMINATED) {
            return;
        }
        if (blame(run)) {
            exceeded.run();
        } else {
            parts.loop().after(LOOK, () -> watch(run, exceeded));
        }
    }

    /** Gives true if the container took too much, which then is why it ends. */
    static boolean blame(ExecutorRun run) {
        if (run.limits.filter(ContainerLimits::exceeded).isEmpty()) {
            return false;
        }
        if (run.limitation.isEmpty()) {
            ContainerLimits limits = run.limits.get();
            run.limitation = Optional.of(TaskResourceLimitation.newBuilder()
                    .addResources(Resource.newBuilder()
                            .setName("mem")
                            .setType(Value.Type.SCALAR)
                            .setScalar(Value.Scalar.newBuilder().setValue(limits.peak())))
                    .build());
            run.cause = Optional.of(new ExecutorRun.Cause(
                    TaskStatus.Reason.REASON_CONTAINER_LIMITATION_MEMORY, limits.excess(), ExecutorRun.End.FAILED));
        }
        return true;
    }
}
