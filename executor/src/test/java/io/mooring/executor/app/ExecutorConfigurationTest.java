package io.mooring.executor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorConfigurationTest {
    @TempDir
    private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("executor.yml"), text);
    }

    @Test
    void readsTheExampleOfTheDistribution() throws Exception {
        ExecutorConfiguration read = ExecutorConfiguration.read(Path.of("src/main/conf/executor.yml"));

        assertThat(read.claims()).isPresent();
        assertThat(read.claims().get().schedulers()).hasSize(2);
        assertThat(read.claims().get().token()).contains(Path.of("/etc/mooring/executor-token"));
    }

    @Test
    void readsWhereMooringIsAndWhatTheMachineIsCalled() throws Exception {
        Path file = file("""
                schedulers: [http://s1:8080, 'https://s2:8443/']
                machine: node-7
                bootId: b1
                journalDir: /srv/journal
                deadlines: {claim: 2.5}
                """);

        ExecutorConfiguration read = ExecutorConfiguration.read(file);

        assertThat(read.claims().orElseThrow().schedulers())
                .containsExactly(URI.create("http://s1:8080"), URI.create("https://s2:8443/"));
        assertThat(read.claims().get().claim()).isEqualTo(Duration.ofMillis(2500));
        AgentConfiguration machine = AgentConfiguration.find(Map.of(ExecutorConfiguration.VARIABLE, file.toString()));
        assertThat(machine.machine().key().value()).isEqualTo("node-7");
        assertThat(machine.journalDir()).isEqualTo(Path.of("/srv/journal"));
    }

    @Test
    void theAgentsOwnFileCountsWhereThereIsOne() throws Exception {
        Path own = Files.writeString(directory.resolve("agent.json"), "{\"machine\": \"own\", \"bootId\": \"b\"}");

        AgentConfiguration machine = AgentConfiguration.find(Map.of(
                AgentConfiguration.VARIABLE,
                own.toString(),
                ExecutorConfiguration.VARIABLE,
                file("schedulers: [http://s1:8080]\nmachine: other\n").toString()));

        assertThat(machine.machine().key().value()).isEqualTo("own");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scheduler: [http://s1]           | unknown key 'scheduler'",
                "schedulers: http://s1:8080       | has to be a list",
                "schedulers: []                   | names nobody",
                "schedulers: [s1:8080]            | expected an address",
                "tokenFile: /t                    | 'schedulers' is not",
                "{schedulers: [http://s], tokenFile: t} | absolute path",
                "{schedulers: [http://s], deadlines: {claims: 1}} | deadlines.claims",
                "{schedulers: [http://s], deadlines: {claim: 0}}  | number of seconds",
                "- x                              | map of keys",
            })
    void saysWhatIsWrong(String text, String why) throws Exception {
        Path file = file(text);

        assertThatThrownBy(() -> ExecutorConfiguration.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }
}
