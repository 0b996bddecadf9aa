package io.mooring.local.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.local.agent.Reboot;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import java.io.IOException;
import java.util.Optional;

/**
 * {@code POST /local/fault} on the master's port, for example {@code {"fault":"partition","agent":"agent-1"}}: 200 when
 * it has happened, 400 when the request is wrong, 404 when the agent or executor is not there.
 */
public final class FaultApi implements Endpoint {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KNOWN =
            "partition, heal, restart-agent, stop-agent, start-agent, " + "reboot-agent, kill-executor";

    private final Faults faults;

    public FaultApi(Faults faults) {
        this.faults = faults;
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        if (!exchange.method().equals("POST")) {
            throw new RefusedException(Answer.methodNotAllowed(exchange.method()));
        }
        JsonNode request = request(exchange);
        try {
            return Optional.of(cause(text(request, "fault"), text(request, "agent"), request));
        } catch (Faults.UnknownAgentException e) {
            throw new RefusedException(Answer.text(404, e.getMessage()), e);
        } catch (IOException e) {
            throw new RefusedException(Answer.text(500, e.getMessage()), e);
        }
    }

    private Answer cause(String fault, String agent, JsonNode request)
            throws Faults.UnknownAgentException, IOException, RefusedException {
        switch (fault) {
            case "partition" -> faults.partition(agent);
            case "heal" -> faults.heal(agent);
            case "restart-agent" -> faults.restartAgent(agent);
            case "stop-agent" -> faults.stopAgent(agent);
            case "start-agent" -> faults.startAgent(agent);
            case "reboot-agent" -> faults.rebootAgent(agent, identity(request));
            case "kill-executor" -> {
                String executor = text(request, "executor");
                if (!faults.killExecutor(agent, executor)) {
                    return Answer.text(404, "no executor '" + executor + "' runs on " + agent);
                }
            }
            default -> {
                return Answer.text(400, "unknown fault '" + fault + "': expected one of " + KNOWN);
            }
        }
        return Answer.ok();
    }

    /** {@code "agentId": "kept"} is meant where nothing is said. */
    private static Reboot.Identity identity(JsonNode request) throws RefusedException {
        String wanted = request.path("agentId").asText("kept");
        return switch (wanted) {
            case "kept" -> Reboot.Identity.KEPT;
            case "new" -> Reboot.Identity.NEW;
            default -> throw RefusedException.of(400, "'agentId' is '" + wanted + "': expected kept or new");
        };
    }

    private static JsonNode request(Exchange exchange) throws RefusedException {
        try {
            return JSON.readTree(exchange.body());
        } catch (IOException e) {
            throw new RefusedException(
                    Answer.text(400, "the body is no JSON: expected {\"fault\":\"partition\",\"agent\":\"agent-1\"}"),
                    e);
        }
    }

    private static String text(JsonNode request, String key) throws RefusedException {
        JsonNode value = request.get(key);
        if (value == null || !value.isTextual()) {
            throw RefusedException.of(400, "'" + key + "' is missing: expected a text");
        }
        return value.asText();
    }
}
