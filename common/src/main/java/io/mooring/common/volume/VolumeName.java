package io.mooring.common.volume;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A volume's name as a user wrote it. Names are unique across drivers and regardless of case; {@link #key()} is what
 * ownership is kept under. The form is narrow because the name becomes a directory, an argument and a znode.
 */
public record VolumeName(String value) implements Comparable<VolumeName> {
    /** What a name looks like, for those who got it wrong. */
    public static final String FORM_IN_WORDS = "2 to 128 letters, digits, '_', '.' or '-', the first a letter or digit";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{1,127}");

    public VolumeName {
        if (value == null || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("volume name "
                    + (value == null ? "is missing" : "'" + printable(value) + "' is not allowed")
                    + ": " + FORM_IN_WORDS);
        }
    }

    /** The lower-cased name: two names that differ only in case are the same volume. */
    public String key() {
        return value.toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(VolumeName other) {
        return key().compareTo(other.key());
    }

    @Override
    public String toString() {
        return value;
    }

    private static String printable(String text) {
        String shortened = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return shortened.replaceAll("[^ -~]", "?");
    }
}
