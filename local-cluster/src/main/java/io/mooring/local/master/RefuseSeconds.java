package io.mooring.local.master;

import java.time.Duration;
import org.apache.mesos.v1.Protos.Filters;

/** How long a framework does not want to be offered the same again. */
final class RefuseSeconds {
    /** Mesos' default when the framework names none, or a negative one. */
    private static final double DEFAULT = Filters.getDefaultInstance().getRefuseSeconds();

    private static final double MAX = Duration.ofDays(365).toSeconds();

    private RefuseSeconds() {}

    static Duration of(Filters filters) {
        double given = filters.getRefuseSeconds();
        double seconds = given < 0 || Double.isNaN(given) ? DEFAULT : Math.min(given, MAX);
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
