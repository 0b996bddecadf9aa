package io.mooring.local.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The recordings that the local cluster does not answer as the real Mesos did, and why: {@code differences.txt}. */
record Differences(Map<String, Difference> all) {
    /** How the recording is replayed. */
    enum Kind {
        DIFFERS,
        /** All is compared but one field, with which the reason begins. */
        EXCEPT
    }

    record Difference(Kind kind, String reason) {
        /** The fields that are not compared. */
        Set<String> ignored() {
            return kind == Kind.EXCEPT ? Set.of(reason.substring(0, reason.indexOf(','))) : Set.of();
        }
    }

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
