package io.mooring.local.legacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.resource.Resources;
import java.util.List;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** A task as the endpoints without a version write it. */
public final class LegacyTask {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Those states that {@code /state-summary} counts. */
    public static final List<TaskState> SUMMED = List.of(
            TaskState.TASK_STAGING,
            TaskState.TASK_STARTING,
            TaskState.TASK_RUNNING,
            TaskState.TASK_KILLING,
            TaskState.TASK_FINISHED,
            TaskState.TASK_KILLED,
            TaskState.TASK_FAILED,
            TaskState.TASK_LOST,
            TaskState.TASK_ERROR,
            TaskState.TASK_UNREACHABLE);

    private LegacyTask() {}

    public static ObjectNode of(Task task) {
        ObjectNode each = JSON.createObjectNode()
                .put("id", task.getTaskId().getValue())
                .put("name", task.getName())
                .put("framework_id", task.getFrameworkId().getValue())
                .put("executor_id", task.getExecutorId().getValue())
                .put("slave_id", task.getAgentId().getValue())
                .put("state", task.getState().name());
        each.set("resources", LegacyResources.of(Resources.of(task.getResourcesList())));
        if (task.getResourcesCount() > 0) {
            each.put("role", task.getResources(0).getAllocationInfo().getRole());
        }
        ArrayNode statuses = each.putArray("statuses");
        task.getStatusesList().forEach(status -> statuses.add(status(status)));
        if (task.hasLabels()) {
            each.set("labels", Messages.array(task.getLabels().getLabelsList()));
        }
        if (task.hasDiscovery()) {
            each.set("discovery", Messages.json(task.getDiscovery()));
        }
        if (task.hasContainer()) {
            each.set("container", Messages.json(task.getContainer()));
        }
        if (task.hasHealthCheck()) {
            each.set("health_check", Messages.json(task.getHealthCheck()));
        }
        return each;
    }

    private static ObjectNode status(TaskStatus status) {
        ObjectNode each =
                JSON.createObjectNode().put("state", status.getState().name()).put("timestamp", status.getTimestamp());
        if (status.hasLabels()) {
            each.set("labels", Messages.array(status.getLabels().getLabelsList()));
        }
        if (status.hasContainerStatus()) {
            each.set(
                    "container_status",
                    Messages.json(status.getContainerStatus().toBuilder()
                            .clearExecutorPid()
                            .build()));
        }
        if (status.hasHealthy()) {
            each.put("healthy", status.getHealthy());
        }
        return each;
    }
}
