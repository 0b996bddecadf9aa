package io.mooring.scheduler.effect;

import io.mooring.common.command.TaskOrder;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.definition.Definition.FetchUri;
import io.mooring.scheduler.definition.Resources;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One task to be launched with an offer.
 *
 * @param resources the task's own; the executor's come on top
 * @param killGrace what Mesos is told as the task's kill policy
 * @param acceptedRoles whose resources it may use; empty for all
 * @param labels from which the claims could be rebuilt if ZooKeeper were lost
 * @param health what its executor asks it, as far as Mesos is told; the order has the rest
 */
public record Launch(
        TaskId task,
        String name,
        Resources resources,
        List<Integer> ports,
        int slots,
        TaskOrder order,
        List<FetchUri> fetch,
        Duration killGrace,
        List<String> acceptedRoles,
        Map<String, String> labels,
        Optional<HealthCheck> health) {
    public Launch {
        acceptedRoles = List.copyOf(acceptedRoles);
        ports = List.copyOf(ports);
        fetch = List.copyOf(fetch);
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A launch that uses whatever is offered. */
    public Launch(
            TaskId task,
            String name,
            Resources resources,
            List<Integer> ports,
            int slots,
            TaskOrder order,
            List<FetchUri> fetch,
            Duration killGrace,
            Map<String, String> labels) {
        this(task, name, resources, ports, slots, order, fetch, killGrace, List.of(), labels, Optional.empty());
    }
}
