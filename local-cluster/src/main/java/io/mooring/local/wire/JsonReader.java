package io.mooring.local.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Fills a message from parsed JSON, with the refusals of Mesos' own converter. */
final class JsonReader {
    /** Deeper nesting than any call has; keeps hostile input from using up the stack. */
    private static final int MAX_DEPTH = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The JSON does not fit the message; the text says which field and why. */
    static final class MismatchException extends Exception {
        private static final long serialVersionUID = 1L;

        MismatchException(String text) {
            super(text);
        }

        MismatchException(String text, Throwable cause) {
            super(text, cause);
        }
    }

    private JsonReader() {}

    /** Maps, lists, strings, numbers, booleans and null. */
    static Object tree(byte[] json) throws IOException {
        if (json.length == 0) {
            throw new IOException("no JSON at all");
        }
        return MAPPER.readValue(json, Object.class);
    }

    static void merge(Object tree, Message.Builder into) throws MismatchException {
        if (!(tree instanceof Map<?, ?> object)) {
            throw new MismatchException("Expecting a JSON object");
        }
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            FieldDescriptor field = into.getDescriptorForType().findFieldByName((String) entry.getKey());
            if (field != null && entry.getValue() != null) {
                field(field, entry.getValue(), into);
            }
        }
    }

    private static void field(FieldDescriptor field, Object json, Message.Builder into) throws MismatchException {
        if (field.isMapField()) {
            map(field, json, into);
            return;
        }
        if (!field.isRepeated()) {
            Object value = value(field, json, into);
            if (value != null) {
                into.setField(field, value);
            }
            return;
        }
        if (!(json instanceof List<?> list)) {
            throw mismatch(field, json);
        }
        for (Object item : list) {
            Object value = value(field, item, into);
            if (value != null) {
                into.addRepeatedField(field, value);
            }
        }
    }

    private static void map(FieldDescriptor field, Object json, Message.Builder into) throws MismatchException {
        if (!(json instanceof Map<?, ?> object)) {
            throw mismatch(field, json);
        }
        List<FieldDescriptor> keyAndValue = field.getMessageType().getFields();
        for (Map.Entry<?, ?> item : object.entrySet()) {
            Message.Builder entry = into.newBuilderForField(field);
            entry.setField(keyAndValue.get(0), item.getKey());
            field(keyAndValue.get(1), item.getValue(), entry);
            into.addRepeatedField(field, entry.build());
        }
    }

    /** The value in the field's Java type; null for an enum name that nobody knows, which leaves the field unset. */
    private static Object value(FieldDescriptor field, Object json, Message.Builder parent) throws MismatchException {
        return switch (field.getJavaType()) {
            case INT -> (int) number(field, json).longValue();
            case LONG -> number(field, json).longValue();
            case FLOAT -> number(field, json).floatValue();
            case DOUBLE -> number(field, json).doubleValue();
            case BOOLEAN -> bool(field, json);
            case STRING -> string(field, json);
            case BYTE_STRING -> bytes(field, json);
            case ENUM -> enumValue(field, json);
            case MESSAGE -> message(field, json, parent);
        };
    }

    private static Message message(FieldDescriptor field, Object json, Message.Builder parent)
            throws MismatchException {
        if (!(json instanceof Map<?, ?>)) {
            throw mismatch(field, json);
        }
        Message.Builder builder = parent.newBuilderForField(field);
        merge(json, builder);
        return builder.buildPartial();
    }

    private static Number number(FieldDescriptor field, Object json) throws MismatchException {
        if (json instanceof Number number) {
            return number;
        }
        if (json instanceof String text) {
            try {
                return Double.valueOf(text);
            } catch (NumberFormatException e) {
                throw new MismatchException(
                        "Failed to parse '" + text + "' as a JSON number for field '" + field.getName() + "'", e);
            }
        }
        throw mismatch(field, json);
    }

    private static Boolean bool(FieldDescriptor field, Object json) throws MismatchException {
        if (json instanceof Boolean value) {
            return value;
        }
        throw mismatch(field, json);
    }

    private static String string(FieldDescriptor field, Object json) throws MismatchException {
        if (json instanceof String text) {
            return text;
        }
        throw mismatch(field, json);
    }

    private static ByteString bytes(FieldDescriptor field, Object json) throws MismatchException {
        String text = string(field, json);
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new MismatchException(
                    "Failed to base64 decode bytes field '" + field.getName() + "': " + base64Fault(text), e);
        }
    }

    private static String base64Fault(String text) {
        return text.chars()
                .filter(c -> !(Character.isLetterOrDigit(c) && c < 128) && "+/=".indexOf(c) < 0)
                .mapToObj(c -> "Invalid character '" + (char) c + "'")
                .findFirst()
                .orElse("Invalid length");
    }

    private static EnumValueDescriptor enumValue(FieldDescriptor field, Object json) throws MismatchException {
        if (json instanceof Number number) {
            return field.getEnumType().findValueByNumber(number.intValue());
        }
        EnumValueDescriptor value = field.getEnumType().findValueByName(string(field, json));
        if (value == null && field.isRequired()) {
            throw new MismatchException("Failed to find enum for '" + json + "'");
        }
        return value;
    }

    private static MismatchException mismatch(FieldDescriptor field, Object json) {
        String kind = json instanceof Map
                ? "object"
                : json instanceof List
                        ? "array"
                        : json instanceof Number ? "number" : json instanceof Boolean ? "boolean" : "string";
        return new MismatchException("Not expecting a JSON " + kind + " for field '" + field.getName() + "'");
    }
}
