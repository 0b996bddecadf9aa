package io.mooring.scheduler.rest;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Times as Marathon writes them: always with three digits of milliseconds, which some clients insist on. */
final class Times {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    static String text(Instant time) {
        return FORM.format(time);
    }

    /** A time of a notice, which has as few digits as it needs; null for none. */
    static String ofNotice(String time) {
        return time == null ? null : text(Instant.parse(time));
    }

    /** Null for none, as JSON has it. */
    static String text(Optional<Instant> time) {
        return time.map(Times::text).orElse(null);
    }
}
