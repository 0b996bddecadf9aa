package io.mooring.local.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes one message as JSON text. */
final class JsonPrinter {
    private static final Set<String> ALWAYS_OF_MASTERS = Set.of(
            "agents",
            "recovered_agents",
            "frameworks",
            "completed_frameworks",
            "tasks",
            "unreachable_tasks",
            "completed_tasks",
            "executors");

    private static final Set<String> ALWAYS_OF_AGENTS = Set.of(
            "frameworks",
            "completed_frameworks",
            "executors",
            "completed_executors",
            "pending_tasks",
            "queued_tasks",
            "launched_tasks",
            "terminated_tasks",
            "completed_tasks");

    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator out;

    private JsonPrinter(JsonGenerator out) {
        this.out = out;
    }

    static String print(Message message) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            new JsonPrinter(out).message(message);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to take text", e);
        }
        return text.toString();
    }

    private void message(Message message) throws IOException {
        out.writeStartObject();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            out.writeFieldName(MesosJson.name(entry.getKey()));
            field(entry.getKey(), entry.getValue());
        }
        emptyLists(message);
        out.writeEndObject();
    }

    /** The operator APIs name some lists even when nothing is in them, and tools rely on it. */
    private void emptyLists(Message message) throws IOException {
        Set<String> always = always(message.getDescriptorForType().getFullName());
        for (FieldDescriptor field : always.isEmpty()
                ? List.<FieldDescriptor>of()
                : message.getDescriptorForType().getFields()) {
            if (always.contains(field.getName()) && message.getRepeatedFieldCount(field) == 0) {
                out.writeArrayFieldStart(field.getName());
                out.writeEndArray();
            }
        }
    }

    private static Set<String> always(String type) {
        if (type.startsWith("mesos.v1.master.Response.Get")) {
            return ALWAYS_OF_MASTERS;
        }
        return type.startsWith("mesos.v1.agent.Response.Get") ? ALWAYS_OF_AGENTS : Set.of();
    }

    private void field(FieldDescriptor field, Object value) throws IOException {
        if (field.isMapField()) {
            map((List<?>) value);
            return;
        }
        if (!field.isRepeated()) {
            value(field, value);
            return;
        }
        out.writeStartArray();
        for (Object item : (List<?>) value) {
            value(field, item);
        }
        out.writeEndArray();
    }

    private void map(List<?> entries) throws IOException {
        out.writeStartObject();
        for (Object item : entries) {
            Message entry = (Message) item;
            List<FieldDescriptor> keyAndValue = entry.getDescriptorForType().getFields();
            out.writeFieldName(entry.getField(keyAndValue.get(0)).toString());
            value(keyAndValue.get(1), entry.getField(keyAndValue.get(1)));
        }
        out.writeEndObject();
    }

    private void value(FieldDescriptor field, Object value) throws IOException {
        switch (field.getJavaType()) {
            case INT -> out.writeNumber((Integer) value);
            case LONG -> out.writeNumber((Long) value);
            case FLOAT -> out.writeNumber((Float) value);
            case DOUBLE -> out.writeNumber((Double) value);
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case STRING -> out.writeString((String) value);
            case BYTE_STRING -> out.writeBinary(((ByteString) value).toByteArray());
            case ENUM -> out.writeString(((EnumValueDescriptor) value).getName());
            case MESSAGE -> message((Message) value);
        }
    }
}
