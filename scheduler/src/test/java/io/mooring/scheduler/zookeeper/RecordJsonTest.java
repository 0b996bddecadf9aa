package io.mooring.scheduler.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.scheduler.definition.AppHealthCheck;
import io.mooring.scheduler.definition.Upkeep;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What earlier versions wrote is read, and what this one writes is read by them. */
class RecordJsonTest {
    private static final String ONE =
            "{\"protocol\":\"HTTP\",\"path\":\"/\",\"portIndex\":0,\"port\":null,\"command\":null,"
                    + "\"family\":\"IPV4\",\"rhythm\":{\"delay\":\"PT15S\",\"interval\":\"PT1M\",\"timeout\":\"PT20S\"},"
                    + "\"grace\":\"PT5M\",\"most\":3}";

    private final RecordJson json = new RecordJson();

    private static AppHealthCheck check(AppHealthCheck.Protocol protocol) {
        return new AppHealthCheck(
                protocol,
                "/",
                Optional.of(0),
                Optional.empty(),
                Optional.empty(),
                Probe.Family.IPV4,
                new CheckRhythm(Duration.ofSeconds(15), Duration.ofMinutes(1), Duration.ofSeconds(20)),
                Duration.ofMinutes(5),
                3);
    }

    @Test
    void readsTheOneHealthCheckOfAnEarlierVersion() throws Exception {
        String written = "{\"health\":" + ONE + ",\"killSelection\":\"OLDEST_FIRST\",\"dependencies\":[]}";

        Upkeep read = json.read(written.getBytes(StandardCharsets.UTF_8), Upkeep.class);

        assertThat(read.healthChecks()).containsExactly(check(AppHealthCheck.Protocol.HTTP));
    }

    @Test
    void writesTheFirstHealthCheckWhereAnEarlierVersionReadsIt() throws Exception {
        Upkeep usual = Upkeep.USUAL;
        Upkeep several = new Upkeep(
                Optional.of(check(AppHealthCheck.Protocol.HTTP)),
                usual.readiness(),
                usual.upgrade(),
                usual.killSelection(),
                usual.unreachable(),
                usual.dependencies(),
                List.of(check(AppHealthCheck.Protocol.TCP)));

        byte[] written = json.write(several);

        JsonNode tree = new ObjectMapper().readTree(written);
        assertThat(tree.get("health")).isEqualTo(new ObjectMapper().readTree(ONE));
        assertThat(tree.has("healthChecks")).isFalse();
        assertThat(json.read(written, Upkeep.class)).isEqualTo(several);
    }
}
