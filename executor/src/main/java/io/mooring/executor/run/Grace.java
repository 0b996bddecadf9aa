package io.mooring.executor.run;

import java.time.Duration;
import java.util.Optional;

/** How long a workload has from SIGTERM to SIGKILL, as far as the one who wants it stopped says. */
public record Grace(Optional<Duration> wanted) {
    /** The task's own. */
    public static final Grace OF_THE_TASK = new Grace(Optional.empty());

    /** This long. */
    public static Grace of(Duration grace) {
        return new Grace(Optional.of(grace));
    }

    Duration orElse(Duration own) {
        return wanted.orElse(own);
    }
}
