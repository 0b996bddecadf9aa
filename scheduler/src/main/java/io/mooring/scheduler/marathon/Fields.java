package io.mooring.scheduler.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.scheduler.decision.Answer.Fault;
import io.mooring.scheduler.decision.Answer.FieldError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the fields of one object of an app definition. What is wrong is collected with its path in Marathon's notation,
 * so that a user sees all of it at once.
 */
final class Fields {
    private final String path;
    private final JsonNode node;
    private final List<FieldError> errors;

    private Fields(String path, JsonNode node, List<FieldError> errors) {
        this.path = path;
        this.node = node;
        this.errors = errors;
    }

    static Fields root(JsonNode node) {
        return new Fields("", node, new ArrayList<>());
    }

    List<FieldError> errors() {
        return Collections.unmodifiableList(errors);
    }

    JsonNode node() {
        return node;
    }

    void error(String field, String what, String expected) {
        errors.add(new FieldError(path + "/" + field, what, expected));
    }

    /** A field that has to be there is not. */
    void missing(String field, String expected) {
        wrong(field, "is missing", expected, Fault.MISSING);
    }

    /** A field is of another type than it has to be. Told once, though several may read it. */
    private void wrong(String field, String what, String expected, Fault fault) {
        FieldError error = new FieldError(path + "/" + field, what, expected, fault);
        if (!errors.contains(error)) {
            errors.add(error);
        }
    }

    /** The field's path from the definition's root. */
    String at(String field) {
        return path + "/" + field;
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    Optional<String> text(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        if (!node.get(field).isTextual()) {
            wrong(field, "is not a text", "a text", Fault.NO_TEXT);
            return Optional.empty();
        }
        return Optional.of(node.get(field).textValue());
    }

    double number(String field, double least, double most, double otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        JsonNode value = node.get(field);
        if (!value.isNumber() || value.doubleValue() < least || value.doubleValue() > most) {
            Fault fault = value.isNumber() ? Fault.RULE : Fault.NO_NUMBER;
            wrong(field, "is " + shown(value), "a number from " + plain(least) + " to " + plain(most), fault);
            return otherwise;
        }
        return value.doubleValue();
    }

    int count(String field, int least, int most, int otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        JsonNode value = node.get(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            Fault whole = value.isIntegralNumber() ? Fault.RULE : Fault.NO_WHOLE_NUMBER;
            Fault fault = value.isNumber() ? whole : Fault.NO_NUMBER;
            wrong(field, "is " + shown(value), "a whole number from " + least + " to " + most, fault);
            return otherwise;
        }
        return value.intValue();
    }

    boolean flag(String field, boolean otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!node.get(field).isBoolean()) {
            wrong(field, "is " + shown(node.get(field)), "true or false", Fault.NO_FLAG);
            return otherwise;
        }
        return node.get(field).booleanValue();
    }

    Optional<Fields> object(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        if (!node.get(field).isObject()) {
            wrong(field, "is not an object", "an object", Fault.NO_OBJECT);
            return Optional.empty();
        }
        return Optional.of(new Fields(path + "/" + field, node.get(field), errors));
    }

    List<Fields> objects(String field) {
        List<Fields> objects = new ArrayList<>();
        JsonNode array = array(field);
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i).isObject()) {
                objects.add(new Fields(path + "/" + field + "(" + i + ")", array.get(i), errors));
            } else {
                wrong(field + "(" + i + ")", "is not an object", "an object", Fault.NO_OBJECT);
            }
        }
        return objects;
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        JsonNode array = array(field);
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i).isTextual()) {
                texts.add(array.get(i).textValue());
            } else {
                wrong(field + "(" + i + ")", "is not a text", "a text", Fault.NO_TEXT);
            }
        }
        return texts;
    }

    JsonNode array(String field) {
        if (!has(field)) {
            return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
        }
        if (!node.get(field).isArray()) {
            wrong(field, "is not a list", "a list", Fault.NO_LIST);
            return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
        }
        return node.get(field);
    }

    /** A map of texts; numbers and booleans are taken as they are written, which Marathon's users rely on. */
    Map<String, String> textMap(String field, String otherValues) {
        Map<String, String> map = new TreeMap<>();
        object(field).ifPresent(object -> object.node.properties().forEach(entry -> {
            if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                map.put(entry.getKey(), entry.getValue().asText());
            } else {
                object.error(entry.getKey(), "is no plain value", otherValues);
            }
        }));
        return map;
    }

    /** Refuses every field that is not in the list. */
    void only(String... known) {
        List<String> names = List.of(known);
        node.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                error(name, "is not known", "one of " + String.join(", ", names));
            }
        });
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
