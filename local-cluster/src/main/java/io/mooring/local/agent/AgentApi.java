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

/** What an agent's port serves: {@code POST /api/v1/executor}, and what operators ask. */
public final class AgentApi implements Endpoint {
    private static final String PREFIX = "/slave(1)";

    private final Agent agent;
    private final AgentOperatorApi operators;
    private final StreamFaults faults;

    public AgentApi(Agent agent, StreamFaults faults) {
        this.agent = agent;
        this.operators = new AgentOperatorApi(agent);
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
        return Optional.of(operators.serve(own, exchange));
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
}
