package io.mooring.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands in for Marathon towards Mesos: it launches what Marathon's TaskBuilder makes of an app, as the fixtures have it, and
 * takes note of what is reported. It knows nothing of Mooring.
 */
final class MarathonStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MARATHON = "src/test/resources/marathon-runs/";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI master;
    private final AtomicReference<Waiting> waiting = new AtomicReference<>();
    private final Map<String, JsonNode> last = new ConcurrentHashMap<>();
    private final Map<String, String> agents = new ConcurrentHashMap<>();
    private InputStream stream;
    private volatile String framework = "";
    private String streamId;

    /** A task that waits for an offer of its machine. */
    private record Waiting(String machine, String task, String text) {}

    MarathonStandIn(String master) {
        this.master = URI.create("http://" + master + "/api/v1/scheduler");
    }

    void subscribe() throws Exception {
        ObjectNode call = JSON.createObjectNode().put("type", "SUBSCRIBE");
        ObjectNode info = call.putObject("subscribe").putObject("framework_info");
        info.put("user", "root").put("name", "marathon").put("checkpoint", true).put("failover_timeout", 604800.0);
        info.putArray("roles").add("*");
        ArrayNode capabilities = info.putArray("capabilities");
        for (String capability : new String[] {"PARTITION_AWARE", "TASK_KILLING_STATE", "MULTI_ROLE"}) {
            capabilities.addObject().put("type", capability);
        }
        HttpResponse<InputStream> answer = http.send(request(call).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        streamId = answer.headers().firstValue("Mesos-Stream-Id").orElseThrow();
        stream = answer.body();
        Thread reader = new Thread(this::read, "marathon");
        reader.setDaemon(true);
        reader.start();
        Cluster.await("the stand-in for Marathon to be subscribed", () -> !framework.isEmpty());
    }

    String framework() {
        return framework;
    }

    private HttpRequest.Builder request(JsonNode call) {
        return HttpRequest.newBuilder(master)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(call.toString()));
    }

    private void send(ObjectNode call) {
        call.putObject("framework_id").put("value", framework);
        try {
            HttpResponse<String> answer = http.send(
                    request(call).header("Mesos-Stream-Id", streamId).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        } catch (IOException e) {
            throw new AssertionError("the master did not take " + call, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void read() {
        try (DataInputStream in = new DataInputStream(stream)) {
            while (true) {
                StringBuilder length = new StringBuilder();
                for (int c = in.readByte(); c != '\n'; c = in.readByte()) {
                    length.append((char) c);
                }
                byte[] record = new byte[Integer.parseInt(length.toString())];
                in.readFully(record);
                event(JSON.readTree(record));
            }
        } catch (IOException e) {
            return; // the stream ended; whoever waits for more says so
        }
    }

    private void event(JsonNode event) {
        switch (event.path("type").asText()) {
            case "SUBSCRIBED" ->
                framework = event.at("/subscribed/framework_id/value").asText();
            case "OFFERS" -> event.at("/offers/offers").forEach(this::offered);
            case "UPDATE" -> updated(event.at("/update/status"));
            default -> assertThat(event.path("type").asText()).isNotEqualTo("ERROR");
        }
    }

    private void updated(JsonNode status) {
        last.put(status.at("/task_id/value").asText(), status);
        if (status.has("uuid")) {
            ObjectNode call = JSON.createObjectNode().put("type", "ACKNOWLEDGE");
            ObjectNode acknowledge = call.putObject("acknowledge");
            acknowledge.set("agent_id", status.get("agent_id"));
            acknowledge.set("task_id", status.get("task_id"));
            acknowledge.set("uuid", status.get("uuid"));
            send(call);
        }
    }

    /** Used at once or given back at once, as Marathon does: others need offers, too. */
    private void offered(JsonNode offer) {
        Waiting next = waiting.getAndUpdate(one -> one != null && of(offer, one.machine()) ? null : one);
        ObjectNode call = JSON.createObjectNode();
        if (next == null || !of(offer, next.machine())) {
            ObjectNode decline = call.put("type", "DECLINE").putObject("decline");
            decline.putArray("offer_ids").add(offer.get("id"));
            decline.putObject("filters").put("refuse_seconds", 0.5);
            send(call);
            return;
        }
        String agent = offer.at("/agent_id/value").asText();
        agents.put(next.task(), agent);
        ObjectNode accept = call.put("type", "ACCEPT").putObject("accept");
        accept.putArray("offer_ids").add(offer.get("id"));
        accept.putObject("filters").put("refuse_seconds", 0.5);
        try {
            accept.putArray("operations")
                    .addObject()
                    .put("type", "LAUNCH")
                    .putObject("launch")
                    .putArray("task_infos")
                    .add(JSON.readTree(next.text().replace("@AGENT@", agent)));
        } catch (IOException e) {
            throw new AssertionError("the fixture is no JSON", e);
        }
        send(call);
    }

    /**
     * Launches the task of a fixture on the machine, and gives the task's id.
     *
     * @param words what stands for its {@code @NAME@} places
     */
    String launch(String fixture, String machine, Map<String, String> words) throws Exception {
        return launched(Files.readString(Path.of(MARATHON + fixture)), machine, words);
    }

    /** The same for an app, of whose fields it knows what an app with an executor of its own and variables for a volume has. */
    String launch(JsonNode app, String machine) throws Exception {
        ObjectNode task = (ObjectNode) JSON.readTree(Files.readString(Path.of(MARATHON + "without-user.json")));
        ObjectNode command = (ObjectNode) task.at("/executor/command");
        String executor = "'" + app.path("executor").asText() + "'";
        command.put(
                "value",
                "chmod ug+rx " + executor + " && exec " + executor + " "
                        + app.path("cmd").asText());
        command.put("user", app.path("user").asText());
        ArrayNode variables = command.putObject("environment").putArray("variables");
        variables.addObject().put("name", "MESOS_TASK_ID").put("value", "@TASK@");
        app.path("env")
                .properties()
                .forEach(entry ->
                        variables.addObject().put("name", entry.getKey()).set("value", entry.getValue()));
        ArrayNode labels = task.putObject("labels").putArray("labels");
        app.path("labels")
                .properties()
                .forEach(entry -> labels.addObject().put("key", entry.getKey()).set("value", entry.getValue()));
        return launched(task.toString(), machine, Map.of());
    }

    private String launched(String fixture, String machine, Map<String, String> words) throws Exception {
        String task = "shop_orders.instance-" + UUID.randomUUID() + "._app.1";
        String text = fixture.replace("@TASK@", task);
        for (Map.Entry<String, String> word : words.entrySet()) {
            text = text.replace("@" + word.getKey() + "@", word.getValue());
        }
        waiting.set(new Waiting(machine, task, text));
        Cluster.await("task " + task + " to be launched on " + machine, () -> agents.containsKey(task));
        return task;
    }

    private static boolean of(JsonNode offer, String machine) {
        for (JsonNode attribute : offer.path("attributes")) {
            if (attribute.path("name").asText().equals("machine")
                    && attribute.at("/text/value").asText().equals(machine)) {
                return true;
            }
        }
        return false;
    }

    void kill(String task) {
        ObjectNode call = JSON.createObjectNode().put("type", "KILL");
        ObjectNode kill = call.putObject("kill");
        kill.putObject("task_id").put("value", task);
        kill.putObject("agent_id").put("value", agents.get(task));
        send(call);
    }

    /** Waits until the task is in that state, and gives the message with it. */
    String await(String task, String state) throws InterruptedException {
        Cluster.await("task " + task + " to be " + state, () -> {
            JsonNode status = last.get(task);
            return status != null && status.path("state").asText().equals(state);
        });
        return last.get(task).path("message").asText();
    }

    @Override
    public void close() throws IOException {
        if (!framework.isEmpty()) {
            send(JSON.createObjectNode().put("type", "TEARDOWN"));
        }
        if (stream != null) {
            stream.close();
        }
    }
}
