package io.mooring.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.mooring.scheduler.detection.Masters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sections mesos and framework of the configuration, and the files they name. */
class MesosConfigurationTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @TempDir
    private Path directory;

    @Test
    void takesOneWordForTheMasters() throws IOException {
        MesosConnection connection = connection("masters: zk://u:secret@h1:2181,h2:2181/mesos");

        assertThat(connection.masters())
                .isEqualTo(new Masters.InZooKeeper(
                        "h1:2181,h2:2181", "/mesos", Optional.of("u:secret"), Masters.Scheme.HTTP));
        assertThat(YAML.readValue("masters: zk://u:secret@h1/mesos", SchedulerConfiguration.Mesos.class))
                .asString()
                .doesNotContain("secret");
        assertThat(connection.toString()).doesNotContain("secret");
    }

    @Test
    void takesBothFormsOfACredentialThatMesosTakes() throws IOException {
        Path json = secret("{\"principal\": \"me\", \"secret\": \"a word\"}");
        Path line = secret("me word\n");

        assertThat(connection("{masters: [a:1], credential: " + json + "}").principal(null))
                .contains("me");
        assertThat(connection("{masters: [a:1], credential: " + line + "}")
                        .access()
                        .authorization()
                        .get())
                .contains("Basic bWU6d29yZA==");
    }

    @Test
    void refusesACredentialThatOthersMayRead() throws IOException {
        Path file = secret("me word");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> connection("{masters: [a:1], credential: " + file + "}"))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("chmod 600");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"credentials\": []}|a master's list",
                "{\"principal\": 1|no JSON",
                "{\"principal\": \"p\"}|secret of principal 'p' is empty",
                "one|1 words",
                "one two three|3 words",
                "a:b word|no colon"
            })
    void saysWhatACredentialHasToLookLike(String content, String why) throws IOException {
        Path file = secret(content);

        assertThatThrownBy(() -> connection("{masters: [a:1], credential: " + file + "}"))
                .hasMessageContaining(why)
                .hasMessageContaining("it has to hold");
    }

    @Test
    void wantsOnePrincipalInBothPlaces() throws IOException {
        Path file = secret("me word");
        MesosConnection connection = connection("{masters: [a:1], credential: " + file + "}");

        assertThat(connection.principal("me")).contains("me");
        assertThatThrownBy(() -> connection.principal("you")).hasMessageContaining("'you'", "'me'");
        assertThat(connection("masters: [a:1]").principal("you")).contains("you");
    }

    @Test
    void knowsTwoDriversAndWhatTheNativeOneTakes() throws IOException {
        assertThat(connection("{masters: [a:1], driver: native}").driver())
                .isEqualTo(SchedulerConfiguration.DriverKind.NATIVE);
        assertThatThrownBy(() -> connection("{masters: [a:1, b:1], driver: native}"))
                .hasMessageContaining("libmesos takes one master or zk://");
        assertThatThrownBy(() -> connection("{masters: [a:1], driver: jni}"))
                .hasMessageContaining("'http' or 'native'");
    }

    @Test
    void namesTheFileThatHoldsNoCertificates() throws IOException {
        Path file = Files.writeString(directory.resolve("ca.pem"), "nonsense");

        assertThatThrownBy(() -> connection("{masters: [a:1], tls: {authorities: " + file + "}}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void takesEverythingThatAFrameworkCanSay() throws IOException {
        SchedulerConfiguration.Framework framework = framework(
                "{name: m, user: daemon, roles: [a, b/c], principal: p, failoverTimeout: 7d, checkpoint: false,"
                        + " hostname: h, webuiUrl: 'http://x/', labels: {k: v}, capabilities: [REGION_AWARE, GPU_RESOURCES],"
                        + " offerFilters: {a: [{cpus: 0.5, mem: 128}, {gpus: 1}]}, startOver: id-1}");

        assertThat(framework.offerFilters().get("a")).hasSize(2).first().isEqualTo(Map.of("cpus", 0.5, "mem", 128.0));
        assertThat(framework.checkpoint()).isFalse();
        assertThat(framework("{}").checkpoint()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roles: []|framework.roles is empty",
                "roles: [a, a]|twice",
                "roles: ['-a']|has '-a'",
                "roles: ['a b']|has 'a b'",
                "roles: ['a//b']|has 'a//b'",
                "roles: ['a/*']|has 'a/*'",
                "roles: ['..']|has '..'",
                "name: ' '|framework.name is empty",
                "user: ''|framework.user is empty",
                "failoverTimeout: 5s|framework.failoverTimeout is 5000 ms",
                "failoverTimeout: 1000000d|framework.failoverTimeout",
                "offerFilters: {b: [{cpus: 1}]}|names role 'b'",
                "offerFilters: {'*': [{}]}|framework.offerFilters.* has {}",
                "offerFilters: {'*': [{cpus: -1}]}|has {cpus=-1.0}",
                "capabilities: [REVOCABLE_RESOURCES]|REVOCABLE_RESOURCES"
            })
    void refusesWhatMesosWouldRefuseOrNeverOfferTo(String yaml, String why) {
        assertThatThrownBy(() -> framework(yaml)).hasMessageContaining(why);
    }

    @Test
    void knowsTwoWaysToBringTheExecutorToAgents() throws IOException {
        assertThat(executor("command: /opt/mooring/bin/mooring-executor").delivery())
                .isEqualTo(SchedulerConfiguration.Delivery.INSTALLED);
        assertThat(executor("{delivery: served, runtime: bundled}").runtime())
                .isEqualTo(SchedulerConfiguration.ExecutorRuntime.BUNDLED);
        assertThatThrownBy(() -> executor("{}")).hasMessageContaining("executor.command is missing");
        assertThatThrownBy(() -> executor("{delivery: served, command: /x}"))
                .hasMessageContaining("one of them has to go");
        assertThatThrownBy(() -> executor("{delivery: mail}")).hasMessageContaining("'installed' or 'served'");
        assertThatThrownBy(() -> executor("{delivery: served, runtime: none}"))
                .hasMessageContaining("'agent' or 'bundled'");
    }

    private static SchedulerConfiguration.Executor executor(String yaml) throws IOException {
        return YAML.readValue(yaml, SchedulerConfiguration.Executor.class);
    }

    private static SchedulerConfiguration.Framework framework(String yaml) throws IOException {
        return YAML.readValue(yaml, SchedulerConfiguration.Framework.class);
    }

    private static MesosConnection connection(String yaml) throws IOException {
        return MesosConnection.read(YAML.readValue(yaml, SchedulerConfiguration.Mesos.class));
    }

    private Path secret(String content) throws IOException {
        Path file = Files.createTempFile(
                directory,
                "credential",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }
}
