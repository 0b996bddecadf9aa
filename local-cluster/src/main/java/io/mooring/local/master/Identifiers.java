package io.mooring.local.master;

import java.util.Optional;

/** Ids become names of directories, so Mesos restricts them. */
final class Identifiers {
    private static final int MAX_LENGTH = 255;

    private Identifiers() {}

    static Optional<String> error(String id) {
        if (id.isEmpty()) {
            return Optional.of("ID must not be empty");
        }
        if (id.length() > MAX_LENGTH) {
            return Optional.of("ID must not be greater than " + MAX_LENGTH + " characters");
        }
        if (id.equals(".") || id.equals("..")) {
            return Optional.of("'" + id + "' is disallowed");
        }
        boolean invalid = id.chars().anyMatch(c -> c == '/' || c == '\\' || c < 0x20 || c == 0x7f);
        return invalid ? Optional.of("'" + id + "' contains invalid characters") : Optional.empty();
    }
}
