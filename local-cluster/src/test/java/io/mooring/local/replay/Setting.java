package io.mooring.local.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.local.fault.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What ran when operators' questions were recorded: one framework with two roles; on one of two agents a command task, a
 * task of a custom executor, and one that has finished; all that is free is offered.
 */
final class Setting {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_MILLIS = 20_000;
    private static final Set<String> PREFIXES = Set.of("get-", "legacy-", "agent-");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Stage stage;
    private final Path bin;
    private String framework;
    private String streamId;
    private OpenStream events;

    Setting(Stage stage, Path bin) {
        this.stage = stage;
        this.bin = bin;
    }

    static boolean isNeeded(Recording recording) {
        String[] parts = recording.name().split("/");
        return parts[0].equals("operator") && PREFIXES.stream().anyMatch(parts[1]::startsWith);
    }

    /** Makes all that; ids are learned from where the recording shows them. */
    void make() throws IOException, InterruptedException {
        subscribe();
        String agent = agentId();
        JsonNode offer = offer(agent);
        send("""
                "type": "ACCEPT", "accept": {"offer_ids": [{"value": "%s"}], "filters": {"refuse_seconds": 0},
                 "operations": [{"type": "LAUNCH", "launch": {"task_infos": [%s, %s, %s]}}]}
                """.formatted(
                        offer.at("/id/value").asText(),
                        task("t-cmd", agent, "\"command\": {\"shell\": true, \"value\": \"sleep 1000\"}"),
                        task("t-ex", agent, executor()),
                        task("t-done", agent, "\"command\": {\"shell\": true, \"value\": \"sleep 4\"}")));
        boolean running = false;
        boolean custom = false;
        boolean done = false;
        boolean asked = false;
        while (!running || !custom || !done) {
            if (running && custom && !asked) {
                asked = true;
                send("\"type\": \"SUPPRESS\", \"suppress\": {\"roles\": [\"b\"]}");
                declineForB();
                send("\"type\": \"REVIVE\", \"revive\": {\"roles\": [\"a\"]}");
            }
            JsonNode status = next("UPDATE").at("/update/status");
            send("""
                    "type": "ACKNOWLEDGE", "acknowledge": {"agent_id": %s, "task_id": %s, "uuid": %s}
                    """.formatted(status.get("agent_id"), status.get("task_id"), status.get("uuid")));
            String what = status.at("/task_id/value").asText() + " "
                    + status.get("state").asText();
            running |= what.equals("t-cmd TASK_RUNNING");
            custom |= what.equals("t-ex TASK_RUNNING");
            done |= what.equals("t-done TASK_FINISHED");
        }
        awaitCompleted("t-done");
        Thread.sleep(1500);
    }

    /** What is called otherwise here. */
    static void translate(Matching matching) {
        matching.learn("(Command: sh -c 'exit 0')", "(Command: sh -c 'sleep 4')");
        matching.learn("<launcher_dir>", "/usr/libexec/mesos");
    }

