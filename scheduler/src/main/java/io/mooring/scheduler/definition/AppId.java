package io.mooring.scheduler.definition;

import java.util.Optional;
import java.util.regex.Pattern;

/** An app's absolute path, as Marathon writes it: {@code /group/name}. */
public record AppId(String path) implements Comparable<AppId> {
    private static final Pattern FORM =
            Pattern.compile("(/(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9]))+");
    private static final int MOST_CHARACTERS = 150;

    public AppId {
        if (path == null
                || path.length() > MOST_CHARACTERS
                || !FORM.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "an app id is a path of at most " + MOST_CHARACTERS
                            + " characters whose segments are lower-case letters, digits and inner dashes, such as /shop/orders-db");
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (last.equals("restart") || last.equals("tasks") || last.equals("versions")) {
            throw new IllegalArgumentException("an app id cannot end in '" + last + "', which is a word of the API");
        }
    }

    /** Makes what a user wrote absolute. */
    public static AppId of(String written) {
        if (written == null || written.isEmpty()) {
            throw new IllegalArgumentException("the app has no id");
        }
        return new AppId(written.startsWith("/") ? written : "/" + written);
    }

    /** The path with low lines for slashes, for names that cannot have slashes. */
    public String flat() {
        return path.substring(1).replace('/', '_');
    }

    /** The first name of a path of several, which Marathon takes for a role. */
    public Optional<String> topmostGroup() {
        int end = path.indexOf('/', 1);
        return end < 0 ? Optional.empty() : Optional.of(path.substring(1, end));
    }

    @Override
    public int compareTo(AppId other) {
        return path.compareTo(other.path);
    }

    @Override
    public String toString() {
        return path;
    }
}
