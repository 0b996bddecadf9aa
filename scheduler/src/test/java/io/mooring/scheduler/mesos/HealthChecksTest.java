package io.mooring.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.HealthRules;
import io.mooring.common.health.Probe;
import io.mooring.common.taskcheck.HealthCheckOfTask;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HealthChecksTest {
    static Stream<Probe> probes() {
        return Stream.of(
                new Probe.Http("https", Probe.Family.IPV6, 8443, "/up"),
                new Probe.Tcp(Probe.Family.IPV4, 31000),
                new Probe.Program(List.of("/bin/sh", "-c", "test -f up"), Map.of()));
    }

    @ParameterizedTest
    @MethodSource("probes")
    void reachesTheExecutorAsItWasMeant(Probe probe) {
        HealthCheck check = new HealthCheck(
                probe,
                new CheckRhythm(Duration.ofSeconds(15), Duration.ofMinutes(1), Duration.ofSeconds(20)),
                new HealthRules(Duration.ofMinutes(5), 3));

        assertThat(HealthCheckOfTask.of(HealthChecks.of(check))).isEqualTo(check);
    }
}
