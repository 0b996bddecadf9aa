package io.mooring.local.command;

import java.time.Duration;
import java.util.Optional;
import org.apache.mesos.v1.Protos.KillPolicy;

/** From SIGTERM to SIGKILL. A later kill may shorten it and never lengthens it. */
final class KillGrace {
    private static final Duration STANDARD = Duration.ofSeconds(3);

    /** What a SHUTDOWN leaves free at the end, so that the last update gets out before the container is destroyed. */
    private static final Duration RESERVE = Duration.ofSeconds(2);

    private KillGrace() {}

    /** The kill's own, else the task's, else 3 s. */
    static Duration ofKill(Optional<KillPolicy> wanted, KillPolicy ofTask) {
        return wanted.filter(KillPolicy::hasGracePeriod)
                .or(() -> Optional.of(ofTask).filter(KillPolicy::hasGracePeriod))
                .map(policy -> Duration.ofNanos(policy.getGracePeriod().getNanoseconds()))
                .orElse(STANDARD);
    }

    static Duration ofShutdown(Duration whole) {
        Duration usable = whole.minus(RESERVE);
        return usable.isNegative() ? Duration.ZERO : usable;
    }
}
