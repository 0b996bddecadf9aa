package io.mooring.local.master;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MasterInfo;

/** All the master knows. */
final class ClusterState {
    final String masterId;
    final Instant elected;
    final Registry registry;
    final Watchers watchers = new Watchers();
    final Tally tally = new Tally();
    final Map<String, FrameworkEntry> frameworks = new LinkedHashMap<>();

    /** Torn down or timed out under this master: their ids are dead. */
    final Map<String, FrameworkEntry> removedFrameworks = new LinkedHashMap<>();

    final Map<String, AgentEntry> agents = new LinkedHashMap<>();
    final Map<String, OfferEntry> offers = new LinkedHashMap<>();
    MasterInfo masterInfo = MasterInfo.getDefaultInstance();
    private int nextFramework;
    private int nextAgent;
    private int nextOffer;

    ClusterState(String masterId, Registry registry, Instant elected) {
        this.masterId = masterId;
        this.registry = registry;
        this.elected = elected;
    }

    FrameworkID newFrameworkId() {
        return FrameworkID.newBuilder()
                .setValue(masterId + String.format("-%04d", nextFramework++))
                .build();
    }

    AgentID newAgentId() {
        return AgentID.newBuilder().setValue(masterId + "-S" + nextAgent++).build();
    }

    /** Also for inverse offers. */
    String newOfferId() {
        return masterId + "-O" + nextOffer++;
    }

    Optional<FrameworkEntry> framework(FrameworkID id) {
        return Optional.ofNullable(frameworks.get(id.getValue()));
    }

    Optional<AgentEntry> agent(AgentID id) {
        return Optional.ofNullable(agents.get(id.getValue()));
    }

    /** Admitted by an earlier leader and not yet back. */
    boolean isRecovering(AgentID agent) {
        return registry.isAdmitted(agent.getValue()) && !agents.containsKey(agent.getValue());
    }

    /** All that {@link #isRecovering} is true of. */
    List<String> recovering() {
        return registry.admitted().stream()
                .filter(agent -> !agents.containsKey(agent))
                .toList();
    }
}
