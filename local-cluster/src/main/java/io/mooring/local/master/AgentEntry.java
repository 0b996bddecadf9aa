package io.mooring.local.master;

import io.mooring.local.link.Link;
import io.mooring.local.resource.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskID;

/** A registered agent. */
final class AgentEntry {
    /** An executor or task id is unique only within its framework. */
    record Key(String framework, String id) {}

    /** A KILL that could not be delivered. */
    record PendingKill(FrameworkEntry framework, TaskID task, Optional<KillPolicy> policy) {}

    final String id;
    final AgentInfo info;
    final Link link;
    final Resources total;
    final Instant registered;
    Optional<Instant> reregistered = Optional.empty();
    boolean connected = true;
    boolean deactivated;
    Optional<DrainInfo> drain = Optional.empty();
    Optional<Instant> drainStarted = Optional.empty();
    int missedPings;

    /** Runs on the agent, with its resources. */
    final Map<Key, ExecutorInfo> executors = new LinkedHashMap<>();

    /** Tasks whose terminal state the framework has not acknowledged, and all that run. */
    final Map<Key, TaskEntry> tasks = new LinkedHashMap<>();

    final Map<String, OfferEntry> offers = new LinkedHashMap<>();
    final List<PendingKill> killsToRepeat = new ArrayList<>();

    AgentEntry(AgentInfo info, Link link, Instant registered) {
        this.id = info.getId().getValue();
        this.info = info;
        this.link = link;
        this.total = Resources.of(info.getResourcesList());
        this.registered = registered;
    }

    boolean isActive() {
        return connected && !deactivated;
    }

    /** What runs here, allocated to the roles it runs for. */
    Resources allocated() {
        Stream<Resources> ofExecutors =
                executors.values().stream().map(executor -> Resources.of(executor.getResourcesList()));
        Stream<Resources> ofTasks =
                tasks.values().stream().filter(task -> !task.isOver()).map(TaskEntry::resources);
        return Stream.concat(ofExecutors, ofTasks).reduce(Resources.none(), Resources::plus);
    }

    Resources offered() {
        return offers.values().stream().map(OfferEntry::resources).reduce(Resources.none(), Resources::plus);
    }

    /** What nobody has and nobody is offered, allocated to nobody. */
    Resources free() {
        return total.minus(allocated().unallocated()).minus(offered().unallocated());
    }
}
