package io.mooring.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.local.link.Link;
import io.mooring.local.resource.FlagSyntax;
import io.mooring.local.resource.Resources;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.WeightInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shares of roles by which offers are made. */
class WeightsTest {
    @TempDir
    private Path directory;

    @Test
    void givesARoleOfWeightTwoTwiceTheShare() {
        ClusterState state = state();
        state.registry.weigh(Map.of("heavy", 2.0));
        Shares shares = new Shares(state);
        FrameworkEntry framework = new FrameworkEntry(
                FrameworkInfo.newBuilder()
                        .setUser("u")
                        .setName("f")
                        .setId(FrameworkID.newBuilder().setValue("f"))
                        .build(),
                Instant.EPOCH);

        shares.add("light", framework, cpus(3));
        shares.add("heavy", framework, cpus(5));
        assertThat(first(shares)).isEqualTo("heavy");
        shares.add("heavy", framework, cpus(2));
        assertThat(first(shares)).isEqualTo("light");
    }

    @Test
    void keepsWeightsOverARestart() {
        state().registry.weigh(Map.of("heavy", 2.0, "other", 0.5));
        state().registry.weigh(Map.of("other", 3.0));

        assertThat(state().registry.weights()).isEqualTo(Map.of("heavy", 2.0, "other", 3.0));
    }

    private static String first(Shares shares) {
        return Stream.of("heavy", "light").sorted(shares.byRole()).findFirst().orElseThrow();
    }

    private static Resources cpus(int amount) {
        return Resources.of(FlagSyntax.resources("cpus:" + amount));
    }

    private ClusterState state() {
        ClusterState state =
                new ClusterState("m", new Registry(Optional.of(directory.resolve("registry.json"))), Instant.EPOCH);
        AgentInfo agent = AgentInfo.newBuilder()
                .setHostname("a")
                .setId(AgentID.newBuilder().setValue("S1"))
                .addAllResources(FlagSyntax.resources("cpus:100"))
                .build();
        state.agents.put("S1", new AgentEntry(agent, new Link(null), Instant.EPOCH));
        return state;
    }

    @Test
    void refusesWeightsThatAreNoneInTheOriginalsWords() {
        ClusterState state = state();
        Weights weights = new Weights(state, null);

        assertThat(text(weights, "a b", 1))
                .isEqualTo("400 Failed to validate update weights request JSON: Invalid role 'a b': "
                        + "Role component 'a b' is invalid because it contains backspace or whitespace");
        assertThat(text(weights, "a", 0))
                .isEqualTo("400 Failed to validate update weights request JSON for role 'a': Invalid weight '0': "
                        + "Weights must be positive");
        assertThat(state.registry.weights()).isEmpty();
    }

    private static String text(Weights weights, String role, double weight) {
        var answer = weights.update(
                List.of(WeightInfo.newBuilder().setRole(role).setWeight(weight).build()));
        return answer.status() + " " + answer.body().toStringUtf8();
    }
}
