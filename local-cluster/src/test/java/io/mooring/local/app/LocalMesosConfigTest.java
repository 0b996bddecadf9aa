package io.mooring.local.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalMesosConfigTest {
    @TempDir
    Path directory;

    private LocalMesosConfig read(String json) throws IOException {
        Path file = Files.writeString(directory.resolve("c.json"), json);
        return LocalMesosConfig.read(file);
    }

    @Test
    void fillsInMesosDefaults() throws IOException {
        LocalMesosConfig config = read("{\"master\":{\"port\":5050},\"agents\":[{\"name\":\"a\",\"port\":5051,"
                + "\"workDir\":\"/w\",\"resources\":\"cpus:1\"}]}");

        assertThat(config.zookeeper()).isNull();
        assertThat(config.master().settings().agentPingTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.agents().get(0).settings().hostname()).isEqualTo("127.0.0.1");
        assertThat(config.agents().get(0).settings().timeouts().registration()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void refusesUnknownKeys() {
        assertThatThrownBy(() -> read("{\"master\":{\"port\":5050,\"prot\":1},\"agents\":[]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prot");
    }

    @Test
    void refusesMissingParts() {
        assertThatThrownBy(() -> read("{\"agents\":[]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("master");
    }

    @Test
    void refusesTwoAgentsOfOneName() {
        String agent = "{\"name\":\"a\",\"port\":0,\"workDir\":\"/w\",\"resources\":\"cpus:1\"}";
        assertThatThrownBy(() -> read("{\"master\":{\"port\":0},\"agents\":[" + agent + "," + agent + "]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the name 'a' is there twice");
    }
}
