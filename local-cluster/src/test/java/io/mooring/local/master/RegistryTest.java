package io.mooring.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
    private static final DrainConfig DRAIN = DrainConfig.newBuilder()
            .setMarkGone(false)
            .setMaxGracePeriod(DurationInfo.newBuilder().setNanoseconds(10_000_000_000L))
            .build();

    private static final AgentInfo AGENT = AgentInfo.newBuilder()
            .setHostname("a")
            .setId(AgentID.newBuilder().setValue("S1"))
            .build();

    @TempDir
    private Path directory;

    @Test
    void keepsADrainOverARestartAndOverTheAgentsReturn() {
        Registry before = open();
        before.admit(AGENT);
        before.drain("S1", DRAIN);

        Registry after = open();
        after.unreachable("S1", TimeInfo.newBuilder().setNanoseconds(1).build());
        after.admit(AGENT);

        assertThat(after.isDeactivated("S1")).isTrue();
        assertThat(after.drain("S1")).contains(DRAIN);
        assertThat(after.isAdmitted("S1")).isTrue();
    }

    @Test
    void forgetsADrainWhenTheAgentIsReactivated() {
        Registry before = open();
        before.admit(AGENT);
        before.drain("S1", DRAIN);
        before.reactivate("S1");

        Registry after = open();

        assertThat(after.isDeactivated("S1")).isFalse();
        assertThat(after.drain("S1")).isEmpty();
        assertThat(after.isAdmitted("S1")).isTrue();
    }

    @Test
    void keepsADrainThatHasNoBoundAndEndsInGone() {
        DrainConfig config = DrainConfig.newBuilder().setMarkGone(true).build();
        open().drain("S1", config);

        assertThat(open().drain("S1")).contains(config);
    }

    private Registry open() {
        return new Registry(Optional.of(directory.resolve("registry.json")));
    }
}
