package io.mooring.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.plugin.process.CommandException;
import io.mooring.plugin.site.Answer;
import io.mooring.plugin.site.PluginClient;
import io.mooring.plugin.site.Requirements;
import io.mooring.plugin.site.Site;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a real Docker Engine sent for each of its commands, in order, answered by this plugin. The engine had a plugin of
 * its own then, whose answers are the measure: what succeeded succeeds, what failed fails, and a mount point is where it
 * was.
 */
class DockerEngineIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Site site;

    @BeforeEach
    void open() throws IOException {
        Requirements.loopDevices();
        site = Site.of("loop");
    }

    @AfterEach
    void close() throws IOException, CommandException {
        if (site != null) {
            site.close();
        }
    }

    @Test
    void answersEachRecordedCallAsTheRecordedPluginDid() throws IOException {
        PluginClient plugin = site.start(
                        "a",
                        "libstorage.integration.volume.operations.mount.rootPath: /",
                        "libstorage.integration.volume.operations.create.default.fsType: ext4")
                .client();
        int calls = 0;
        for (JsonNode command : recording().path("commands")) {
            for (JsonNode call : command.path("calls")) {
                String what = command.path("command").asText() + " "
                        + call.path("path").asText();
                check(what, call.path("response"), plugin.call(call.path("path").asText(), body(call)));
                calls++;
            }
        }
        assertThat(calls).isGreaterThan(140);
    }

    private void check(String what, JsonNode recorded, Answer answer) {
        boolean failed = !recorded.path("Err").asText().isEmpty();
        assertThat(answer.status()).as("%s: %s", what, answer.err()).isEqualTo(failed ? 500 : 200);
        assertThat(answer.err().isEmpty()).as(what).isEqualTo(!failed);
        if (recorded.has("Mountpoint")) {
            assertThat(answer.mountpoint()).as(what).isEqualTo(here(recorded.path("Mountpoint")));
        }
        if (recorded.path("Volume").has("Mountpoint")) {
            JsonNode volume = answer.body().path("Volume");
            assertThat(volume.path("Mountpoint").asText())
                    .as(what)
                    .isEqualTo(here(recorded.path("Volume").path("Mountpoint")));
            assertThat(volume.path("Name"))
                    .as(what)
                    .isEqualTo(recorded.path("Volume").path("Name"));
            assertThat(volume.path("CreatedAt").asText()).as(what).endsWith("Z");
        }
    }

    private String here(JsonNode mountpoint) {
        return mountpoint.asText().replace("<mount root>", site.mountRoot("a").toString());
    }

    /** The recorded size of 10G is not a whole number of GB, which is what this plugin takes. */
    private static String body(JsonNode call) {
        JsonNode request = call.path("request");
        if (request.isNull()) {
            return "";
        }
        if (request.path("Opts") instanceof ObjectNode options && options.has("size")) {
            options.put("size", "1");
        }
        return request + "\n";
    }

    private static JsonNode recording() throws IOException {
        try (InputStream stream = DockerEngineIT.class.getResourceAsStream("/recordings/docker-engine-calls.json")) {
            return JSON.readTree(stream);
        }
    }
}
