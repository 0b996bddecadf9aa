package io.mooring.scheduler.cluster;

import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.task.ForeignTask;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tasks of other frameworks that hold claims, or held some a while ago. */
public final class ForeignTasks {
    private final SortedMap<ClaimId, ForeignTask> byId = new TreeMap<>();
    private final Map<TaskId, ForeignTask> byTask = new HashMap<>();
    private int live;

    void put(ForeignTask foreign) {
        remove(foreign.id());
        byId.put(foreign.id(), foreign);
        if (foreign.live()) {
            byTask.put(foreign.order().task(), foreign);
            live++;
        }
    }

    void remove(ClaimId id) {
        ForeignTask before = byId.remove(id);
        if (before != null && before.live()) {
            byTask.remove(before.order().task());
            live--;
        }
    }

    public Optional<ForeignTask> find(ClaimId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The one that holds claims as that task. */
    public Optional<ForeignTask> of(TaskId task) {
        return Optional.ofNullable(byTask.get(task));
    }

    public Collection<ForeignTask> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /** How many hold something. */
    public int live() {
        return live;
    }
}
