package io.mooring.local.legacy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.google.protobuf.Message;
import io.mooring.local.wire.MesosJson;
import java.util.Collection;

/** Messages inside JSON that is none. */
public final class Messages {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Messages() {}

    public static JsonNode json(Message message) {
        try {
            return JSON.readTree(MesosJson.print(message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a printed message is no JSON", e);
        }
    }

    public static ArrayNode array(Collection<? extends Message> messages) {
        ArrayNode array = JSON.createArrayNode();
        messages.forEach(message -> array.add(json(message)));
        return array;
    }
}
