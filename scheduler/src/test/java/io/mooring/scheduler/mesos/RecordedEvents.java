package io.mooring.scheduler.mesos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * Every kind of event that a real Mesos 1.11.0 sent to frameworks in a few hundred conversations: each with other fields,
 * states or reasons than the ones before it. Recorded as JSON, read as the same messages.
 */
final class RecordedEvents {
    private RecordedEvents() {}

    /** @param in the conversation that it is from */
    record Recorded(String in, Event event) {}

    static List<Recorded> all() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Recorded> all = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                RecordedEvents.class.getResourceAsStream("/mesos/recorded-events.jsonl"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode recorded = json.readTree(line);
                Event.Builder event = Event.newBuilder();
                merge(recorded.get("event"), event);
                all.add(new Recorded(recorded.get("case").asText(), event.build()));
            }
        }
        return all;
    }

    private static void merge(JsonNode object, Message.Builder into) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            FieldDescriptor field = into.getDescriptorForType().findFieldByName(entry.getKey());
            if (field == null) {
                throw new IllegalArgumentException(
                        into.getDescriptorForType().getFullName() + " has no field " + entry.getKey());
            }
            if (field.isRepeated()) {
                entry.getValue().forEach(one -> add(one, field, into));
            } else {
                into.setField(field, value(entry.getValue(), field, into));
            }
        }
    }

    /** Mesos 1.11 has capabilities that the v1 messages have no name for, and writes an empty object for them. */
    private static void add(JsonNode one, FieldDescriptor field, Message.Builder into) {
        into.addRepeatedField(field, value(one, field, into));
    }

    private static Object value(JsonNode node, FieldDescriptor field, Message.Builder parent) {
        return switch (field.getJavaType()) {
            case MESSAGE -> {
                Message.Builder inner = parent.newBuilderForField(field);
                merge(node, inner);
                yield inner.build();
            }
            case ENUM -> field.getEnumType().findValueByName(node.asText());
            case BYTE_STRING -> ByteString.copyFrom(Base64.getDecoder().decode(node.asText()));
            case STRING -> node.asText();
            case BOOLEAN -> node.asBoolean();
            case INT -> node.asInt();
            case LONG -> node.asLong();
            case FLOAT -> (float) node.asDouble();
            case DOUBLE -> node.asDouble();
        };
    }
}
