package io.mooring.scheduler.marathon;

import io.mooring.scheduler.definition.AppId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Paths as Marathon's users write them: absolute, or relative to the group that an app or a group is in. */
public final class RelativePaths {
    private RelativePaths() {}

    /**
     * The absolute path.
     *
     * @param of the app or group that names it
     * @return empty for what is no path
     */
    static Optional<String> resolve(String written, String of) {
        String parent = of.substring(0, Math.max(0, of.lastIndexOf('/')));
        return below(written, parent);
    }

    /** The absolute path of what a group names, in which a relative path begins. */
    public static Optional<String> below(String written, String group) {
        Deque<String> segments = new ArrayDeque<>();
        String whole = written.startsWith("/") ? written : (group.equals("/") ? "" : group) + "/" + written;
        for (String segment : whole.split("/", -1)) {
            if (segment.equals("..")) {
                if (segments.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        try {
            return Optional.of(new AppId("/" + String.join("/", segments)).path());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
