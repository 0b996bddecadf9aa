package io.mooring.local.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Encoding;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.EventSink;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import io.mooring.local.wire.StreamFaults;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.executor.Protos.Call;

/** What an agent's port serves: {@code POST /api/v1/executor}, the health of the agent, and little else. */
public final class AgentApi implements Endpoint {
    private static final String PREFIX = "/slave(1)";

    private final Agent agent;
    private final StreamFaults faults;

    public AgentApi(Agent agent, StreamFaults faults) {
        this.agent = agent;
        this.faults = faults;
    }

    /** To what a path belongs, for authentication; empty for what everybody may see, and for executors. */
    public static Optional<String> realm(String path) {
        String own = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
        return switch (own) {
            case "/health", "/version", "/api/v1/executor" -> Optional.empty();
            case "/api/v1" -> Optional.of("mesos-agent-readwrite");
            default -> Optional.of("mesos-agent-readonly");
        };
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        String path = exchange.path();
        String own = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
        if (own.equals("/api/v1/executor")) {
            return executor(exchange);
        }
        if (own.equals("/api/v1") || own.startsWith("/api/v1/")) {
            return Optional.of(operator(exchange));
        }
        return Optional.of(own.equals("/health") ? Answer.ok() : Answer.notFound());
    }

    private Optional<Answer> executor(Exchange exchange) throws RefusedException {
        Optional<ExecutorTokens> tokens = agent.tokens();
        Optional<JsonNode> claims = tokens.isPresent()
                ? Optional.of(tokens.get().claims(exchange.header("Authorization")))
                : Optional.empty();
        Call call = exchange.call(Call.getDefaultInstance());
        ExecutorCalls.validate(call);
        if (call.getType() == Call.Type.HEARTBEAT) {
            return Optional.of(Answer.accepted());
        }
        Optional<Answer> refusal = agent.refusalOf(call, claims);
        if (refusal.isPresent()) {
            return refusal;
        }
        if (call.getType() == Call.Type.UNKNOWN) {
            return Optional.of(Answer.notImplemented());
        }
        if (call.getType() != Call.Type.SUBSCRIBE) {
            return Optional.of(agent.call(call, claims));
        }
        Encoding encoding = exchange.accepted();
        EventSink sink = faults.ofExecutor(
                call.getFrameworkId().getValue(), call.getExecutorId().getValue(), exchange.stream(encoding, Map.of()));
        agent.subscribe(call, sink);
        return Optional.empty();
    }

    private static Answer operator(Exchange exchange) throws RefusedException {
        var call = exchange.call(org.apache.mesos.v1.agent.Protos.Call.getDefaultInstance());
        if (!call.hasType()) {
            return Answer.text(400, "Failed to validate agent::Call: Expecting 'type' to be present");
        }
        if (call.getType() != org.apache.mesos.v1.agent.Protos.Call.Type.GET_HEALTH) {
            return Answer.notImplemented();
        }
        return Answer.message(
                exchange.accepted(),
                org.apache.mesos.v1.agent.Protos.Response.newBuilder()
                        .setType(org.apache.mesos.v1.agent.Protos.Response.Type.GET_HEALTH)
                        .setGetHealth(org.apache.mesos.v1.agent.Protos.Response.GetHealth.newBuilder()
                                .setHealthy(true))
                        .build());
    }
}
