package io.mooring.local.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.local.fault.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Drives a local cluster through the steps of a recording and compares what it says. */
final class Replayer implements AutoCloseable {
    private static final long EVENT_MILLIS = 12_000;
    private static final long END_MILLIS = 1500;
    private static final long LONGEST_PAUSE_MILLIS = 20_000;

    /** Come and go with time; a recording ends where its program ended. */
    private static final Set<String> UNEXPECTED_ALLOWED = Set.of("HEARTBEAT", "OFFERS", "RESCIND", "SHUTDOWN");

    private final Recording recording;
    private final boolean own;
    private final Matching matching;
    private final Stage stage;
    private final Requests requests;
    private final Script script;
    private final ZooKeeperNodes nodes;
    private final Map<String, OpenStream> streams = new HashMap<>();
    private final Map<String, String> subscriptions = new HashMap<>();
    private final Offers offers;
    private final Set<String> ignoringKills = new HashSet<>();
    private final Set<String> shutDown = new HashSet<>();
    private String framework;
    private long skippedMillis;

    /**
     * @param matching of this recording alone
     * @param shared for questions that change nothing; all other recordings have a stage of their own
     */
    Replayer(Recording recording, Matching matching, Path directory, Path bin, SharedStage shared) throws Exception {
        this.recording = recording;
        this.matching = matching;
        own = !Setting.isNeeded(recording);
        stage = own ? new Stage(recording, directory) : shared.get(recording);
        offers = new Offers(matching);
        requests = new Requests(stage, matching, bin);
        script = new Script(stage);
        nodes = new ZooKeeperNodes(stage, matching);
        if (!own) {
            Setting.translate(matching);
        }
        try {
            stage.ready(matching);
        } catch (InterruptedException | Faults.UnknownAgentException e) {
            close();
            throw e;
        }
    }

    void run() throws Exception {
        Set<String> processes = recording.executorProcesses();
        int number = 0;
        for (JsonNode step : recording.steps()) {
            number++;
            boolean played = !processes.contains(step.path("on").asText()) || step.has("action");
            if (!played) {
                unprompted(step);
            }
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

    /** What a real executor process says by itself; all else it says because of what it is told. */
    private void unprompted(JsonNode step) throws IOException {
        String party = step.path("on").asText();
        if (step.at("/event/type").asText().equals("SHUTDOWN")) {
            shutDown.add(party);
        }
        if (step.at("/env/FX_OPT").asText().contains("ignorekill")) {
            ignoringKills.add(party);
        }
        boolean killed = step.at("/request/body/update/status/state").asText().equals("TASK_KILLED");
        if (killed && ignoringKills.contains(party) && !shutDown.contains(party)) {
            stage.endTasks(step.at("/request/body/executor_id/value").asText());
        }
    }

    private static String shortened(JsonNode step) {
        String text = step.toString();
        return text.length() > 600 ? text.substring(0, 600) + "..." : text;
    }

    private void step(JsonNode step) throws Exception {
        if (step.has("request")) {
            pause(step);
            request(step);
        } else if (step.has("event")) {
            event(step);
        } else if (step.has("closed")) {
            closed(step);
        } else if (step.has("znode")) {
            nodes.compare(step);
        } else if (step.has("action")) {
            pause(step);
            String action = step.get("action").asText();
            if (!stage.act(action, matching) && !script.act(action)) {
                fail("the replayer cannot do: " + action);
            }
        }
    }

    private static void pause(JsonNode step) throws InterruptedException {
        Thread.sleep(Math.min(step.path("after_ms").asLong(), LONGEST_PAUSE_MILLIS));
    }

    private void request(JsonNode step) throws Exception {
        Optional<HttpResponse<InputStream>> response = requests.send(step);
        if (response.isEmpty()) {
            return;
        }
        boolean streamed = step.get("response").has("stream")
                || step.has("stream")
                || response.get().headers().firstValue("transfer-encoding").isPresent();
        if (!streamed) {
            requests.compareBody(step, response.get());
            return;
        }
        OpenStream stream = new OpenStream(response.get().body(), requests.eventType(step, response.get()));
        String party = step.path("on").asText();
        streams.put(party, stream);
        streams.put(party + "/" + step.path("stream").asText(), stream);
        response.get().headers().firstValue("mesos-stream-id").ifPresent(id -> subscriptions.put(party, id));
    }

    // ---- events

    private OpenStream stream(JsonNode step) {
        String party = step.path("on").asText();
        OpenStream stream = streams.get(
                step.has("stream") ? party + "/" + step.get("stream").asText() : party);
        return stream == null ? streams.get(party) : stream;
    }

    private void event(JsonNode step) throws Exception {
        JsonNode recorded = step.get("event");
        String type = recorded.path("type").asText();
        if (type.equals("HEARTBEAT")) {
            skippedMillis += step.path("after_ms").asLong();
            return;
        }
        if (type.equals("OFFERS")) {
            stage.letAgentsCome();
            offers.await(stream(step), recorded);
            return;
        }
        if (type.equals("FRAMEWORK_ADDED")) {
            script.frameworkExpected();
        }
        long patience = EVENT_MILLIS + skippedMillis + step.path("after_ms").asLong();
        skippedMillis = 0;
        JsonNode got = stream(step).take(event -> matches(recorded, event), patience);
        if (got == null && (type.equals("SHUTDOWN") || type.equals("FRAMEWORK_REMOVED"))) {
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
        return matching.fits(recorded, event);
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
            script.end();
            return;
        }
        for (String id : new HashSet<>(subscriptions.values())) {
            requests.teardown(framework, id);
        }
    }

    /** The same update once more is no surprise: how often it comes before it is acknowledged is a matter of timing. */
    private void nothingElse() {
        for (OpenStream stream : Set.copyOf(streams.values())) {
            assertThat(stream.unseen().stream()
                            .filter(event -> !UNEXPECTED_ALLOWED.contains(
                                    event.path("type").asText()))
                            .toList())
                    .as("events that the real Mesos did not send")
                    .isEmpty();
        }
    }

    @Override
    public void close() {
        if (own) {
            stage.close();
        }
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
