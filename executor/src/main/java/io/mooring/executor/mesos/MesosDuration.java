package io.mooring.executor.mesos;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Mesos writes them: {@code 15mins}, {@code 2secs}, {@code 250ms}, {@code 1.5secs}. */
final class MesosDuration {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|ms|secs|mins|hrs|days|weeks)");

    private MesosDuration() {}

    static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is no duration; it has to be a number with ns, us, ms, secs, mins, hrs, days or weeks");
        }
        double number = Double.parseDouble(matcher.group(1));
        return Duration.ofNanos((long) (number * nanos(matcher.group(2))));
    }

    private static double nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "secs" -> 1e9;
            case "mins" -> 60e9;
            case "hrs" -> 3600e9;
            case "days" -> 24 * 3600e9;
            default -> 7 * 24 * 3600e9;
        };
    }
}
