package io.mooring.executor.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.executor.mount.Outcome;
import java.util.Locale;

/**
 * Finds out what kind of plugin one is, by asking it for what it cannot have. Touches nothing: both calls only read.
 */
final class GenerationProbe {
    /** A name that every plugin accepts and none has. */
    static final String NO_VOLUME = "mooring-conformance-probe";

    private final Asking asking;
    private final ObjectMapper json;

    /** One call, answered or not. */
    interface Asking {
        Outcome<PluginAnswer> ask(String method, JsonNode body);
    }

    GenerationProbe(Asking asking, ObjectMapper json) {
        this.asking = asking;
        this.json = json;
    }

    /** The generation; not done when the plugin does not answer. */
    Outcome<Generation> find() {
        Outcome<PluginAnswer> own = asking.ask("Mooring.Capabilities", json.createObjectNode());
        if (!(own instanceof Outcome.Done<PluginAnswer> answered)) {
            return new Outcome.Unknown<>(own.reason());
        }
        if (answered.value().read(json) instanceof Outcome.Done<JsonNode> done
                && done.value().path("Driver").isTextual()) {
            return new Outcome.Done<>(Generation.MOORING);
        }
        Outcome<PluginAnswer> got =
                asking.ask("VolumeDriver.Get", json.createObjectNode().put("Name", NO_VOLUME));
        return got instanceof Outcome.Done<PluginAnswer> error
                ? new Outcome.Done<>(byError(error.value()))
                : new Outcome.Unknown<>(got.reason());
    }

    /** REX-Ray's forms of "no such volume"; nobody else has them. */
    static Generation byError(PluginAnswer answer) {
        String body = answer.body().strip();
        if (answer.status() != 500) {
            return Generation.DOCKER;
        }
        if (body.contains("docker-legacy: Get: ")) {
            return Generation.REXRAY_0_10;
        }
        if (body.contains("docker-csi-bridge: Get: ")) {
            return Generation.REXRAY_0_11_CSI;
        }
        boolean asText = answer.contentType().toLowerCase(Locale.ROOT).startsWith("text/plain");
        if (!asText || !body.startsWith("{\"Error\":")) {
            return Generation.DOCKER;
        }
        return body.toLowerCase(Locale.ROOT).contains("no volumes returned")
                ? Generation.REXRAY_0_3
                : Generation.REXRAY_0_4;
    }
}
