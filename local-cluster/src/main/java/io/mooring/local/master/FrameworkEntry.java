package io.mooring.local.master;

import io.mooring.local.loop.EventLoop;
import io.mooring.local.wire.EventSink;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** A framework that has subscribed and was not removed. */
final class FrameworkEntry {
    /** How many that are gone a master remembers, as many as a real one. */
    static final int KEPT_FRAMEWORKS = 50;

    private static final int KEPT_TASKS = 1000;

    /** One subscription: the id that every other call has to name, and the stream. */
    record Subscription(String streamId, EventSink sink) {}

    final String id;
    FrameworkInfo info;
    final Instant registered;
    Instant reregistered;
    Optional<Instant> unregistered = Optional.empty();

    /** Known only from its agents: it has not subscribed since this master leads. */
    boolean recovered;

    Optional<Subscription> subscription = Optional.empty();
    final Set<String> suppressedRoles = new HashSet<>();
    OfferConstraintsFilter constraints = OfferConstraintsFilter.NONE;
    final Map<String, TaskEntry> tasks = new LinkedHashMap<>();
    final Map<String, TaskEntry> unreachable = new LinkedHashMap<>();
    private final Deque<Task> completed = new ArrayDeque<>();
    EventLoop.Timer heartbeat = () -> {};
    EventLoop.Timer failover = () -> {};

    FrameworkEntry(FrameworkInfo info, Instant registered) {
        this.id = info.getId().getValue();
        this.info = info;
        this.registered = registered;
        this.reregistered = registered;
    }

    FrameworkID frameworkId() {
        return info.getId();
    }

    boolean connected() {
        return subscription.isPresent();
    }

    boolean has(FrameworkInfo.Capability.Type capability) {
        return info.getCapabilitiesList().stream().anyMatch(each -> each.getType() == capability);
    }

    boolean partitionAware() {
        return has(FrameworkInfo.Capability.Type.PARTITION_AWARE);
    }

    boolean multiRole() {
        return has(FrameworkInfo.Capability.Type.MULTI_ROLE);
    }

    /** The roles it may be offered resources for. */
    @SuppressWarnings("deprecation") // the old form has to be read
    List<String> roles() {
        return multiRole() ? info.getRolesList() : List.of(info.getRole());
    }

    void send(Event event) {
        subscription.ifPresent(current -> current.sink().send(event));
    }

    void complete(TaskEntry task) {
        completed.addFirst(task.task());
        if (completed.size() > KEPT_TASKS) {
            completed.removeLast();
        }
    }

    List<Task> completedTasks() {
        return new ArrayList<>(completed);
    }
}
