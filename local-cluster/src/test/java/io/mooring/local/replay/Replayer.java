package io.mooring.local.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.local.agent.AgentSettings;
import io.mooring.local.app.LocalMesos;
import io.mooring.local.fault.Faults;
import io.mooring.local.master.MasterSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Drives a local cluster through the steps of a recording and compares what it says. */
final class Replayer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long EVENT_MILLIS = 12_000;
    private static final long END_MILLIS = 1500;
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "connection");

    private final Recording recording;
    private final Path directory;
    private final Path bin;
    private final LocalMesos cluster;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Matching matching = new Matching();
    private final Map<String, OpenStream> streams = new HashMap<>();
    private final Map<String, String> subscriptions = new HashMap<>();
    private final Map<String, JsonNode> offers = new HashMap<>();
    private String framework;

    Replayer(Recording recording, Path directory, Path bin) throws IOException {
        this.recording = recording;
        this.directory = directory;
        this.bin = bin;
        this.cluster = LocalMesos.start(master(recording), Optional.empty(), agents(recording, directory));
        try {
            matching.learn(":5050", ":" + cluster.masterPort());
            matching.learn(":5051", ":" + cluster.agentPort("r1"));
            if (recording.mentionsPort(5061)) {
                matching.learn(":5061", ":" + cluster.agentPort("r2"));
            }
            for (String agent : recording.mentionsPort(5061) ? List.of("r1", "r2") : List.of("r1")) {
                while (cluster.agentId(agent).isEmpty()) {
                    Thread.sleep(5);
                }
            }
        } catch (Faults.UnknownAgentException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static MasterSettings master(Recording recording) {
        String ping = recording.flag("agent_ping_timeout", "15secs").replace("secs", "");
        String count = recording.flag("max_agent_ping_timeouts", "5");
        String offer = recording.flag("offer_timeout", "").replace("secs", "");
        return new MasterSettings(
                0,
                Duration.ofSeconds(Long.parseLong(ping)),
                Integer.parseInt(count),
                Duration.ofSeconds(1),
                offer.isEmpty() ? Optional.empty() : Optional.of(Duration.ofSeconds(Long.parseLong(offer))));
    }

    private static List<AgentSettings> agents(Recording recording, Path directory) {
        String registration =
                recording.flag("executor_registration_timeout", "60secs").replace("secs", "");
        AgentSettings.Timeouts timeouts = AgentSettings.Timeouts.standard()
                .withRegistration(Duration.ofSeconds(Long.parseLong(registration)))
                .withReregistration(Duration.ofSeconds(2));
        List<AgentSettings> agents = new ArrayList<>();
        agents.add(new AgentSettings(
                "r1",
                0,
                directory.resolve("r1"),
                "127.0.0.1",
                "cpus:4;mem:4096;disk:10240;ports:[31000-32000]",
                "rack:r1;zone:z1",
                Map.of(),
                timeouts));
        if (recording.mentionsPort(5061)) {
            agents.add(new AgentSettings(
                    "r2",
                    0,
                    directory.resolve("r2"),
                    "127.0.0.1",
                    "cpus:2;mem:2048;disk:4096;ports:[32001-32100]",
                    "rack:r2",
                    Map.of(),
                    timeouts));
        }
        return agents;
    }

    void run() throws Exception {
        Set<String> processes = recording.executorProcesses();
        int number = 0;
        for (JsonNode step : recording.steps()) {
            number++;
            boolean played = !processes.contains(step.path("on").asText()) || step.has("action");
            if (played && !step.has("observed")) {
                try {
                    step(step);
                } catch (AssertionError e) {
                    throw new AssertionError("step " + number + " " + shortened(step) + "\n" + e.getMessage(), e);
                }
            }
        }
        nothingElse();
    }

    private static String shortened(JsonNode step) {
        String text = step.toString();
        return text.length() > 600 ? text.substring(0, 600) + "..." : text;
    }

    private void step(JsonNode step) throws Exception {
        if (step.has("request")) {
            Thread.sleep(Math.min(step.path("after_ms").asLong(), 20_000));
            request(step);
        } else if (step.has("event")) {
            event(step);
        } else if (step.has("closed")) {
            closed(step);
        } else if (step.has("action")) {
            Thread.sleep(Math.min(step.path("after_ms").asLong(), 20_000));
            action(step.get("action").asText());
        }
    }

    // ---- requests

    private void request(JsonNode step) throws Exception {
        JsonNode request = step.get("request");
        String path = request.get("path").asText();
        boolean toAgent = path.contains("executor") || path.startsWith("/slave");
        int port = toAgent ? agentPort(request) : cluster.masterPort();
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + port + path.replace("(", "%28").replace(")", "%29")))
                .method(request.get("method").asText(), body(request));
        request.path("headers").properties().forEach(header -> {
            if (!OWN_HEADERS.contains(header.getKey().toLowerCase(java.util.Locale.ROOT))) {
                builder.header(
                        header.getKey(), matching.translate(header.getValue().asText()));
            }
        });
        HttpResponse<InputStream> response = http.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
        compare(step, response, toAgent);
    }

    private int agentPort(JsonNode request) throws Faults.UnknownAgentException {
        String host = request.at("/headers/Host").asText();
        return cluster.agentPort(host.endsWith("5061") ? "r2" : "r1");
    }

    private HttpRequest.BodyPublisher body(JsonNode request) {
        if (request.has("body_base64")) {
            byte[] raw = Base64.getDecoder().decode(request.get("body_base64").asText());
            boolean gzip = request.at("/headers/Content-Encoding").asText().equals("gzip");
            String text = new String(raw, StandardCharsets.ISO_8859_1);
            String translated = gzip ? text : matching.translate(text);
            return HttpRequest.BodyPublishers.ofByteArray(translated.getBytes(StandardCharsets.ISO_8859_1));
        }
        if (request.has("body_text")) {
            return HttpRequest.BodyPublishers.ofString(request.get("body_text").asText());
        }
        if (!request.has("body")) {
            return HttpRequest.BodyPublishers.noBody();
        }
        String text = matching.translate(request.get("body").toString());
        return HttpRequest.BodyPublishers.ofString(text.replace("<bin>", bin.toString()));
    }

    private void compare(JsonNode step, HttpResponse<InputStream> response, boolean toAgent) throws Exception {
        JsonNode recorded = step.get("response");
        assertThat(response.statusCode())
                .as("status")
                .isEqualTo(recorded.get("status").asInt());
        headers(recorded.path("headers"), response);
        if (recorded.has("stream")
                || step.has("stream")
                || response.headers().firstValue("transfer-encoding").isPresent()) {
            boolean protobuf =
                    response.headers().firstValue("content-type").orElse("").equals("application/x-protobuf");
            var type = toAgent
                    ? org.apache.mesos.v1.executor.Protos.Event.getDefaultInstance()
                    : org.apache.mesos.v1.scheduler.Protos.Event.getDefaultInstance();
            String party = step.path("on").asText();
            OpenStream stream = new OpenStream(response.body(), protobuf ? type : null);
            streams.put(party, stream);
            streams.put(party + "/" + step.path("stream").asText(), stream);
            response.headers().firstValue("mesos-stream-id").ifPresent(id -> subscriptions.put(party, id));
            return;
        }
        byte[] body = response.body().readAllBytes();
        JsonNode expected = recorded.path("body");
        if (expected.isObject()) {
            assertThat(matching.difference(expected, JSON.readTree(body)))
                    .as("body")
                    .isEmpty();
        } else if (!expected.isMissingNode()) {
            assertThat(new String(body, StandardCharsets.UTF_8))
                    .as("body")
                    .isEqualTo(matching.translate(expected.asText()));
        }
    }

    private void headers(JsonNode recorded, HttpResponse<?> response) {
        recorded.properties().forEach(header -> {
            String name = header.getKey();
            String value = response.headers().firstValue(name).orElse("(absent)");
            if (name.equals("Mesos-Stream-Id")) {
                matching.learn(header.getValue().asText(), value);
            } else if (!name.equals("Date") && !name.equals("Content-Length")) {
                assertThat(value).as(name).isEqualTo(header.getValue().asText());
            }
        });
        response.headers().map().keySet().forEach(name -> assertThat(recorded.fieldNames())
                .toIterable()
                .anySatisfy(each -> assertThat(each).isEqualToIgnoringCase(name)));
    }

    // ---- events

    private OpenStream stream(JsonNode step) {
        String party = step.path("on").asText();
        OpenStream stream = streams.get(
                step.has("stream") ? party + "/" + step.get("stream").asText() : party);
        return stream == null ? streams.get(party) : stream;
    }

    private void event(JsonNode step) throws IOException, InterruptedException {
        JsonNode recorded = step.get("event");
        String type = recorded.path("type").asText();
        if (type.equals("HEARTBEAT")) {
            return;
        }
        if (type.equals("OFFERS")) {
            offers(stream(step), recorded);
            return;
        }
        JsonNode got = stream(step).take(event -> matches(recorded, event), EVENT_MILLIS);
        if (got == null && type.equals("SHUTDOWN")) {
            teardown();
            got = stream(step).take(event -> matches(recorded, event), EVENT_MILLIS);
        }
        if (got == null) {
            fail("no such event; waiting are:\n" + differences(recorded, stream(step)));
        }
        if (type.equals("SUBSCRIBED") && got.at("/subscribed/framework_id").isObject()) {
            framework = got.at("/subscribed/framework_id/value").asText();
        }
    }

    private String differences(JsonNode recorded, OpenStream stream) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : stream.unseen()) {
            text.append(event.path("type").asText())
                    .append(": ")
                    .append(matching.copy().difference(recorded, event).orElse("equal"))
                    .append('\n');
        }
        return text.toString();
    }

    private boolean matches(JsonNode recorded, JsonNode event) {
        Matching trial = matching.copy();
        boolean same = trial.difference(recorded, event).isEmpty();
        if (same) {
            matching.adopt(trial);
        }
        return same;
    }

    /** How offers are cut into events and when they come again is a matter of timing; what is in them is not. */
    private void offers(OpenStream stream, JsonNode recorded) throws InterruptedException {
        for (JsonNode offer : recorded.at("/offers/offers")) {
            long deadline = System.nanoTime() + EVENT_MILLIS * 1_000_000;
            while (true) {
                collect(stream);
                Optional<String> found = offers.entrySet().stream()
                        .filter(each -> matches(withoutExecutors(offer), withoutExecutors(each.getValue())))
                        .map(Map.Entry::getKey)
                        .findFirst();
                if (found.isPresent()) {
                    offers.remove(found.get());
                    break;
                }
                if (System.nanoTime() > deadline) {
                    fail("no such offer; there are:\n" + offers.values() + "\n"
                            + offers.values().stream()
                                    .map(each -> matching.copy()
                                            .difference(offer, each)
                                            .orElse("equal"))
                                    .toList());
                }
                Thread.sleep(20);
            }
        }
    }

    private static JsonNode withoutExecutors(JsonNode offer) {
        com.fasterxml.jackson.databind.node.ObjectNode copy = offer.deepCopy();
        copy.remove("executor_ids");
        return copy;
    }

    private void collect(OpenStream stream) throws InterruptedException {
        JsonNode more = stream.take(event -> event.path("type").asText().equals("OFFERS"), 1);
        while (more != null) {
            for (JsonNode each : more.at("/offers/offers")) {
                offers.put(each.at("/id/value").asText(), each);
            }
            more = stream.take(event -> event.path("type").asText().equals("OFFERS"), 1);
        }
    }

    private void closed(JsonNode step) throws Exception {
        String how = step.get("closed").asText();
        OpenStream stream = stream(step);
        if (how.startsWith("by the ")) {
            stream.close();
            return;
        }
        OpenStream.End end = stream.awaitEnd(END_MILLIS);
        if (end == null) {
            teardown();
            end = stream.awaitEnd(EVENT_MILLIS);
        }
        assertThat(end).isEqualTo(how.startsWith("EOF") ? OpenStream.End.CUT : OpenStream.End.ORDERLY);
    }

    /** The recording program ended every case that way, mostly without recording it. */
    private void teardown() throws IOException, InterruptedException {
        if (framework == null) {
            return;
        }
        for (String id : subscriptions.values()) {
            http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cluster.masterPort() + "/api/v1/scheduler"))
                            .header("Content-Type", "application/json")
                            .header("Mesos-Stream-Id", id)
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"type\":\"TEARDOWN\",\"framework_id\":{\"value\":\"" + framework + "\"}}"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }

    private void nothingElse() {
        for (OpenStream stream : Set.copyOf(streams.values())) {
            assertThat(stream.unseen().stream()
                            .filter(event -> !Set.of("HEARTBEAT", "OFFERS", "RESCIND", "SHUTDOWN")
                                    .contains(event.path("type").asText()))
                            .toList())
                    .as("events that the real Mesos did not send")
                    .isEmpty();
        }
    }

    // ---- what is done from outside

    private void action(String action) throws Exception {
        switch (action) {
            case "SIGKILL to the executor process" ->
                assertThat(cluster.killExecutor("r1", "ex1")).isTrue();
            case "executor exits with 0" -> exit(0);
            case "executor exits with 1" -> exit(1);
            case "SIGKILL to the agent" -> cluster.stopAgent("r1");
            case "agent started again with the same work_dir", "agent started again" -> cluster.startAgent("r1");
            default -> fail("the replayer cannot do: " + action);
        }
    }

    /** The fixture looks for this file in its sandbox. */
    private void exit(int code) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path sandbox =
                    files.filter(file -> file.endsWith("stdout")).findFirst().orElseThrow();
            Files.writeString(sandbox.resolveSibling("exit"), Integer.toString(code));
        }
    }

    @Override
    public void close() {
        cluster.shutdown(Duration.ofMillis(500));
    }

    /** Writes the programs that recordings name by {@code <bin>}. */
    static void writePrograms(Path bin) throws IOException {
        Path program = bin.resolve("fixture-executor");
        Files.writeString(
                program,
                "#!/bin/sh\n" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + " -Xshare:auto -XX:TieredStopAtLevel=1 -Xmx64m -cp '" + System.getProperty("java.class.path")
                        + "' io.mooring.local.testkit.FixtureExecutor\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }
}
