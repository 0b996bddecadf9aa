package io.mooring.executor.mesos;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.executor.Protos.Call.Subscribe;
import org.apache.mesos.v1.executor.Protos.Call.Update;

/**
 * What the agent has not acknowledged: updates in the order they were made, and tasks no update of which it has. Both
 * go into every SUBSCRIBE; a task that is missing there would be reported as dropped.
 */
final class Outbox {
    private final Map<ByteString, Update> updates = new LinkedHashMap<>();
    private final Map<String, TaskInfo> tasks = new LinkedHashMap<>();

    synchronized void launched(TaskInfo task) {
        tasks.put(task.getTaskId().getValue(), task);
    }

    synchronized void add(Update update) {
        updates.put(update.getStatus().getUuid(), update);
    }

    /** The update that is acknowledged, if it was one of ours and not acknowledged before. */
    synchronized Optional<Update> acknowledged(ByteString uuid) {
        Update update = updates.remove(uuid);
        if (update != null) {
            tasks.remove(update.getStatus().getTaskId().getValue());
        }
        return Optional.ofNullable(update);
    }

    synchronized boolean holds(Update update) {
        return updates.containsKey(update.getStatus().getUuid());
    }

    synchronized List<Update> updates() {
        return new ArrayList<>(updates.values());
    }

    synchronized Subscribe subscription() {
        return Subscribe.newBuilder()
                .addAllUnacknowledgedTasks(tasks.values())
                .addAllUnacknowledgedUpdates(updates.values())
                .build();
    }
}
