package io.mooring.local.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The few calls of Mesos' operator API that running a local cluster needs. */
public final class OperatorApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI endpoint;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /** @param master {@code host:port} */
    public OperatorApi(String master) {
        this.endpoint = URI.create("http://" + master + "/api/v1");
    }

    /**
     * An agent as the master knows it.
     *
     * @param deactivated whether it makes no offers, because it was drained or deactivated
     */
    public record AgentSeen(String id, int port, String machine, boolean deactivated) {}

    public List<AgentSeen> agents() throws IOException {
        List<AgentSeen> agents = new ArrayList<>();
        for (JsonNode agent : call("GET_AGENTS").path("get_agents").path("agents")) {
            JsonNode info = agent.path("agent_info");
            String machine = "";
            for (JsonNode attribute : info.path("attributes")) {
                if (attribute.path("name").asText().equals("machine")) {
                    machine = attribute.path("text").path("value").asText();
                }
            }
            agents.add(new AgentSeen(
                    info.path("id").path("value").asText(),
                    info.path("port").asInt(),
                    machine,
                    agent.path("deactivated").asBoolean() || agent.has("drain_info")));
        }
        return agents;
    }

    /** Tells the agent's tasks to end, and offers nothing of it until it is reactivated. */
    public void drain(String agent, Duration grace) throws IOException {
        ObjectNode body = json.createObjectNode().put("type", "DRAIN_AGENT");
        ObjectNode drain = body.putObject("drain_agent");
        drain.putObject("agent_id").put("value", agent);
        drain.putObject("max_grace_period").put("seconds", grace.toSeconds());
        call(body);
    }

    public void reactivate(String agent) throws IOException {
        ObjectNode body = json.createObjectNode().put("type", "REACTIVATE_AGENT");
        body.putObject("reactivate_agent").putObject("agent_id").put("value", agent);
        call(body);
    }

    private JsonNode call(String type) throws IOException {
        return call(json.createObjectNode().put("type", type));
    }

    private JsonNode call(ObjectNode body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2) {
                throw new IOException("the master answered " + response.statusCode() + " to "
                        + body.path("type").asText() + ": "
                        + new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
            }
            return response.body().length == 0 ? json.createObjectNode() : json.readTree(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the master was asked", e);
        }
    }
}
