package io.mooring.scheduler.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.function.Function;

/** An object with one long list, of which no more than one item at a time is there as JSON. */
final class JsonList {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonList() {}

    static <T> StreamingOutput of(String name, List<T> items, Function<T, ? extends JsonNode> view) {
        return output -> {
            JsonGenerator json = JSON.createGenerator(output);
            json.writeStartObject();
            json.writeArrayFieldStart(name);
            for (T item : items) {
                json.writeTree(view.apply(item));
            }
            json.writeEndArray();
            json.writeEndObject();
            json.flush();
        };
    }
}
