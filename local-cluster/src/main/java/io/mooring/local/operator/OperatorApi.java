package io.mooring.local.operator;

import io.mooring.local.master.Master;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Encoding;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import java.time.Duration;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.VersionInfo;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;

/** {@code POST /api/v1}: what operators and tools ask a master. */
public final class OperatorApi implements Endpoint {
    private final Master master;

    public OperatorApi(Master master) {
        this.master = master;
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        Call call = exchange.call(Call.getDefaultInstance());
        if (!call.hasType()) {
            throw invalid("Expecting 'type' to be present");
        }
        Encoding accepted = exchange.accepted();
        return Optional.of(answer(call, accepted));
    }

    private Answer answer(Call call, Encoding accepted) throws RefusedException {
        return switch (call.getType()) {
            case GET_HEALTH, GET_VERSION, GET_MASTER, GET_AGENTS, GET_FRAMEWORKS, GET_EXECUTORS, GET_TASKS, GET_STATE ->
                Answer.message(accepted, read(call.getType()));
            case DRAIN_AGENT -> drain(call);
            case DEACTIVATE_AGENT -> deactivate(call);
            case REACTIVATE_AGENT -> reactivate(call);
            case MARK_AGENT_GONE -> markGone(call);
            case TEARDOWN -> teardown(call);
            case UNKNOWN,
                    GET_FLAGS,
                    GET_METRICS,
                    GET_LOGGING_LEVEL,
                    SET_LOGGING_LEVEL,
                    LIST_FILES,
                    READ_FILE,
                    GET_OPERATIONS,
                    GET_ROLES,
                    GET_WEIGHTS,
                    UPDATE_WEIGHTS,
                    SUBSCRIBE,
                    RESERVE_RESOURCES,
                    UNRESERVE_RESOURCES,
                    CREATE_VOLUMES,
                    DESTROY_VOLUMES,
                    GROW_VOLUME,
                    SHRINK_VOLUME,
                    GET_MAINTENANCE_STATUS,
                    GET_MAINTENANCE_SCHEDULE,
                    UPDATE_MAINTENANCE_SCHEDULE,
                    START_MAINTENANCE,
                    STOP_MAINTENANCE,
                    GET_QUOTA,
                    UPDATE_QUOTA,
                    SET_QUOTA,
                    REMOVE_QUOTA -> Answer.notImplemented();
        };
    }

    private Response read(Call.Type type) {
        Response.Builder response = Response.newBuilder().setType(Response.Type.valueOf(type.name()));
        return master.read(view -> {
            switch (type) {
                case GET_HEALTH ->
                    response.setGetHealth(Response.GetHealth.newBuilder().setHealthy(true));
                case GET_VERSION ->
                    response.setGetVersion(Response.GetVersion.newBuilder()
                            .setVersionInfo(VersionInfo.newBuilder().setVersion(Master.VERSION)));
                case GET_MASTER ->
                    response.setGetMaster(Response.GetMaster.newBuilder().setMasterInfo(view.masterInfo()));
                case GET_AGENTS -> response.setGetAgents(view.agents());
                case GET_FRAMEWORKS -> response.setGetFrameworks(view.frameworks());
                case GET_EXECUTORS -> response.setGetExecutors(view.executors());
                case GET_TASKS -> response.setGetTasks(view.tasks());
                default -> response.setGetState(view.all());
            }
            return response.build();
        });
    }

    private Answer drain(Call call) throws RefusedException {
        expect(call.hasDrainAgent(), "drain_agent");
        Call.DrainAgent drain = call.getDrainAgent();
        DrainConfig.Builder config = DrainConfig.newBuilder().setMarkGone(drain.getMarkGone());
        if (drain.hasMaxGracePeriod()) {
            var grace = drain.getMaxGracePeriod();
            long nanos =
                    Duration.ofSeconds(grace.getSeconds(), grace.getNanos()).toNanos();
            config.setMaxGracePeriod(DurationInfo.newBuilder().setNanoseconds(nanos));
        }
        return master.drain(drain.getAgentId(), config.build()) ? Answer.ok() : unknownAgent();
    }

    private Answer deactivate(Call call) throws RefusedException {
        expect(call.hasDeactivateAgent(), "deactivate_agent");
        return master.deactivate(call.getDeactivateAgent().getAgentId()) ? Answer.ok() : unknownAgent();
    }

    private Answer reactivate(Call call) throws RefusedException {
        expect(call.hasReactivateAgent(), "reactivate_agent");
        return master.reactivate(call.getReactivateAgent().getAgentId())
                ? Answer.ok()
                : Answer.text(400, "Agent is not deactivated");
    }

    private Answer markGone(Call call) throws RefusedException {
        expect(call.hasMarkAgentGone(), "mark_agent_gone");
        AgentID agent = call.getMarkAgentGone().getAgentId();
        return master.markGone(agent) ? Answer.ok() : Answer.text(404, "");
    }

    private Answer teardown(Call call) throws RefusedException {
        expect(call.hasTeardown(), "teardown");
        return master.teardown(call.getTeardown().getFrameworkId())
                ? Answer.ok()
                : Answer.text(400, "No framework found with specified ID");
    }

    private static Answer unknownAgent() {
        return Answer.text(400, "Unknown agent");
    }

    private static void expect(boolean present, String field) throws RefusedException {
        if (!present) {
            throw invalid("Expecting '" + field + "' to be present");
        }
    }

    private static RefusedException invalid(String text) {
        return RefusedException.of(400, "Failed to validate master::Call: " + text);
    }
}
