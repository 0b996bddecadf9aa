package io.mooring.executor.claims;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.MountMode;
import io.mooring.executor.run.ForeignLaunch;
import io.mooring.executor.run.ForeignLaunch.CommandForm;
import io.mooring.executor.run.ForeignLaunch.DockerOption;
import io.mooring.executor.run.ForeignLaunch.ExternalVolume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefinitionTest {
    @Test
    void saysOfVolumesWhatTheAppSaidAndNothingElse() throws Exception {
        ForeignLaunch launch = new ForeignLaunch(
                new TaskId("t"),
                new FrameworkId("f"),
                new AgentId("a"),
                "",
                CommandForm.SHELL,
                Map.of("DVDI_VOLUME_NAME", "orders-db", "PASSWORD", "secret"),
                Map.of("mooring/user", "nobody", "mooring/orders-db/create", "never", "team", "shop"),
                List.of(new ExternalVolume("rexray", "wal", Map.of("size", "5"), "wal", MountMode.READ_WRITE)),
                List.of(new DockerOption("volume-driver", "rexray")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        JsonNode definition = new ObjectMapper().readTree(Definition.of(launch));

        assertThat(definition)
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"env\":{\"DVDI_VOLUME_NAME\":\"orders-db\"},"
                                + "\"labels\":{\"mooring/orders-db/create\":\"never\"},"
                                + "\"container\":{\"volumes\":[{\"containerPath\":\"wal\",\"mode\":\"RW\",\"external\":"
                                + "{\"name\":\"wal\",\"provider\":\"dvdi\",\"options\":{\"dvdi/size\":\"5\","
                                + "\"dvdi/driver\":\"rexray\"}}}],"
                                + "\"docker\":{\"parameters\":[{\"key\":\"volume-driver\",\"value\":\"rexray\"}]}}}"));
    }
}
