package io.mooring.executor.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import io.mooring.executor.plugin.Plugins.Patience;
import io.mooring.executor.testkit.StubPlugin;
import io.mooring.executor.testkit.StubPlugin.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real REX-Ray 0.11 was recorded to answer, step by step, and what the client makes of each answer. */
class RecordedRexRayTest {
    private static final DriverName DRIVER = new DriverName("rexray");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private static Deque<JsonNode> steps(String recording) throws IOException {
        try (InputStream stream = RecordedRexRayTest.class.getResourceAsStream("/recordings/" + recording)) {
            Deque<JsonNode> steps = new ArrayDeque<>();
            JSON.readTree(stream).path("steps").forEach(steps::add);
            return steps;
        }
    }

    private static Answer recorded(JsonNode response) {
        JsonNode body = response.path("body");
        return new Answer(
                response.path("status").asInt(),
                response.path("headers").path("Content-Type").asText(),
                body.isTextual() ? body.textValue() : body.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rexray-0.11-basic.json", "rexray-0.11-two-hosts.json", "rexray-0.11-two-hosts-seed-config.json"
            })
    void readsEveryAnswerAsItWasMeant(String recording) throws IOException {
        Deque<JsonNode> steps = steps(recording);
        Deque<JsonNode> served = new ArrayDeque<>(steps);
        try (StubPlugin stub = new StubPlugin(
                        directory.resolve("rexray.sock"),
                        (method, body) -> recorded(served.remove().path("response")));
                Plugins plugins = new Plugins(new PluginDirectories(List.of(directory), List.of()), Patience.NONE)) {
            for (JsonNode step : steps) {
                JsonNode request = step.path("request");
                String method = request.path("path").asText().substring(1);
                JsonNode body = request.path("body").isObject() ? request.path("body") : JSON.createObjectNode();
                Outcome<JsonNode> outcome = plugins.call(DRIVER, method, body, CallKind.QUESTION);
                requireAsMeant(method, step.path("response"), outcome);
            }
            assertThat(stub.calls()).hasSize(steps.size());
        }
    }

    private static void requireAsMeant(String method, JsonNode response, Outcome<JsonNode> outcome) {
        String text = response.path("body").path("Err").asText("");
        if (response.path("status").asInt() == 200) {
            assertThat(outcome).isEqualTo(new Outcome.Done<>(response.path("body")));
        } else if (response.path("status").asInt() == 404) {
            assertThat(outcome.refusedAs(Refusal.NO_SUCH_CALL)).as(method).isTrue();
        } else if (text.endsWith("resource not found")) {
            assertThat(outcome.refusedAs(Refusal.NOT_FOUND)).as(method).isTrue();
        } else {
            assertThat(text).endsWith("http error");
            assertThat(outcome).as(method).isInstanceOf(Outcome.Unknown.class);
        }
    }

    /** The last answer that was recorded for each call. */
    @Test
    void namesTheGenerationByWhatWasRecorded() throws IOException {
        TreeMap<String, Answer> last = new TreeMap<>();
        for (JsonNode step : steps("rexray-0.11-two-hosts.json")) {
            if (!step.path("request").path("body").has("nope")) {
                last.put(step.path("request").path("path").asText().substring(1), recorded(step.path("response")));
            }
        }
        Answer unknown = last.get("VolumeDriver.Nope");
        try (StubPlugin stub = new StubPlugin(
                        directory.resolve("rexray.sock"), (method, body) -> last.getOrDefault(method, unknown));
                Plugins plugins = new Plugins(new PluginDirectories(List.of(directory), List.of()), Patience.NONE)) {
            assertThat(plugins.generation(DRIVER)).isEqualTo(new Outcome.Done<>(Generation.REXRAY_0_10));
            assertThat(plugins.look(DRIVER, new VolumeName("v1"))).isEqualTo(new Outcome.Done<>(Existence.ABSENT));
            assertThat(stub.calls()).first().asString().startsWith("Mooring.Capabilities");
        }
    }
}
