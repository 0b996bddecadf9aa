package io.mooring.executor.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a plugin's error answer means. Plugins have no error codes: the text is all there is, in {@code Err} (Docker),
 * in {@code Error} (REX-Ray up to 0.9), or as the bare body. A text that is not listed may still come into effect.
 */
final class PluginFailure {
    private static final List<String> NOT_FOUND =
            List.of("not found", "no such volume", "no volumes returned", "does not exist", "unknown volume");
    private static final List<String> EXISTS = List.of("already exists", "must be unique");
    private static final List<String> IN_USE =
            List.of("already attached", "wrong state for attach", "attached to", "in use", "held by");
    /** The operation itself may go on behind these. What could be a part of a volume's name has to be a word of its own. */
    private static final Pattern STILL_POSSIBLE = Pattern.compile(
            "device discovery|did not attach|timed out" + "|(?<![\\w-])(timeout|deadline)(?![\\w-]|\\.\\w)");

    private PluginFailure() {}

    static <T> Outcome<T> read(int status, String body, ObjectMapper json) {
        String text = text(body, json);
        if (status == 404) {
            return new Outcome.Refused<>(Refusal.NO_SUCH_CALL, text.isEmpty() ? "the plugin has no such call" : text);
        }
        if (text.isEmpty()) {
            return new Outcome.Unknown<>("the plugin answered HTTP " + status + " without a text");
        }
        return classify(status, text);
    }

    static <T> Outcome<T> classify(int status, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (STILL_POSSIBLE.matcher(lower).find()) {
            return new Outcome.Unknown<>(text);
        }
        if (EXISTS.stream().anyMatch(lower::contains)) {
            return new Outcome.Refused<>(Refusal.EXISTS, text);
        }
        if (NOT_FOUND.stream().anyMatch(lower::contains)) {
            return new Outcome.Refused<>(Refusal.NOT_FOUND, text);
        }
        if (IN_USE.stream().anyMatch(lower::contains)) {
            return new Outcome.Refused<>(Refusal.IN_USE, text);
        }
        return status >= 400 && status < 500
                ? new Outcome.Refused<>(Refusal.REJECTED, text)
                : new Outcome.Unknown<>(text);
    }

    private static String text(String body, ObjectMapper json) {
        try {
            JsonNode tree = json.readTree(body);
            if (tree != null && tree.isObject()) {
                String err = tree.path("Err").asText("");
                return err.isEmpty() ? tree.path("Error").asText("") : err;
            }
        } catch (JsonProcessingException e) {
            // Old plugins do not escape the text, so the body may look like JSON and be none.
            return body.strip();
        }
        return body.strip();
    }
}
