package io.mooring.executor.engine;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.mount.MountFacts;
import java.util.List;
import java.util.Optional;

/** A workload with its mounted volumes, ready to be started. */
public record Launch(TaskId task, Workload workload, List<Mounted> volumes) {
    public Launch {
        volumes = List.copyOf(volumes);
    }

    /**
     * The name of its container, if it is one: its first claim's, so that whoever finds the container knows whose it is,
     * and no other launch has the same.
     */
    public Optional<String> containerName() {
        if (workload.container().isEmpty()) {
            return Optional.empty();
        }
        String id = volumes.isEmpty()
                ? "task-" + task.value()
                : volumes.get(0).volume().claim().value();
        return Optional.of("mooring-" + id.replaceAll("[^a-zA-Z0-9_.-]", "_"));
    }

    /** One of the volumes. */
    public record Mounted(ClaimedVolume volume, MountFacts facts, Freshness freshness) {}

    /** Whether this task's own Create made the volume. */
    public enum Freshness {
        NEW,
        KNOWN
    }
}
