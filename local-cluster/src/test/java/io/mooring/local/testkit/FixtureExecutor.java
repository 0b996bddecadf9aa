package io.mooring.local.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A small executor in JSON: STARTING and RUNNING on LAUNCH, KILLED on KILL, KILLED and exit on SHUTDOWN. FX_OPT changes
 * that: killing, ignorekill, ignoreshutdown, echo; FX_MODE=exit1 ends it before it subscribes, noreg
 * keeps it from subscribing.
 */
public final class FixtureExecutor {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long RETRY_MILLIS = 100;
    private static final long ENDS_AFTER_MILLIS = 1500;

    private final String endpoint = System.getenv("MESOS_AGENT_ENDPOINT");
    private final String options = System.getenv().getOrDefault("FX_OPT", "");
    private final List<String> running = new CopyOnWriteArrayList<>();

    /** Launched and without any acknowledged update. */
    private final Map<String, JsonNode> tasks = new LinkedHashMap<>();

    private final Map<String, JsonNode> updates = new LinkedHashMap<>();

    private FixtureExecutor() {}

    public static void main(String[] args) throws InterruptedException {
        System.out.println("environment " + System.getenv());
        if ("exit1".equals(System.getenv("FX_MODE"))) {
            System.exit(1);
        }
        exitWhenTold();
        if ("noreg".equals(System.getenv("FX_MODE"))) {
            Thread.sleep(Long.MAX_VALUE);
        }
        new FixtureExecutor().run();
    }

    /** A test ends this process by writing its exit code into the sandbox. */
    private static void exitWhenTold() {
        Thread watch = new Thread(() -> {
            Path order = Path.of("exit");
            try {
                while (!Files.exists(order)) {
                    Thread.sleep(RETRY_MILLIS);
                }
                Runtime.getRuntime().halt(Integer.parseInt(Files.readString(order)));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        watch.setDaemon(true);
        watch.start();
    }

    /** By this file a test ends a task whose KILL was ignored. */
    private void endTasksWhenTold() {
        Thread watch = new Thread(() -> {
            try {
                while (!Files.exists(Path.of("end-tasks"))) {
                    Thread.sleep(RETRY_MILLIS);
                }
                for (String task : List.copyOf(running)) {
                    running.remove(task);
                    update(task, "TASK_KILLED");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        watch.setDaemon(true);
        watch.start();
    }

    private void run() throws InterruptedException {
        endTasksWhenTold();
        while (true) {
            try {
                subscribe();
            } catch (IOException e) {
                System.out.println("disconnected: " + e);
            }
            Thread.sleep(RETRY_MILLIS);
        }
    }

    private void subscribe() throws IOException, InterruptedException {
        HttpURLConnection connection = post(call("SUBSCRIBE").set("subscribe", unacknowledged()));
        if (connection.getResponseCode() != 200) {
            System.out.println("SUBSCRIBE answered " + connection.getResponseCode());
            return;
        }
        try (DataInputStream in = new DataInputStream(connection.getInputStream())) {
            while (true) {
                StringBuilder length = new StringBuilder();
                for (int c = in.readByte(); c != '\n'; c = in.readByte()) {
                    length.append((char) c);
                }
                byte[] record = new byte[Integer.parseInt(length.toString())];
                in.readFully(record);
                event(JSON.readTree(record));
            }
        }
    }

    /** What the agent may have missed while it was away. */
    private ObjectNode unacknowledged() {
        ObjectNode subscribe = JSON.createObjectNode();
        tasks.values().forEach(subscribe.putArray("unacknowledged_tasks")::add);
        updates.values().forEach(subscribe.putArray("unacknowledged_updates")::add);
        return subscribe;
    }

    private void launch(JsonNode info) throws IOException, InterruptedException {
        String task = info.at("/task_id/value").asText();
        running.add(task);
        tasks.put(task, info);
        update(task, "TASK_STARTING");
        update(task, "TASK_RUNNING");
        if (task.equals("t-end")) {
            Thread end = new Thread(() -> finish(task), "end");
            end.setDaemon(true);
            end.start();
        }
    }

    /** The one task that ends by itself, after a moment. */
    private void finish(String task) {
        try {
            Thread.sleep(ENDS_AFTER_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        running.remove(task);
        update(task, "TASK_FINISHED");
    }

    private void event(JsonNode event) throws IOException, InterruptedException {
        System.out.println("event " + event);
        switch (event.get("type").asText()) {
            case "LAUNCH" -> launch(event.at("/launch/task"));
            case "LAUNCH_GROUP" -> {
                for (JsonNode task : event.at("/launch_group/task_group/tasks")) {
                    launch(task);
                }
            }
            case "KILL" -> kill(event.at("/kill/task_id/value").asText());
            case "MESSAGE" -> {
                if (options.contains("echo")) {
                    ObjectNode message = JSON.createObjectNode();
                    byte[] data =
                            Base64.getDecoder().decode(event.at("/message/data").asText());
                    byte[] echo = ByteBuffer.allocate(data.length + 5)
                            .put("echo:".getBytes(StandardCharsets.UTF_8))
                            .put(data)
                            .array();
                    message.put("data", Base64.getEncoder().encodeToString(echo));
                    send(call("MESSAGE").set("message", message));
                }
            }
            case "ACKNOWLEDGED" -> {
                updates.remove(event.at("/acknowledged/uuid").asText());
                tasks.remove(event.at("/acknowledged/task_id/value").asText());
            }
            case "SHUTDOWN" -> shutdown();
            default -> {}
        }
    }

    private void kill(String task) {
        if (options.contains("ignorekill")) {
            return;
        }
        if (options.contains("killing")) {
            update(task, "TASK_KILLING");
        }
        running.remove(task);
        update(task, "TASK_KILLED");
    }

    private void shutdown() throws InterruptedException {
        if (options.contains("ignoreshutdown")) {
            return;
        }
        for (String task : running) {
            update(task, "TASK_KILLED");
        }
        Thread.sleep(300);
        System.exit(0);
    }

    private synchronized void update(String task, String state) {
        UUID uuid = UUID.randomUUID();
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        ObjectNode status = JSON.createObjectNode();
        status.putObject("task_id").put("value", task);
        status.putObject("executor_id").put("value", System.getenv("MESOS_EXECUTOR_ID"));
        status.put("state", state).put("source", "SOURCE_EXECUTOR");
        status.put("timestamp", System.currentTimeMillis() / 1000.0);
        status.put("uuid", Base64.getEncoder().encodeToString(bytes.array()));
        ObjectNode update = JSON.createObjectNode();
        update.set("status", status);
        updates.put(status.get("uuid").asText(), update);
        try {
            send(call("UPDATE").set("update", update));
        } catch (IOException e) {
            System.out.println("not sent, so sent again with the next SUBSCRIBE: " + e);
        }
    }

    private static ObjectNode call(String type) {
        ObjectNode call = JSON.createObjectNode().put("type", type);
        call.putObject("framework_id").put("value", System.getenv("MESOS_FRAMEWORK_ID"));
        call.putObject("executor_id").put("value", System.getenv("MESOS_EXECUTOR_ID"));
        return call;
    }

    private void send(JsonNode call) throws IOException {
        System.out.println("sent " + call.get("type") + ": " + post(call).getResponseCode());
    }

    private HttpURLConnection post(JsonNode call) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + endpoint + "/api/v1/executor").toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("Accept", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(call.toString().getBytes(StandardCharsets.UTF_8));
        }
        return connection;
    }
}
