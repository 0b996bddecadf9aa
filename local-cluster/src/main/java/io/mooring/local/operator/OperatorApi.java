package io.mooring.local.operator;

import io.mooring.local.master.Master;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Encoding;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.master.Protos.Call;

/** {@code POST /api/v1}: what operators and tools ask a master. */
public final class OperatorApi implements Endpoint {
    private final Master master;
    private final OperatorReads reads;
    private final OperatorOrders orders;

    public OperatorApi(Master master) {
        this.master = master;
        this.reads = new OperatorReads(master);
        this.orders = new OperatorOrders(master.orders());
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        Call call = exchange.call(Call.getDefaultInstance());
        if (!call.hasType()) {
            throw OperatorOrders.invalid("Expecting 'type' to be present");
        }
        Encoding accepted = exchange.accepted();
        if (call.getType() == Call.Type.SUBSCRIBE) {
            master.watch(exchange.stream(accepted, Map.of()));
            return Optional.empty();
        }
        return Optional.of(answer(call, accepted, exchange.principal()));
    }

    private Answer answer(Call call, Encoding accepted, Optional<String> principal) throws RefusedException {
        return switch (call.getType()) {
            case GET_HEALTH,
                    GET_FLAGS,
                    GET_VERSION,
                    GET_METRICS,
                    GET_LOGGING_LEVEL,
                    GET_MASTER,
                    GET_AGENTS,
                    GET_FRAMEWORKS,
                    GET_EXECUTORS,
                    GET_OPERATIONS,
                    GET_TASKS,
                    GET_ROLES,
                    GET_WEIGHTS,
                    GET_QUOTA,
                    GET_MAINTENANCE_STATUS,
                    GET_MAINTENANCE_SCHEDULE,
                    GET_STATE -> Answer.message(accepted, reads.read(call.getType()));
            case DRAIN_AGENT -> orders.drain(call);
            case DEACTIVATE_AGENT -> orders.deactivate(call);
            case REACTIVATE_AGENT -> orders.reactivate(call);
            case MARK_AGENT_GONE -> orders.markGone(call);
            case TEARDOWN -> orders.teardown(call);
            case UPDATE_WEIGHTS -> orders.updateWeights(call);
            case UPDATE_MAINTENANCE_SCHEDULE -> orders.updateSchedule(call);
            case START_MAINTENANCE -> orders.startMaintenance(call);
            case STOP_MAINTENANCE -> orders.stopMaintenance(call);
            case RESERVE_RESOURCES, UNRESERVE_RESOURCES, CREATE_VOLUMES, DESTROY_VOLUMES, GROW_VOLUME, SHRINK_VOLUME ->
                orders.operation(call, principal);
            case UNKNOWN, SUBSCRIBE, SET_LOGGING_LEVEL, LIST_FILES, READ_FILE, UPDATE_QUOTA, SET_QUOTA, REMOVE_QUOTA ->
                Answer.notImplemented();
        };
    }
}
