package io.mooring.scheduler.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code healthCheckResults} has one entry for each check that was answered. */
class HealthViewTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private static ArrayNode results(TaskHealth health) {
        Task task = new Task(
                new TaskId("web.1"),
                TaskKind.RUN,
                Optional.empty(),
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
        return HealthView.results(task, health);
    }

    @Test
    void showsEachCheckThatWasAnswered() {
        TaskHealth first = TaskHealth.UNKNOWN.answered(1, List.of(Verdict.UNKNOWN, Verdict.HEALTHY), "", NOW);
        assertThat(results(TaskHealth.UNKNOWN)).isEmpty();
        assertThat(results(first)).hasSize(1);

        ArrayNode both = results(first.answered(0, List.of(Verdict.UNHEALTHY, Verdict.HEALTHY), "status 503", NOW));

        assertThat(both).hasSize(2);
        assertThat(both.at("/0/alive").booleanValue()).isFalse();
        assertThat(both.at("/0/consecutiveFailures").intValue()).isOne();
        assertThat(both.at("/0/lastFailureCause").textValue()).isEqualTo("status 503");
        assertThat(both.at("/1/alive").booleanValue()).isTrue();
        assertThat(both.at("/1/firstSuccess").textValue()).isEqualTo("2026-03-01T10:00:00.000Z");
        assertThat(both.findValuesAsText("instanceId")).containsOnly("web.1");
    }

    @Test
    void theWordForTheWholeTaskSpeaksForAllChecks() {
        TaskHealth sick =
                TaskHealth.UNKNOWN.answered(1, List.of(Verdict.HEALTHY, Verdict.UNHEALTHY), "no connection", NOW);

        assertThat(results(sick.healthy(NOW)).findValuesAsText("alive")).containsExactly("true", "true");
        assertThat(results(sick.unhealthy("", NOW)).findValuesAsText("alive")).containsExactly("true", "false");
    }
}
