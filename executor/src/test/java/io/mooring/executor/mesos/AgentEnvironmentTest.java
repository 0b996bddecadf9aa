package io.mooring.executor.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentEnvironmentTest {
    private final Map<String, String> variables = new TreeMap<>(Map.of(
            "MESOS_AGENT_ENDPOINT", "127.0.0.1:5051",
            "MESOS_FRAMEWORK_ID", "f",
            "MESOS_EXECUTOR_ID", "e",
            "MESOS_SANDBOX", "/sandbox"));

    @Test
    void waitsForAnAgentOnlyWhenItCheckpoints() {
        assertThat(AgentEnvironment.of(variables).recovery()).isEmpty();
        variables.put("MESOS_CHECKPOINT", "0");
        assertThat(AgentEnvironment.of(variables).recovery()).isEmpty();
        variables.put("MESOS_CHECKPOINT", "1");
        assertThat(AgentEnvironment.of(variables).recovery()).contains(Duration.ofMinutes(15));
        variables.put("MESOS_RECOVERY_TIMEOUT", "1hrs");
        assertThat(AgentEnvironment.of(variables).recovery()).contains(Duration.ofHours(1));
    }

    @Test
    void speaksTlsWhereTheAgentDoes() {
        assertThat(AgentEnvironment.of(variables).endpoint()).hasToString("http://127.0.0.1:5051/api/v1/executor");
        variables.put("LIBPROCESS_SSL_ENABLED", "true");
        assertThat(AgentEnvironment.of(variables).endpoint().getScheme()).isEqualTo("https");
    }

    @Test
    void speaksToTheSocketOfAnAgentThatServesOne() {
        variables.put("MESOS_DOMAIN_SOCKET", "/run/agent.sock");
        variables.put("MESOS_SLAVE_PID", "slave(1)@127.0.0.1:5051");
        variables.put("LIBPROCESS_SSL_ENABLED", "1");

        AgentEnvironment environment = AgentEnvironment.of(variables);

        assertThat(environment.socket()).contains(Path.of("/run/agent.sock"));
        assertThat(environment.endpoint()).hasToString("http://127.0.0.1:5051/slave(1)/api/v1/executor");
        assertThat(environment.tls()).isEmpty();
    }

    @Test
    void namesTheVariableThatIsMissingOrWrong() {
        variables.put("MESOS_SUBSCRIPTION_BACKOFF_MAX", "soon");
        assertThatThrownBy(() -> AgentEnvironment.of(variables))
                .hasMessageContaining("MESOS_SUBSCRIPTION_BACKOFF_MAX")
                .hasMessageContaining("'soon' is no duration");
        variables.remove("MESOS_FRAMEWORK_ID");
        assertThatThrownBy(() -> AgentEnvironment.of(variables)).hasMessageContaining("MESOS_FRAMEWORK_ID");
    }

    @Test
    void neverPrintsTheToken() {
        variables.put("MESOS_EXECUTOR_AUTHENTICATION_TOKEN", "secret");
        assertThat(AgentEnvironment.of(variables).token()).contains("secret");
        assertThat(AgentEnvironment.of(variables).toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"15mins,900000", "2secs,2000", "250ms,250", "1.5secs,1500", "1days,86400000", "2weeks,1209600000"})
    void readsMesosDurations(String text, long millis) {
        assertThat(MesosDuration.parse(text).toMillis()).isEqualTo(millis);
    }
}
