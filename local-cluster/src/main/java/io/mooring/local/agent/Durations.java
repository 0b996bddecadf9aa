package io.mooring.local.agent;

import java.time.Duration;
import org.apache.mesos.v1.Protos.DurationInfo;

/** Durations as Mesos writes them in environments and messages: the largest unit that gives a whole number. */
final class Durations {
    private Durations() {}

    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0ns";
        }
        if (millis % 604_800_000 == 0) {
            return millis / 604_800_000 + "weeks";
        }
        if (millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "days";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "hrs";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "mins";
        }
        return millis % 1000 == 0 ? millis / 1000 + "secs" : millis + "ms";
    }

    static Duration of(DurationInfo duration) {
        return Duration.ofNanos(duration.getNanoseconds());
    }
}
