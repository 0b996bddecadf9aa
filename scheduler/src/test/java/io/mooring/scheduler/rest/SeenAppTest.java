package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.decision.Answer;
import io.mooring.scheduler.decision.AppRequests.Draft;
import io.mooring.scheduler.decision.Decider;
import io.mooring.scheduler.decision.Policy;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.marathon.AppReader;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenAppTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final AppId ID = new AppId("/shop");

    private static final Policy POLICY = new Policy(
            1,
            Resources.NONE,
            Map.of(),
            Map.of(),
            "/{name}",
            1,
            Policy.Timing.usual(),
            Policy.Takeover.usual(),
            Optional.empty(),
            Duration.ZERO,
            Policy.Foreign.usual(),
            new Policy.Requests(List.of("shops"), 1));

    private final ClusterState state = new ClusterState();

    private static App app() throws Exception {
        JsonNode json = new ObjectMapper().readTree("{\"id\": \"/shop\", \"cmd\": \"run\"}");
        Draft draft = ((Answer.Ok<AppReader.Read>) AppReader.read(json)).value().draft();
        return new App(
                ID, NOW, NOW, NOW, App.Goal.RUN, 1, draft.definition(), draft.source(), Optional.empty(), List.of());
    }

    private static Task running(String id) {
        return new Task(
                new TaskId(id),
                TaskKind.RUN,
                Optional.of(ID),
                Optional.of(NOW),
                0,
                Optional.empty(),
                new AgentId("agent-1"),
                new MachineKey("machine-1"),
                "agent-1.example",
                List.of(),
                List.of(),
                1,
                TaskState.RUNNING,
                Task.Goal.RUN,
                NOW,
                Optional.of(NOW));
    }

    @Test
    void isWrittenAsItWasWhenTheEngineWasAsked() throws Exception {
        state.apply(new StoreRecord.PutApp(app()));
        state.apply(new StoreRecord.PutTask(running("shop.1")));
        state.putHealth(new TaskId("shop.1"), TaskHealth.UNKNOWN.healthy(NOW));
        SeenApp seen = SeenApp.of(state.app(ID).orElseThrow(), new Decider(state, POLICY, () -> "name"), NOW);
        JsonNode before = AppView.of(seen, Set.of(Embed.values()));

        state.putHealth(new TaskId("shop.1"), TaskHealth.UNKNOWN.unhealthy("no answer", NOW));
        state.apply(new StoreRecord.PutTask(running("shop.2")));
        state.apply(new StoreRecord.RemoveTask(new TaskId("shop.1")));
        state.apply(new StoreRecord.RemoveApp(ID));

        assertThat(AppView.of(seen, Set.of(Embed.values()))).isEqualTo(before);
        assertThat(before.path("tasks").findValuesAsText("id")).containsExactly("shop.1");
        assertThat(before.path("role").asText()).isEqualTo("shops");
        assertThat(before.at("/tasks/0/role").asText()).isEqualTo("shops");
        assertThat(before.path("tasksHealthy").asInt()).isOne();
        assertThat(before.path("tasksRunning").asInt()).isOne();
    }
}
