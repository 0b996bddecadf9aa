package io.mooring.scheduler.marathon;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names of one app's ports: each once, and of Marathon's form, because variables of its tasks have them. */
final class PortNames {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private final Set<String> taken = new TreeSet<>();

    Optional<String> read(Fields port) {
        Optional<String> name = port.text("name");
        if (name.isPresent() && !FORM.matcher(name.get()).matches()) {
            port.error("name", "is no name of a port", "lower-case letters, digits and inner dashes, such as http-api");
        } else if (name.isPresent() && !taken.add(name.get())) {
            port.error("name", "Port names must be unique.", "a name of its own");
        }
        return name;
    }
}
