package io.mooring.common.taskcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.HealthRules;
import io.mooring.common.health.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.CheckInfo;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.junit.jupiter.api.Test;

class HealthCheckOfTaskTest {
    @Test
    void hasTheDefaultsOfTheProtocol() {
        io.mooring.common.health.HealthCheck check = HealthCheckOfTask.of(HealthCheck.newBuilder()
                .setType(HealthCheck.Type.HTTP)
                .setHttp(HealthCheck.HTTPCheckInfo.newBuilder().setPort(8080))
                .build());

        assertThat(check.probe()).isEqualTo(new Probe.Http("http", Probe.Family.IPV4, 8080, ""));
        assertThat(check.rhythm())
                .isEqualTo(new CheckRhythm(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(20)));
        assertThat(check.rules()).isEqualTo(new HealthRules(Duration.ofSeconds(10), 3));
    }

    @Test
    void runsACommandWithTheArgumentsBehindItsName() {
        io.mooring.common.health.HealthCheck check = HealthCheckOfTask.of(HealthCheck.newBuilder()
                .setType(HealthCheck.Type.COMMAND)
                .setCommand(CommandInfo.newBuilder()
                        .setShell(false)
                        .setValue("/bin/test")
                        .addArguments("test")
                        .addArguments("-e")
                        .addArguments("ok"))
                .build());

        assertThat(check.probe()).isEqualTo(new Probe.Program(List.of("/bin/test", "-e", "ok"), Map.of()));
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> HealthCheckOfTask.of(
                        HealthCheck.newBuilder().setType(HealthCheck.Type.TCP).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'tcp'");
        assertThatThrownBy(() -> HealthCheckOfTask.of(HealthCheck.newBuilder()
                        .setType(HealthCheck.Type.TCP)
                        .setTcp(HealthCheck.TCPCheckInfo.newBuilder().setPort(1))
                        .setDelaySeconds(-1)
                        .build()))
                .hasMessageContaining("'delay_seconds'");
    }

    @Test
    void passesTheAnswerOfACheckOnAndNothingOfOneThatFailed() {
        CheckOfTask check = CheckOfTask.of(CheckInfo.newBuilder()
                .setType(CheckInfo.Type.TCP)
                .setTcp(CheckInfo.Tcp.newBuilder().setPort(1))
                .build());

        assertThat(check.status(new Answer.Connected(true)).getTcp().getSucceeded())
                .isTrue();
        assertThat(check.status(new Answer.Failed("timed out"))).isEqualTo(check.unanswered());
        assertThat(check.unanswered())
                .isEqualTo(CheckStatusInfo.newBuilder()
                        .setType(CheckInfo.Type.TCP)
                        .setTcp(CheckStatusInfo.Tcp.getDefaultInstance())
                        .build());
    }
}
