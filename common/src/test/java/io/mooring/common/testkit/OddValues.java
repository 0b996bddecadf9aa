package io.mooring.common.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Values that nobody expects: of the wrong type, out of range, with characters that no name has. */
public final class OddValues {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ODD = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "1e400",
            "99999999999999999999",
            "\"\"",
            "\" \"",
            "\"a\"",
            "\"../..\"",
            "\"\\u0000\\n\"",
            "\"\\ud800\"",
            "\"2026-13-45T00:00:00Z\"",
            "[]",
            "[null]",
            "[[]]",
            "[{}]",
            "[1,\"a\"]",
            "{}",
            "{\"\":null}",
            "{\"a\":{\"a\":[]}}");

    private OddValues() {}

    /** The document with each odd value in the place of each of its values, one at a time. */
    public static void inPlaceOfEach(JsonNode document, Consumer<JsonNode> seen) throws JsonProcessingException {
        for (Place place : places(document)) {
            for (String odd : ODD) {
                JsonNode changed = document.deepCopy();
                place.put(changed, JSON.readTree(odd));
                seen.accept(changed);
            }
        }
    }

    /** Which child at each level: a name or a number. */
    private record Place(List<Object> steps) {
        Place below(Object step) {
            List<Object> longer = new ArrayList<>(steps);
            longer.add(step);
            return new Place(longer);
        }

        void put(JsonNode document, JsonNode value) {
            JsonNode parent = document;
            for (Object step : steps.subList(0, steps.size() - 1)) {
                parent = step instanceof String name ? parent.get(name) : parent.get((Integer) step);
            }
            Object last = steps.get(steps.size() - 1);
            if (last instanceof String name) {
                ((ObjectNode) parent).set(name, value);
            } else {
                ((ArrayNode) parent).set((Integer) last, value);
            }
        }
    }

    private static List<Place> places(JsonNode document) {
        List<Place> places = new ArrayList<>();
        collect(document, new Place(List.of()), places);
        return places;
    }

    private static void collect(JsonNode node, Place at, List<Place> places) {
        if (node.isObject()) {
            node.fieldNames().forEachRemaining(name -> add(node.get(name), at.below(name), places));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            add(node.get(i), at.below(i), places);
        }
    }

    private static void add(JsonNode node, Place at, List<Place> places) {
        places.add(at);
        collect(node, at, places);
    }
}
