package io.mooring.executor.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.executor.mount.Outcome;

/**
 * What a plugin sent back, before anything is made of it.
 *
 * @param contentType as its header says, or empty
 */
record PluginAnswer(int status, String contentType, String body) {
    /** What it means: only 200 with an object that has no {@code Err} is success. */
    Outcome<JsonNode> read(ObjectMapper json) {
        if (status != 200) {
            return PluginFailure.read(status, body, json);
        }
        try {
            JsonNode tree = json.readTree(body);
            if (tree == null || !tree.isObject()) {
                return new Outcome.Unknown<>("the plugin answered something that is no JSON object");
            }
            String err = tree.path("Err").asText("");
            return err.isEmpty() ? new Outcome.Done<>(tree) : PluginFailure.classify(500, err);
        } catch (JsonProcessingException e) {
            return new Outcome.Unknown<>("the plugin answered something that is no JSON: " + e.getOriginalMessage());
        }
    }
}
