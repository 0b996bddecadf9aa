package io.mooring.scheduler.placement;

import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.volume.Volume;
import java.util.List;

/**
 * One instance that waits for a place.
 *
 * @param resources the task's with its executor's
 * @param volumes the volumes that it needs, as they are recorded
 * @param siblings the app's other tasks, for constraints
 */
public record TaskRequest(
        AppId app, Definition definition, Resources resources, List<Volume> volumes, List<Task> siblings) {
    public TaskRequest {
        volumes = List.copyOf(volumes);
        siblings = List.copyOf(siblings);
    }
}
