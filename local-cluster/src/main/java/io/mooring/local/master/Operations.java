package io.mooring.local.master;

import com.google.protobuf.ByteString;
import io.mooring.local.resource.Conversion;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.Protos.OperationID;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * Reservations and volumes on their way: applied here at once, since they cannot fail at the agent, made durable there,
 * and reported until acknowledged. Who gave the operation no id is told nothing, and the master acknowledges itself.
 */
final class Operations {
    private final ClusterState state;
    private final Map<ByteString, Operation> all = new LinkedHashMap<>();

    /** The last operation that a framework gave this id. */
    private final Map<AgentEntry.Key, ByteString> byId = new LinkedHashMap<>();

    Operations(ClusterState state) {
        this.state = state;
    }

    /** A valid operation on resources that are there. */
    void begin(Optional<FrameworkEntry> framework, AgentEntry agent, Offer.Operation info)
            throws Conversion.NotContainedException {
        agent.total = Conversion.apply(
                agent.total,
                Conversion.of(info).stream().map(Conversion::unallocated).toList());
        ByteString uuid = fresh();
        OperationStatus.Builder pending = OperationStatus.newBuilder().setState(OperationState.OPERATION_PENDING);
        if (info.hasId()) {
            pending.setOperationId(info.getId());
        }
        Operation.Builder operation = Operation.newBuilder()
                .setAgentId(agent.info.getId())
                .setInfo(info)
                .setLatestStatus(pending)
                .setUuid(org.apache.mesos.v1.Protos.UUID.newBuilder().setValue(uuid));
        framework.ifPresent(each -> operation.setFrameworkId(each.frameworkId()));
        Operation begun = operation.build();
        remember(begun);
        agent.link.toAgent(port -> port.applyOperation(begun));
    }

    private void remember(Operation operation) {
        all.put(operation.getUuid().getValue(), operation);
        if (operation.getInfo().hasId()) {
            byId.put(
                    key(
                            operation.getFrameworkId().getValue(),
                            operation.getInfo().getId()),
                    operation.getUuid().getValue());
        }
    }

    private static AgentEntry.Key key(String framework, OperationID id) {
        return new AgentEntry.Key(framework, id.getValue());
    }

    /** An agent came back with operations whose last status nobody acknowledged. */
    void adopt(AgentEntry agent, List<Operation> unacknowledged) {
        all.values().removeIf(each -> each.getAgentId().equals(agent.info.getId()));
        unacknowledged.forEach(this::remember);
    }

    /** What the agent says about an operation; it says so again until it is acknowledged. */
    void update(AgentID agentId, Operation told) {
        Optional<AgentEntry> agent = state.agent(agentId);
        if (agent.isEmpty()) {
            return;
        }
        ByteString uuid = told.getUuid().getValue();
        if (!told.getInfo().hasId() || !told.hasFrameworkId()) {
            all.remove(uuid);
            acknowledge(agent.get(), uuid, told.getLatestStatus());
            return;
        }
        if (state.removedFrameworks.containsKey(told.getFrameworkId().getValue())) {
            acknowledge(agent.get(), uuid, told.getLatestStatus());
            return;
        }
        all.put(uuid, told);
        state.framework(told.getFrameworkId()).ifPresent(to -> send(to, told.getLatestStatus()));
    }

    private static void acknowledge(AgentEntry agent, ByteString operation, OperationStatus status) {
        agent.link.toAgent(
                port -> port.acknowledgeOperation(operation, status.getUuid().getValue()));
    }

    void acknowledge(FrameworkEntry framework, Call.AcknowledgeOperationStatus acknowledge) {
        Optional<AgentEntry> agent = state.agent(acknowledge.getAgentId()).filter(each -> each.connected);
        ByteString uuid = byId.get(key(framework.id, acknowledge.getOperationId()));
        Operation operation = uuid == null ? null : all.get(uuid);
        if (agent.isEmpty()
                || operation == null
                || !operation.getLatestStatus().getUuid().getValue().equals(acknowledge.getUuid())) {
            return;
        }
        acknowledge(agent.get(), uuid, operation.getLatestStatus());
        all.remove(uuid);
        byId.remove(key(framework.id, acknowledge.getOperationId()));
    }

    /** The operations of a framework or of all, in the order in which they began. */
    List<Operation> all() {
        return List.copyOf(all.values());
    }

    /** The last one with this id that is not acknowledged. */
    Optional<Operation> find(FrameworkEntry framework, OperationID id) {
        return Optional.ofNullable(byId.get(key(framework.id, id))).map(all::get);
    }

    /** The agent is off the books. */
    void forget(AgentEntry agent) {
        all.values().removeIf(each -> each.getAgentId().equals(agent.info.getId()));
    }

    /** The framework is gone; its agents need not report any more. */
    void forget(FrameworkEntry framework) {
        for (Operation each : all()) {
            if (each.getFrameworkId().equals(framework.frameworkId())) {
                all.remove(each.getUuid().getValue());
                state.agent(each.getAgentId())
                        .ifPresent(agent -> acknowledge(agent, each.getUuid().getValue(), each.getLatestStatus()));
            }
        }
        byId.keySet().removeIf(key -> key.framework().equals(framework.id));
    }

    static void send(FrameworkEntry framework, OperationStatus status) {
        framework.send(Event.newBuilder()
                .setType(Event.Type.UPDATE_OPERATION_STATUS)
                .setUpdateOperationStatus(
                        Event.UpdateOperationStatus.newBuilder().setStatus(status))
                .build());
    }

    private static ByteString fresh() {
        UUID uuid = UUID.randomUUID();
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .flip());
    }
}
