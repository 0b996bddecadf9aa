package io.mooring.executor.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.volume.DriverName;
import io.mooring.executor.plugin.LimitsByPlugin;
import io.mooring.executor.plugin.PluginLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentConfigurationTest {
    @TempDir
    private Path directory;

    @Test
    void takesTheSystemsValuesForWhatIsNotSaid() throws Exception {
        AgentConfiguration settings = read("{\"machine\": \"m\"}");
        assertThat(settings.machine().boot().value())
                .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip());
        assertThat(settings.journalDir()).isEqualTo(Path.of("/var/lib/mooring/journal"));
        assertThat(settings.pluginSocketDirs()).containsExactly(Path.of("/run/docker/plugins"));
        assertThat(settings.pluginSpecDirs())
                .containsExactly(Path.of("/etc/docker/plugins"), Path.of("/usr/lib/docker/plugins"));
    }

    @Test
    void readsEveryKey() throws Exception {
        AgentConfiguration settings = read("""
                {"machine": "agent-1", "bootId": "b-1", "journalDir": "/j",
                 "pluginSocketDirs": ["/a", "/b"], "pluginSpecDirs": []}
                """);
        assertThat(settings.machine().key().value()).isEqualTo("agent-1");
        assertThat(settings.machine().boot().value()).isEqualTo("b-1");
        assertThat(settings.journalDir()).isEqualTo(Path.of("/j"));
        assertThat(settings.pluginSocketDirs()).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(settings.pluginSpecDirs()).isEmpty();
    }

    @Test
    void readsTheLimitsOfEachPlugin() throws Exception {
        LimitsByPlugin limits = read("""
                {"machine": "m", "pluginLimits": {
                  "rexray": {"changeSeconds": 1800, "calls": 2},
                  "*": {"questionSeconds": 5, "connectSeconds": 6, "waitSeconds": 0, "silentCalls": 8, "pauseSeconds": 9}}}
                """).pluginLimits();
        PluginLimits others = new PluginLimits(
                PluginLimits.USUAL.change(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                Duration.ZERO,
                PluginLimits.USUAL.calls(),
                8,
                Duration.ofSeconds(9));
        assertThat(limits.others()).isEqualTo(others);
        assertThat(limits.byName())
                .containsExactly(Map.entry(
                        new DriverName("rexray"),
                        new PluginLimits(
                                Duration.ofMinutes(30),
                                others.question(),
                                others.connect(),
                                others.patience(),
                                2,
                                others.silentCalls(),
                                others.longestPause())));
        assertThat(read("{\"machine\": \"m\"}").pluginLimits()).isEqualTo(LimitsByPlugin.USUAL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"machin": "m"}                              | unknown key 'machin'
                    {"machine": 1}                               | 'machine' has to be a text
                    {"machine": "a b"}                           | machine has a character that is not allowed
                    {"machine": "m", "journalDir": "here"}       | 'journalDir' has to be an absolute path
                    {"machine": "m", "pluginSocketDirs": "/a"}   | 'pluginSocketDirs' has to be a list
                    {"machine": "m", "pluginSpecDirs": [1]}      | 'pluginSpecDirs' has to be an absolute path
                    {"machine": "m", "pluginLimits": 1}          | 'pluginLimits' has to be an object
                    {"machine": "m", "pluginLimits": {"a": 1}}   | 'pluginLimits.a' has to be an object
                    {"machine": "m", "pluginLimits": {"a": {"b": 1}}} | 'pluginLimits.a' has an unknown key 'b'
                    {"machine": "m", "pluginLimits": {"*": {"calls": 0}}} | 'pluginLimits.*': calls is 0, must be 1 to 1000
                    {"machine": "m", "pluginLimits": {"*": {"changeSeconds": "1"}}} | changeSeconds has to be a whole number
                    []                                           | has to be one JSON object
                    {                                            | is no JSON
                    """)
    void saysWhatIsWrongAndWhere(String text, String what) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(what)
                .hasMessageContaining("agent.json");
    }

    private AgentConfiguration read(String text) throws IOException, ConfigurationException {
        Path file = directory.resolve("agent.json");
        Files.writeString(file, text);
        return AgentConfiguration.read(Optional.of(file));
    }
}
