package io.mooring.local.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The recordings that the local cluster does not answer as the real Mesos did, and why: {@code differences.txt}. */
record Differences(Map<String, Difference> all) {
    /** Whether the recording is replayed, to see that it does differ. */
    enum Kind {
        DIFFERS,
        SKIPPED
    }

    record Difference(Kind kind, String reason) {}

    Differences {
        all = new TreeMap<>(all);
    }

    /** One a line: name, kind and reason, with colons between them. */
    static Differences read(Path recordings) throws IOException {
        Map<String, Difference> all = new TreeMap<>();
        for (String line : Files.readAllLines(recordings.resolve("differences.txt"))) {
            String[] parts = line.split(": ", 3);
            all.put(parts[0], new Difference(Kind.valueOf(parts[1].toUpperCase(Locale.ROOT)), parts[2]));
        }
        return new Differences(all);
    }

    Optional<Difference> of(String recording) {
        return Optional.ofNullable(all.get(recording));
    }
}
