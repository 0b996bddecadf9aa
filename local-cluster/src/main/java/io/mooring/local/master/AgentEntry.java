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
import org.apache.mesos.v1.Protos.MachineID;
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
    final Instant registered;

    /** With all reservations and volumes made so far. */
    Resources total;

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

    /** The machine that operators maintain. */
    MachineID machine() {
        return MachineID.newBuilder()
                .setHostname(info.getHostname())
                .setIp("127.0.0.1")
                .build();
    }

    /** As the real master writes an agent in its messages. */
    String words() {
        return id + " at slave(1)@127.0.0.1:" + info.getPort() + " (" + info.getHostname() + ")";
    }

    /** What runs here, allocated to the roles it runs for. */
    Resources allocated() {
        return allocated(Optional.empty());
    }

    /** What the framework runs here. */
    Resources allocatedTo(FrameworkEntry framework) {
        return allocated(Optional.of(framework.id));
    }

    private Resources allocated(Optional<String> framework) {
        Stream<Resources> ofExecutors = executors.entrySet().stream()
                .filter(each -> framework.isEmpty() || each.getKey().framework().equals(framework.get()))
                .map(each -> Resources.of(each.getValue().getResourcesList()));
        Stream<Resources> ofTasks = tasks.entrySet().stream()
                .filter(each -> framework.isEmpty() || each.getKey().framework().equals(framework.get()))
                .filter(each -> !each.getValue().isOver())
                .map(each -> each.getValue().resources());
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
