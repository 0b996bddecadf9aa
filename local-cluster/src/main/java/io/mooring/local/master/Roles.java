package io.mooring.local.master;

import java.util.Optional;

/** Names of roles: components with slashes between them, or "*". */
final class Roles {
    private Roles() {}

    /** What is wrong with the name, in Mesos' words. */
    static Optional<String> error(String role) {
        if (role.equals("*")) {
            return Optional.empty();
        }
        if (role.isEmpty()) {
            return Optional.of("Empty role name is invalid");
        }
        if (role.startsWith("/") || role.endsWith("/")) {
            return Optional.of("Role '" + role + "' cannot start or end with a slash");
        }
        for (String component : role.split("/", -1)) {
            Optional<String> error = component(role, component);
            if (error.isPresent()) {
                return error;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> component(String role, String component) {
        if (component.equals(".") || component.equals("..") || component.equals("*")) {
            return Optional.of("Role '" + role + "' cannot include '" + component + "' as a component");
        }
        if (component.isEmpty()) {
            return Optional.of("Role '" + role + "' cannot contain two adjacent slashes");
        }
        if (component.startsWith("-")) {
            return Optional.of("Role component '" + component + "' is invalid because it begins with a dash");
        }
        boolean blank = component.chars().anyMatch(c -> Character.isWhitespace(c) || c == '\b' || c == 0x7f);
        return blank
                ? Optional.of(
                        "Role component '" + component + "' is invalid because it contains backspace or whitespace")
                : Optional.empty();
    }
}
