package io.mooring.common.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.VolumeName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the fields of one JSON object; each error names the field. */
record Fields(JsonNode node) {
    String text(String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("field '" + name + "' has to be a text");
        }
        return value.textValue();
    }

    Optional<String> optionalText(String name) {
        return node.hasNonNull(name) ? Optional.of(text(name)) : Optional.empty();
    }

    long number(String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException("field '" + name + "' has to be a whole number");
        }
        return value.longValue();
    }

    double decimal(String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isNumber()) {
            throw new IllegalArgumentException("field '" + name + "' has to be a number");
        }
        return value.doubleValue();
    }

    /** A number that an int can hold. */
    Optional<Integer> optionalCount(String name) {
        if (!node.hasNonNull(name)) {
            return Optional.empty();
        }
        long value = number(name);
        if (value != (int) value) {
            throw new IllegalArgumentException("field '" + name + "' is " + value + ", which is out of range");
        }
        return Optional.of((int) value);
    }

    OptionalLong optionalNumber(String name) {
        return node.hasNonNull(name) ? OptionalLong.of(number(name)) : OptionalLong.empty();
    }

    boolean flag(String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isBoolean()) {
            throw new IllegalArgumentException("field '" + name + "' has to be true or false");
        }
        return value.booleanValue();
    }

    Fields object(String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isObject()) {
            throw new IllegalArgumentException("field '" + name + "' has to be an object");
        }
        return new Fields(value);
    }

    Optional<Fields> optionalObject(String name) {
        return node.hasNonNull(name) ? Optional.of(object(name)) : Optional.empty();
    }

    <T> List<T> list(String name, Function<Fields, T> element) {
        List<T> elements = new ArrayList<>();
        for (JsonNode value : array(name)) {
            if (!value.isObject()) {
                throw new IllegalArgumentException("field '" + name + "' has to be a list of objects");
            }
            elements.add(element.apply(new Fields(value)));
        }
        return elements;
    }

    List<String> texts(String name) {
        List<String> elements = new ArrayList<>();
        for (JsonNode value : array(name)) {
            if (!value.isTextual()) {
                throw new IllegalArgumentException("field '" + name + "' has to be a list of texts");
            }
            elements.add(value.textValue());
        }
        return elements;
    }

    Map<String, String> textMap(String name) {
        Map<String, String> map = new TreeMap<>();
        object(name).node.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new IllegalArgumentException("field '" + name + "." + entry.getKey() + "' has to be a text");
            }
            map.put(entry.getKey(), entry.getValue().textValue());
        });
        return map;
    }

    ClaimId claim() {
        return new ClaimId(text("claim"));
    }

    VolumeName volume() {
        return new VolumeName(text("volume"));
    }

    <E extends Enum<E>> E word(String name, Class<E> type) {
        String text = text(name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("field '" + name + "' is '" + text + "'; it has to be one of "
                + Arrays.toString(type.getEnumConstants()));
    }

    /** Texts; none where the field is missing, as in messages of senders that do not know it. */
    List<String> textsIfAny(String name) {
        return node.hasNonNull(name) ? texts(name) : List.of();
    }

    /** Names of volumes; none where the field is missing, as in messages of senders that do not know it. */
    List<VolumeName> volumesIfAny(String name) {
        return node.hasNonNull(name) ? texts(name).stream().map(VolumeName::new).toList() : List.of();
    }

    private JsonNode array(String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isArray()) {
            throw new IllegalArgumentException("field '" + name + "' has to be a list");
        }
        return value;
    }
}
