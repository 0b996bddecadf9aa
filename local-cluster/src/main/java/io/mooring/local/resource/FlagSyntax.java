package io.mooring.local.resource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * The text form of an agent's {@code --resources} and {@code --attributes} flags: items separated by semicolons, each
 * {@code name:value} or {@code name(role):value}; a value is a number, {@code [begin-end, ...]}, {@code {item, ...}} or,
 * for attributes, text.
 */
public final class FlagSyntax {
    private static final Pattern ITEM = Pattern.compile("\\s*([^:()\\s]+)(?:\\(([^)]*)\\))?\\s*:\\s*(.*?)\\s*");
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?");

    private FlagSyntax() {}

    /**
     * The resources, in the order written.
     *
     * @throws IllegalArgumentException naming the item that is wrong
     */
    public static List<Resource> resources(String text) {
        List<Resource> list = new ArrayList<>();
        for (String item : items(text)) {
            Matcher parts = matched(item, "resource");
            list.add(resource(item, parts.group(1), parts.group(2), parts.group(3)));
        }
        return list;
    }

    /**
     * The attributes, in the order written.
     *
     * @throws IllegalArgumentException naming the item that is wrong
     */
    public static List<Attribute> attributes(String text) {
        List<Attribute> list = new ArrayList<>();
        for (String item : items(text)) {
            Matcher parts = matched(item, "attribute");
            list.add(attribute(parts.group(1), parts.group(3)));
        }
        return list;
    }

    private static List<String> items(String text) {
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static Matcher matched(String item, String what) {
        Matcher parts = ITEM.matcher(item);
        if (!parts.matches()) {
            throw new IllegalArgumentException("bad " + what + " '" + item + "': expected name:value");
        }
        return parts;
    }

    private static Resource resource(String item, String name, String role, String value) {
        Resource.Builder resource = Resource.newBuilder().setName(name);
        if (role != null && !role.equals("*")) {
            resource.addReservations(Resource.ReservationInfo.newBuilder()
                    .setType(Resource.ReservationInfo.Type.STATIC)
                    .setRole(role));
        }
        if (value.startsWith("[") && value.endsWith("]")) {
            return resource.setType(Value.Type.RANGES).setRanges(ranges(value)).build();
        }
        if (value.startsWith("{") && value.endsWith("}")) {
            List<String> names = Arrays.stream(inner(value).split(","))
                    .map(String::strip)
                    .filter(each -> !each.isEmpty())
                    .toList();
            return resource.setType(Value.Type.SET)
                    .setSet(Value.Set.newBuilder().addAllItem(names))
                    .build();
        }
        if (!NUMBER.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "bad resource '" + item + "': expected a number, [begin-end] or {item, item}");
        }
        return resource.setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(Double.parseDouble(value)))
                .build();
    }

    private static Attribute attribute(String name, String value) {
        Attribute.Builder attribute = Attribute.newBuilder().setName(name);
        if (value.startsWith("[") && value.endsWith("]")) {
            return attribute.setType(Value.Type.RANGES).setRanges(ranges(value)).build();
        }
        if (NUMBER.matcher(value).matches()) {
            return attribute
                    .setType(Value.Type.SCALAR)
                    .setScalar(Value.Scalar.newBuilder().setValue(Double.parseDouble(value)))
                    .build();
        }
        return attribute
                .setType(Value.Type.TEXT)
                .setText(Value.Text.newBuilder().setValue(value))
                .build();
    }

    private static Value.Ranges ranges(String value) {
        Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
        for (String part : inner(value).split(",")) {
            String[] ends = part.strip().split("-");
            if (ends.length != 2) {
                throw new IllegalArgumentException("bad range '" + part + "': expected begin-end");
            }
            ranges.addRange(Value.Range.newBuilder()
                    .setBegin(Long.parseLong(ends[0].strip()))
                    .setEnd(Long.parseLong(ends[1].strip())));
        }
        return ranges.build();
    }

    private static String inner(String value) {
        return value.substring(1, value.length() - 1);
    }
}