    /** The executor of a command task lives a little longer than its task. */
    private void awaitCompleted(String executor) throws IOException, InterruptedException {
        URI agent = URI.create("http://127.0.0.1:" + agentPort() + "/api/v1");
        HttpRequest question = HttpRequest.newBuilder(agent)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\": \"GET_EXECUTORS\"}"))
                .build();
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        JsonNode ended = JSON.missingNode();
        while (!ended.toString().contains('"' + executor + '"')) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("executor " + executor + " does not end");
            }
            Thread.sleep(50);
            String answer =
                    http.send(question, HttpResponse.BodyHandlers.ofString()).body();
            ended = JSON.readTree(answer).at("/get_executors/completed_executors");
        }
    }

    private int agentPort() {
        try {
            return stage.cluster().agentPort("r2");
        } catch (Faults.UnknownAgentException e) {
            throw new IllegalStateException(e);
        }
    }

    private String agentId() {
        try {
            return stage.cluster().agentId("r2").orElseThrow().getValue();
        } catch (Faults.UnknownAgentException e) {
            throw new IllegalStateException(e);
        }
    }

    private void subscribe() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(request("""
                        {"type": "SUBSCRIBE", "subscribe": {"framework_info": {"user": "root", "name": "fixture",
                          "roles": ["a", "b"], "checkpoint": true, "failover_timeout": 60.0,
                          "webui_url": "http://127.0.0.1:8080/", "capabilities": [{"type": "PARTITION_AWARE"},
                          {"type": "MULTI_ROLE"}, {"type": "RESERVATION_REFINEMENT"}, {"type": "TASK_KILLING_STATE"}]}}}
                        """).build(), HttpResponse.BodyHandlers.ofInputStream());
        streamId = response.headers().firstValue("Mesos-Stream-Id").orElseThrow();
        events = new OpenStream(response.body(), null);
        framework = next("SUBSCRIBED").at("/subscribed/framework_id/value").asText();
    }

    private HttpRequest.Builder request(String body) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + stage.cluster().masterPort() + "/api/v1/scheduler"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private void send(String call) throws IOException, InterruptedException {
        String body = "{\"framework_id\": {\"value\": \"" + framework + "\"}, " + call + "}";
        HttpResponse<String> response = http.send(
                request(body).header("Mesos-Stream-Id", streamId).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 202) {
            throw new AssertionError(response.statusCode() + " " + response.body() + " to " + body);
        }
    }

    private JsonNode next(String type) throws InterruptedException {
        JsonNode event = events.take(each -> each.path("type").asText().equals(type), PATIENCE_MILLIS);
        if (event == null) {
            throw new AssertionError("no " + type + " came");
        }
        return event;
    }

    /** One of the agent, for role b; all others are given back. */
    private JsonNode offer(String agent) throws IOException, InterruptedException {
        Optional<JsonNode> found = Optional.empty();
        while (found.isEmpty()) {
            for (JsonNode offer : next("OFFERS").at("/offers/offers")) {
                boolean right = offer.at("/agent_id/value").asText().equals(agent)
                        && offer.at("/allocation_info/role").asText().equals("b");
                if (right) {
                    found = Optional.of(offer);
                } else {
                    decline(offer);
                }
            }
        }
        return found.get();
    }

    private void decline(JsonNode offer) throws IOException, InterruptedException {
        send("""
                "type": "DECLINE", "decline": {"offer_ids": [%s], "filters": {"refuse_seconds": 60}}
                """.formatted(offer.get("id")));
    }

    /** All that is offered to the role that is to have none. */
    private void declineForB() throws IOException, InterruptedException {
        JsonNode event = events.take(each -> each.path("type").asText().equals("OFFERS"), 1);
        while (event != null) {
            for (JsonNode offer : event.at("/offers/offers")) {
                decline(offer);
            }
            event = events.take(each -> each.path("type").asText().equals("OFFERS"), 1);
        }
    }

    private String task(String id, String agent, String what) {
        return """
                {"name": "%s", "task_id": {"value": "%s"}, "agent_id": {"value": "%s"}, %s, "resources": [
                 {"name": "cpus", "type": "SCALAR", "scalar": {"value": 0.1}},
                 {"name": "mem", "type": "SCALAR", "scalar": {"value": 32}}]}
                """.formatted(id, id, agent, what);
    }

    private String executor() throws IOException {
        String command = JSON.writeValueAsString(bin.resolve("fixture-executor").toString());
        return """
                "executor": {"type": "CUSTOM", "executor_id": {"value": "ex1"},
                 "command": {"shell": true, "value": %s}, "resources": [
                 {"name": "cpus", "type": "SCALAR", "scalar": {"value": 0.1}},
                 {"name": "mem", "type": "SCALAR", "scalar": {"value": 32}}]}
                """.formatted(command);
    }
}
