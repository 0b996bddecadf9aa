package io.mooring.local.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.local.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.util.List;

/** Compares what masters wrote to ZooKeeper. Sequence numbers count from wherever they were; nodes of the dead are gone. */
final class ZooKeeperNodes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stage stage;
    private final Matching matching;
    private int seen;

    ZooKeeperNodes(Stage stage, Matching matching) {
        this.stage = stage;
        this.matching = matching;
    }

    /** Nodes are recorded in their order; a gap of time starts a new list. */
    void compare(JsonNode step) throws IOException {
        seen = step.path("after_ms").asLong() > 0 ? 0 : seen;
        String path = step.get("znode").asText();
        EmbeddedZooKeeper zooKeeper = stage.zooKeeper().orElseThrow();
        List<String> children = zooKeeper.children("/mesos").stream()
                .filter(name -> name.startsWith("json.info_"))
                .toList();
        String ours = path.contains("json.info_") ? "/mesos/" + children.get(seen++) : path;
        String recorded = step.get("data_text").asText();
        String data = zooKeeper.data(ours);
        if (recorded.isEmpty()) {
            assertThat(data).isEmpty();
        } else {
            assertThat(matching.difference(JSON.readTree(recorded), JSON.readTree(data)))
                    .isEmpty();
        }
    }
}
