package io.mooring.local.master;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MasterInfo;

/** All the master knows. */
final class ClusterState {
    final String masterId = UUID.randomUUID().toString();
    final Registry registry;
    final Map<String, FrameworkEntry> frameworks = new LinkedHashMap<>();

    /** Torn down or timed out under this master: their ids are dead. */
    final Map<String, FrameworkEntry> removedFrameworks = new LinkedHashMap<>();

    final Map<String, AgentEntry> agents = new LinkedHashMap<>();
    final Map<String, OfferEntry> offers = new LinkedHashMap<>();
    MasterInfo masterInfo = MasterInfo.getDefaultInstance();
    private int nextFramework;
    private int nextAgent;
    private int nextOffer;

    ClusterState(Registry registry) {
        this.registry = registry;
    }

    FrameworkID newFrameworkId() {
        return FrameworkID.newBuilder()
                .setValue(masterId + String.format("-%04d", nextFramework++))
                .build();
    }

    AgentID newAgentId() {
        return AgentID.newBuilder().setValue(masterId + "-S" + nextAgent++).build();
    }

    String newOfferId() {
        return masterId + "-O" + nextOffer++;
    }

    Optional<FrameworkEntry> framework(FrameworkID id) {
        return Optional.ofNullable(frameworks.get(id.getValue()));
    }

    Optional<AgentEntry> agent(AgentID id) {
        return Optional.ofNullable(agents.get(id.getValue()));
    }
}
