package io.mooring.local.master;

import java.time.Instant;
import org.apache.mesos.v1.Protos.TimeInfo;

/** Mesos' way to write a time: nanoseconds since 1970. */
final class Times {
    private static final long NANOS = 1_000_000_000L;

    private Times() {}

    static TimeInfo of(Instant instant) {
        return TimeInfo.newBuilder()
                .setNanoseconds(instant.getEpochSecond() * NANOS + instant.getNano())
                .build();
    }

    /** Seconds with a fraction, as the endpoints without a version write it. */
    static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}
