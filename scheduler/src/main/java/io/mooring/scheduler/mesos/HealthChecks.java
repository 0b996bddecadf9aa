package io.mooring.scheduler.mesos;

import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.Probe;
import java.time.Duration;
import org.apache.mesos.v1.Protos;

/** Health checks as a {@code TaskInfo} has them, which executors of Mesos read as well as Mooring's. */
final class HealthChecks {
    private HealthChecks() {}

    static Protos.HealthCheck of(HealthCheck check) {
        CheckRhythm rhythm = check.rhythm();
        Protos.HealthCheck.Builder to = Protos.HealthCheck.newBuilder()
                .setDelaySeconds(seconds(rhythm.delay()))
                .setIntervalSeconds(seconds(rhythm.interval()))
                .setTimeoutSeconds(seconds(rhythm.timeout()))
                .setGracePeriodSeconds(seconds(check.rules().grace()))
                .setConsecutiveFailures(check.rules().consecutiveFailures());
        Probe probe = check.probe();
        if (probe instanceof Probe.Http http) {
            to.setType(Protos.HealthCheck.Type.HTTP)
                    .setHttp(Protos.HealthCheck.HTTPCheckInfo.newBuilder()
                            .setProtocol(protocol(http.family()))
                            .setScheme(http.scheme())
                            .setPort(http.port())
                            .setPath(http.path()));
        } else if (probe instanceof Probe.Tcp tcp) {
            to.setType(Protos.HealthCheck.Type.TCP)
                    .setTcp(Protos.HealthCheck.TCPCheckInfo.newBuilder()
                            .setProtocol(protocol(tcp.family()))
                            .setPort(tcp.port()));
        } else {
            to.setType(Protos.HealthCheck.Type.COMMAND).setCommand(command((Probe.Program) probe));
        }
        return to.build();
    }

    private static Protos.CommandInfo command(Probe.Program program) {
        return Protos.CommandInfo.newBuilder()
                .setShell(false)
                .setValue(program.argv().get(0))
                .addAllArguments(program.argv())
                .build();
    }

    private static Protos.NetworkInfo.Protocol protocol(Probe.Family family) {
        return switch (family) {
            case IPV4 -> Protos.NetworkInfo.Protocol.IPv4;
            case IPV6 -> Protos.NetworkInfo.Protocol.IPv6;
        };
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
