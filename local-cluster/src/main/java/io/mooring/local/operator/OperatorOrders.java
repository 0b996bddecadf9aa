package io.mooring.local.operator;

import io.mooring.local.master.Orders;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.RefusedException;
import java.time.Duration;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.master.Protos.Call;

/** The calls that change something. */
final class OperatorOrders {
    private final Orders orders;

    OperatorOrders(Orders orders) {
        this.orders = orders;
    }

    Answer drain(Call call) throws RefusedException {
        expect(call.hasDrainAgent(), "drain_agent");
        Call.DrainAgent drain = call.getDrainAgent();
        DrainConfig.Builder config = DrainConfig.newBuilder().setMarkGone(drain.getMarkGone());
        if (drain.hasMaxGracePeriod()) {
            var grace = drain.getMaxGracePeriod();
            long nanos =
                    Duration.ofSeconds(grace.getSeconds(), grace.getNanos()).toNanos();
            config.setMaxGracePeriod(DurationInfo.newBuilder().setNanoseconds(nanos));
        }
        return orders.drain(drain.getAgentId(), config.build()) ? Answer.ok() : unknownAgent();
    }

    Answer deactivate(Call call) throws RefusedException {
        expect(call.hasDeactivateAgent(), "deactivate_agent");
        return orders.deactivate(call.getDeactivateAgent().getAgentId()) ? Answer.ok() : unknownAgent();
    }

    Answer reactivate(Call call) throws RefusedException {
        expect(call.hasReactivateAgent(), "reactivate_agent");
        return orders.reactivate(call.getReactivateAgent().getAgentId())
                ? Answer.ok()
                : Answer.text(400, "Agent is not deactivated");
    }

    Answer markGone(Call call) throws RefusedException {
        expect(call.hasMarkAgentGone(), "mark_agent_gone");
        AgentID agent = call.getMarkAgentGone().getAgentId();
        return orders.markGone(agent) ? Answer.ok() : Answer.text(404, "Agent '" + agent.getValue() + "' not found");
    }

    Answer teardown(Call call) throws RefusedException {
        expect(call.hasTeardown(), "teardown");
        return orders.teardown(call.getTeardown().getFrameworkId())
                ? Answer.ok()
                : Answer.text(400, "No framework found with specified ID");
    }

    Answer updateWeights(Call call) throws RefusedException {
        expect(call.hasUpdateWeights(), "update_weights");
        return orders.updateWeights(call.getUpdateWeights().getWeightInfosList());
    }

    Answer updateSchedule(Call call) throws RefusedException {
        expect(call.hasUpdateMaintenanceSchedule(), "update_maintenance_schedule");
        return orders.updateSchedule(call.getUpdateMaintenanceSchedule().getSchedule());
    }

    Answer startMaintenance(Call call) throws RefusedException {
        expect(call.hasStartMaintenance(), "start_maintenance");
        return orders.startMaintenance(call.getStartMaintenance().getMachinesList());
    }

    Answer stopMaintenance(Call call) throws RefusedException {
        expect(call.hasStopMaintenance(), "stop_maintenance");
        return orders.stopMaintenance(call.getStopMaintenance().getMachinesList());
    }

    /** Reservations and volumes; 202, since the agent makes them durable later. */
    Answer operation(Call call, Optional<String> principal) throws RefusedException {
        Offer.Operation.Builder operation = Offer.Operation.newBuilder();
        AgentID agent =
                switch (call.getType()) {
                    case RESERVE_RESOURCES -> reserve(call, operation);
                    case UNRESERVE_RESOURCES -> unreserve(call, operation);
                    case CREATE_VOLUMES -> create(call, operation);
                    case DESTROY_VOLUMES -> destroy(call, operation);
                    case GROW_VOLUME -> grow(call, operation);
                    default -> shrink(call, operation);
                };
        return orders.apply(agent, operation.build(), principal);
    }

    private static AgentID reserve(Call call, Offer.Operation.Builder operation) throws RefusedException {
        expect(call.hasReserveResources(), "reserve_resources");
        operation
                .setType(Offer.Operation.Type.RESERVE)
                .getReserveBuilder()
                .addAllSource(call.getReserveResources().getSourceList())
                .addAllResources(call.getReserveResources().getResourcesList());
        return call.getReserveResources().getAgentId();
    }

    private static AgentID unreserve(Call call, Offer.Operation.Builder operation) throws RefusedException {
        expect(call.hasUnreserveResources(), "unreserve_resources");
        operation
                .setType(Offer.Operation.Type.UNRESERVE)
                .getUnreserveBuilder()
                .addAllResources(call.getUnreserveResources().getResourcesList());
        return call.getUnreserveResources().getAgentId();
    }

    private static AgentID create(Call call, Offer.Operation.Builder operation) throws RefusedException {
        expect(call.hasCreateVolumes(), "create_volumes");
        operation
                .setType(Offer.Operation.Type.CREATE)
                .getCreateBuilder()
                .addAllVolumes(call.getCreateVolumes().getVolumesList());
        return call.getCreateVolumes().getAgentId();
    }

    private static AgentID destroy(Call call, Offer.Operation.Builder operation) throws RefusedException {
        expect(call.hasDestroyVolumes(), "destroy_volumes");
        operation
                .setType(Offer.Operation.Type.DESTROY)
                .getDestroyBuilder()
                .addAllVolumes(call.getDestroyVolumes().getVolumesList());
        return call.getDestroyVolumes().getAgentId();
    }

    private static AgentID grow(Call call, Offer.Operation.Builder operation) throws RefusedException {
        expect(call.hasGrowVolume(), "grow_volume");
        operation
                .setType(Offer.Operation.Type.GROW_VOLUME)
                .getGrowVolumeBuilder()
                .setVolume(call.getGrowVolume().getVolume())
                .setAddition(call.getGrowVolume().getAddition());
        return call.getGrowVolume().getAgentId();
    }

    private static AgentID shrink(Call call, Offer.Operation.Builder operation) throws RefusedException {
        expect(call.hasShrinkVolume(), "shrink_volume");
        operation
                .setType(Offer.Operation.Type.SHRINK_VOLUME)
                .getShrinkVolumeBuilder()
                .setVolume(call.getShrinkVolume().getVolume())
                .setSubtract(call.getShrinkVolume().getSubtract());
        return call.getShrinkVolume().getAgentId();
    }

    private static Answer unknownAgent() {
        return Answer.text(400, "Unknown agent");
    }

    private static void expect(boolean present, String field) throws RefusedException {
        if (!present) {
            throw invalid("Expecting '" + field + "' to be present");
        }
    }

    static RefusedException invalid(String text) {
        return RefusedException.of(400, "Failed to validate master::Call: " + text);
    }
}
