package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.junit.jupiter.api.Test;

class ExecutorEnvironmentTest {
    private static final AgentInfo AGENT = AgentInfo.newBuilder()
            .setHostname("127.0.0.1")
            .setPort(5051)
            .setId(AgentID.newBuilder().setValue("S0"))
            .build();

    private final AgentSettings settings = new AgentSettings(
            "agent-1",
            5051,
            Path.of("/work"),
            "127.0.0.1",
            "cpus:1",
            "",
            Map.of("MOORING_AGENT_CONFIG", "/agent.json"),
            AgentSettings.Timeouts.standard());

    private static FrameworkInfo framework(boolean checkpoint) {
        return FrameworkInfo.newBuilder()
                .setUser("root")
                .setName("f")
                .setId(FrameworkID.newBuilder().setValue("F"))
                .setCheckpoint(checkpoint)
                .build();
    }

    private static ExecutorInfo.Builder executor() {
        return ExecutorInfo.newBuilder()
                .setExecutorId(ExecutorID.newBuilder().setValue("ex1"))
                .setCommand(CommandInfo.newBuilder().setValue("true"));
    }

    @Test
    void isExactlyWhatARealAgentSetsPlusTheConfiguredVariables() {
        Map<String, String> environment = ExecutorEnvironment.of(
                settings, AGENT, framework(true), executor().build(), "/sandbox", Optional.empty());

        assertThat(environment)
                .containsOnlyKeys(
                        "PATH",
                        "LIBPROCESS_IP",
                        "LIBPROCESS_PORT",
                        "MESOS_AGENT_ENDPOINT",
                        "MESOS_CHECKPOINT",
                        "MESOS_DIRECTORY",
                        "MESOS_EXECUTOR_ID",
                        "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD",
                        "MESOS_FRAMEWORK_ID",
                        "MESOS_HTTP_COMMAND_EXECUTOR",
                        "MESOS_RECOVERY_TIMEOUT",
                        "MESOS_SANDBOX",
                        "MESOS_SLAVE_ID",
                        "MESOS_SLAVE_PID",
                        "MESOS_SUBSCRIPTION_BACKOFF_MAX",
                        "MOORING_AGENT_CONFIG")
                .containsEntry("MESOS_CHECKPOINT", "1")
                .containsEntry("MESOS_RECOVERY_TIMEOUT", "15mins")
                .containsEntry("MESOS_SUBSCRIPTION_BACKOFF_MAX", "2secs")
                .containsEntry("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "5secs");
    }

    @Test
    void promisesNoRecoveryWithoutCheckpoint() {
        assertThat(ExecutorEnvironment.of(
                        settings, AGENT, framework(false), executor().build(), "/sandbox", Optional.empty()))
                .containsEntry("MESOS_CHECKPOINT", "0")
                .doesNotContainKeys("MESOS_RECOVERY_TIMEOUT", "MESOS_SUBSCRIPTION_BACKOFF_MAX");
    }

    @Test
    void letsTheFrameworkReplaceEvenTheExecutorId() {
        ExecutorInfo executor = executor()
                .setShutdownGracePeriod(DurationInfo.newBuilder().setNanoseconds(42_000_000_000L))
                .setCommand(CommandInfo.newBuilder()
                        .setValue("true")
                        .setEnvironment(Environment.newBuilder()
                                .addVariables(Environment.Variable.newBuilder()
                                        .setName("MESOS_EXECUTOR_ID")
                                        .setValue("other"))))
                .build();

        assertThat(ExecutorEnvironment.of(settings, AGENT, framework(true), executor, "/sandbox", Optional.empty()))
                .containsEntry("MESOS_EXECUTOR_ID", "other")
                .containsEntry("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "42secs");
    }

    @Test
    void carriesTheTokenIfThereIsOne() {
        assertThat(ExecutorEnvironment.of(
                        settings, AGENT, framework(true), executor().build(), "/sandbox", Optional.of("token")))
                .containsEntry("MESOS_EXECUTOR_AUTHENTICATION_TOKEN", "token");
    }

    @Test
    void writesDurationsInTheLargestWholeUnit() {
        assertThat(Durations.text(Duration.ofMillis(250))).isEqualTo("250ms");
        assertThat(Durations.text(Duration.ofSeconds(90))).isEqualTo("90secs");
        assertThat(Durations.text(Duration.ofHours(1))).isEqualTo("1hrs");
        assertThat(Durations.text(Duration.ofDays(14))).isEqualTo("2weeks");
    }
}
