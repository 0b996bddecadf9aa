package io.mooring.local.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** A framework in JSON that acknowledges every update, and of which only the effects on others are of interest. */
public final class ScriptedFramework {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 20;
    private static final String INFO = """
            "framework_info": {"user": "root", "name": "fixture", "roles": ["default-role"], "checkpoint": true,
             "failover_timeout": 60.0, %s "capabilities": [{"type": "PARTITION_AWARE"}, {"type": "MULTI_ROLE"},
             {"type": "RESERVATION_REFINEMENT"}, {"type": "TASK_KILLING_STATE"}]}""";

    private final HttpClient http = HttpClient.newHttpClient();
    private final IntSupplier port;
    private final BlockingQueue<JsonNode> offers = new LinkedBlockingQueue<>();
    private volatile InputStream stream;
    private volatile String id;
    private volatile String streamId;

    /**
     * Subscribes.
     *
     * @param port of the leading master, asked for each call
     */
    public ScriptedFramework(IntSupplier port) throws IOException, InterruptedException {
        this.port = port;
        subscribe("{\"type\": \"SUBSCRIBE\", \"subscribe\": {" + INFO.formatted("") + "}}");
    }

    private void subscribe(String call) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                http.send(request(call).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        streamId = response.headers().firstValue("Mesos-Stream-Id").orElseThrow();
        stream = response.body();
        DataInputStream in = new DataInputStream(stream);
        id = record(in).at("/subscribed/framework_id/value").asText();
        Thread reader = new Thread(() -> read(in), "scripted-framework");
        reader.setDaemon(true);
        reader.start();
    }

    private HttpRequest.Builder request(String call) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.getAsInt() + "/api/v1/scheduler"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(call));
    }

    private static JsonNode record(DataInputStream in) throws IOException {
        StringBuilder length = new StringBuilder();
        for (int c = in.readByte(); c != '\n'; c = in.readByte()) {
            length.append((char) c);
        }
        return JSON.readTree(in.readNBytes(Integer.parseInt(length.toString())));
    }

    private void read(DataInputStream in) {
        try {
            while (true) {
                JsonNode event = record(in);
                JsonNode status = event.at("/update/status");
                if (status.has("uuid")) {
                    send("""
                            "type": "ACKNOWLEDGE", "acknowledge": {"agent_id": %s, "task_id": %s, "uuid": %s}
                            """.formatted(status.get("agent_id"), status.get("task_id"), status.get("uuid")));
                }
                event.at("/offers/offers").forEach(offers::add);
            }
        } catch (IOException e) {
            return; // the stream is over
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(String call) throws IOException, InterruptedException {
        String body = "{\"framework_id\": {\"value\": \"" + id + "\"}, " + call + "}";
        HttpResponse<String> response = http.send(
                request(body).header("Mesos-Stream-Id", streamId).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 202);
    }

    /** Launches a command on the next offer, and gives the rest back at once. */
    public void launch(String task, String command) throws IOException, InterruptedException {
        JsonNode offer = offers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(offer).as("an offer").isNotNull();
        send("""
                "type": "ACCEPT", "accept": {"offer_ids": [%s], "filters": {"refuse_seconds": 0}, "operations": [
                 {"type": "LAUNCH", "launch": {"task_infos": [{"name": "%s", "task_id": {"value": "%s"},
                  "agent_id": %s, "command": {"shell": true, "value": "%s"}, "resources": [
                  {"name": "cpus", "type": "SCALAR", "scalar": {"value": 0.1}},
                  {"name": "mem", "type": "SCALAR", "scalar": {"value": 32}}]}]}}]}
                """.formatted(offer.get("id"), task, task, offer.get("agent_id"), command));
    }

    public void kill(String task) throws IOException, InterruptedException {
        send("\"type\": \"KILL\", \"kill\": {\"task_id\": {\"value\": \"" + task + "\"}}");
    }

    public void update(String webUi) throws IOException, InterruptedException {
        String info = INFO.formatted("\"id\": {\"value\": \"" + id + "\"}, \"webui_url\": \"" + webUi + "\",");
        send("\"type\": \"UPDATE_FRAMEWORK\", \"update_framework\": {" + info + "}");
    }

    public void drop() throws IOException {
        stream.close();
    }

    public void resubscribe() throws IOException, InterruptedException {
        String info = INFO.formatted("\"id\": {\"value\": \"" + id + "\"},");
        subscribe("{\"type\": \"SUBSCRIBE\", \"framework_id\": {\"value\": \"" + id + "\"}, \"subscribe\": {" + info
                + "}}");
    }

    public void teardown() throws IOException, InterruptedException {
        send("\"type\": \"TEARDOWN\"");
    }
}
