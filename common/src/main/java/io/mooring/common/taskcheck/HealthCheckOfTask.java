package io.mooring.common.taskcheck;

import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.HealthRules;
import io.mooring.common.health.Probe;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.NetworkInfo;

/** Reads {@code TaskInfo.health_check}. */
public final class HealthCheckOfTask {
    private HealthCheckOfTask() {}

    /**
     * Reads it; what is absent has the default of the protocol.
     *
     * @throws IllegalArgumentException saying what is wrong in it
     */
    public static io.mooring.common.health.HealthCheck of(HealthCheck check) {
        return new io.mooring.common.health.HealthCheck(
                probe(check),
                new CheckRhythm(
                        Seconds.of("delay_seconds", check.getDelaySeconds()),
                        Seconds.of("interval_seconds", check.getIntervalSeconds()),
                        Seconds.of("timeout_seconds", check.getTimeoutSeconds())),
                new HealthRules(
                        Seconds.of("grace_period_seconds", check.getGracePeriodSeconds()),
                        check.getConsecutiveFailures()));
    }

    private static Probe probe(HealthCheck check) {
        return switch (check.getType()) {
            case COMMAND -> Programs.of(check.hasCommand(), check.getCommand());
            case HTTP -> {
                if (!check.hasHttp()) {
                    throw new IllegalArgumentException("Expecting 'http' to be set for HTTP health check");
                }
                HealthCheck.HTTPCheckInfo http = check.getHttp();
                yield new Probe.Http(
                        http.hasScheme() ? http.getScheme() : "http",
                        family(http.getProtocol()),
                        http.getPort(),
                        http.getPath());
            }
            case TCP -> {
                if (!check.hasTcp()) {
                    throw new IllegalArgumentException("Expecting 'tcp' to be set for TCP health check");
                }
                yield new Probe.Tcp(
                        family(check.getTcp().getProtocol()), check.getTcp().getPort());
            }
            case UNKNOWN -> throw new IllegalArgumentException("'UNKNOWN' is not a valid health check type");
        };
    }

    private static Probe.Family family(NetworkInfo.Protocol protocol) {
        return protocol == NetworkInfo.Protocol.IPv6 ? Probe.Family.IPV6 : Probe.Family.IPV4;
    }
}
