package io.mooring.local.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.Exchange;
import io.mooring.local.wire.RefusedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /local/fault} on a master's port, for example {@code {"fault":"partition","agent":"agent-1"}}: 200 when it
 * has happened, 400 when the request is wrong, 404 when what should fail is not there. GET lists the faults.
 */
public final class FaultApi implements Endpoint {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Fault> faults = new LinkedHashMap<>();

    public FaultApi(List<Fault> faults) {
        faults.forEach(fault -> this.faults.put(fault.name(), fault));
    }

    @Override
    public Optional<Answer> serve(Exchange exchange) throws RefusedException {
        if (exchange.method().equals("GET")) {
            return Optional.of(Answer.json(200, list().toString()));
        }
        if (!exchange.method().equals("POST")) {
            throw new RefusedException(Answer.methodNotAllowed(exchange.method()));
        }
        Map<String, String> request = request(exchange);
        exchange.answerInAnyCase(); // the leader's port, which is asked, is closed by some of them
        try {
            cause(request);
            return Optional.of(Answer.ok());
        } catch (FaultException e) {
            throw new RefusedException(Answer.text(e.status(), e.getMessage()), e);
        } catch (IOException e) {
            throw new RefusedException(Answer.text(500, e.getMessage()), e);
        }
    }

    private void cause(Map<String, String> request) throws FaultException, IOException {
        String name = request.remove("fault");
        if (name == null) {
            throw FaultException.wrong("'fault' is missing: expected one of " + String.join(", ", faults.keySet()));
        }
        Fault fault = faults.get(name);
        if (fault == null) {
            throw FaultException.wrong(
                    "unknown fault '" + name + "': expected one of " + String.join(", ", faults.keySet()));
        }
        FaultOptions options = new FaultOptions(request);
        options.check(fault);
        fault.action().cause(options);
    }

    private ArrayNode list() {
        ArrayNode list = JSON.createArrayNode();
        for (Fault fault : faults.values()) {
            ObjectNode each = list.addObject().put("fault", fault.name()).put("what", fault.what());
            ArrayNode options = each.putArray("options");
            for (Fault.Option option : fault.options()) {
                options.addObject()
                        .put("option", option.name())
                        .put("required", option.need() == Fault.Need.REQUIRED)
                        .put("what", option.what());
            }
        }
        return list;
    }

    private static Map<String, String> request(Exchange exchange) throws RefusedException {
        String expected = "expected {\"fault\":\"partition\",\"agent\":\"agent-1\"}";
        JsonNode request;
        try {
            request = JSON.readTree(exchange.body());
        } catch (IOException e) {
            throw new RefusedException(Answer.text(400, "the body is no JSON: " + expected), e);
        }
        if (!request.isObject()) {
            throw RefusedException.of(400, "the body is no JSON object: " + expected);
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : request.properties()) {
            if (!field.getValue().isValueNode() || field.getValue().isNull()) {
                throw RefusedException.of(400, "'" + field.getKey() + "' is no text and no number: " + expected);
            }
            values.put(field.getKey(), field.getValue().asText());
        }
        return values;
    }
}
