package io.mooring.executor.engine;

import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.mount.MountFacts;
import java.util.List;

/** A workload with its mounted volumes, ready to be started. */
public record Launch(TaskId task, Workload workload, List<Mounted> volumes) {
    public Launch {
        volumes = List.copyOf(volumes);
    }

    /** One of the volumes. */
    public record Mounted(ClaimedVolume volume, MountFacts facts, Freshness freshness) {}

    /** Whether this task's own Create made the volume. */
    public enum Freshness {
        NEW,
        KNOWN
    }
}
