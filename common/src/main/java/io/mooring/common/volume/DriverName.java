package io.mooring.common.volume;

import java.util.regex.Pattern;

/** The name of a volume plugin: the base name of its socket or spec file, e.g. {@code rexray} or {@code loop}. */
public record DriverName(String value) implements Comparable<DriverName> {
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}");

    public DriverName {
        if (value == null || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "driver name is not allowed: 1 to 64 letters, digits, '_', '.' or '-', the first a letter or digit");
        }
    }

    @Override
    public int compareTo(DriverName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
