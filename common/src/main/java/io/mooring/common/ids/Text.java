package io.mooring.common.ids;

/** The one rule for text that becomes an identifier: it reaches paths, argument lists and znodes. */
final class Text {
    private Text() {}

    /** Returns the value if it is 1 to {@code max} printable ASCII characters without blank, slash, or a leading dot or dash. */
    static String identifier(String what, String value, int max) {
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(what + " is missing");
        }
        if (value.length() > max) {
            throw new IllegalArgumentException(
                    what + " has " + value.length() + " characters; at most " + max + " are allowed");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean leading = i == 0 && (c == '.' || c == '-');
            if (c <= ' ' || c > '~' || c == '/' || c == '\\' || leading) {
                throw new IllegalArgumentException(what + " has a character that is not allowed at position " + i
                        + ": printable ASCII without blank, slash or backslash, not starting with '.' or '-'");
            }
        }
        return value;
    }
}
