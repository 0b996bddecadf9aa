package io.mooring.plugin.volume;

/** Makes text of a stranger fit to stand in a message or a log line: printable ASCII, and not endless. */
public final class Printable {
    private static final int SHOWN = 80;

    private Printable() {}

    /** The text with everything but printable ASCII replaced, cut after 80 characters. */
    public static String of(String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return shown.replaceAll("[^ -~]", "?");
    }
}
