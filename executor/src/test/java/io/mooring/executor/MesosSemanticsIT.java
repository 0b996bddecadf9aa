package io.mooring.executor;

import static io.mooring.executor.testkit.ExecutorFixture.TASK;
import static io.mooring.executor.testkit.ExecutorFixture.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.taskcheck.HealthCheckOfTask;
import io.mooring.executor.testkit.ExecutorFixture;
import io.mooring.executor.testkit.FakeAgent;
import io.mooring.executor.testkit.LoopPlugin.Shell;
import io.mooring.executor.testkit.SelfSigned;
import io.mooring.executor.testkit.SocketBridge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Mesos expects of any executor: health checks, groups, repeated calls, TLS. A real process, no volumes. */
class MesosSemanticsIT {
    private Path directory;
    private ExecutorFixture fixture;

    @BeforeEach
    void prepare() throws Exception {
        Parts.needLoopDevices();
        directory = Files.createTempDirectory("mooring-it-");
        fixture = new ExecutorFixture(directory);
    }

    @AfterEach
    void cleanUp() throws Exception {
        if (fixture != null) {
            fixture.close();
            Shell.run("rm", "-rf", "--one-file-system", directory.toString());
        }
    }

    private static HealthCheck check(String script) {
        return HealthCheck.newBuilder()
                .setType(HealthCheck.Type.COMMAND)
                .setCommand(CommandInfo.newBuilder().setValue(script))
                .setDelaySeconds(0)
                .setIntervalSeconds(0.1)
                .setTimeoutSeconds(5)
                .setGracePeriodSeconds(0)
                .setConsecutiveFailures(2)
                .build();
    }

    @Test
    void tellsTheHealthOfAWorkloadAndKillsItWhenItIsUnhealthyTooOften() throws Exception {
        fixture.start();
        Files.writeString(fixture.sandbox().resolve("ok"), "");
        // In the workload's own namespaces the first process is a shell, in its sandbox lies the file.
        fixture.agent()
                .launch(
                        TASK,
                        order("sleep 2; rm ok; sleep 1000"),
                        check("test \"$(cat /proc/1/comm)\" = sh && test \"$GREETING\" = 'hello world' && test -e ok"));
        assertThat(fixture.agent().await(TaskState.TASK_RUNNING).hasHealthy()).isFalse();

        List<TaskStatus> rest = untilTheEnd();

        List<TaskStatus> told = rest.stream()
                .filter(status -> status.getState() == TaskState.TASK_RUNNING)
                .toList();
        assertThat(told)
                .allMatch(status -> status.getReason() == TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED)
                .extracting(TaskStatus::getHealthy)
                .containsSubsequence(true, false, false);
        assertThat(told).filteredOn(status -> !status.getHealthy()).allSatisfy(status -> assertThat(status.getMessage())
                .isEqualTo("exit status 1"));
        TaskStatus last = rest.get(rest.size() - 1);
        assertThat(last.getState()).isEqualTo(TaskState.TASK_KILLED);
        assertThat(last.hasHealthy() && !last.getHealthy()).isTrue();
        assertThat(last.hasReason()).isFalse();
        assertThat(last.getMessage()).startsWith("unhealthy");
    }

    @Test
    void asksTheQuestionsOfTheOrderBesideTheOneThatMesosKnows() throws Exception {
        fixture.start();
        Files.writeString(fixture.sandbox().resolve("ok"), "");
        RunWorkload plain = order("sleep 2; rm ok; sleep 1000");
        RunWorkload order = new RunWorkload(
                plain.epoch(),
                plain.workload(),
                plain.volumes(),
                List.of(HealthCheckOfTask.of(check("test -e ok")), HealthCheckOfTask.of(check("true"))));
        fixture.agent().launch(TASK, order, check("true"));

        List<TaskStatus> all = untilTheEnd();

        assertThat(all)
                .filteredOn(status -> status.getState() == TaskState.TASK_RUNNING && status.hasHealthy())
                .extracting(TaskStatus::getHealthy)
                .as("healthy when all three are, and then one fails")
                .containsExactly(true, false, false);
        TaskStatus last = all.get(all.size() - 1);
        assertThat(last.getState()).isEqualTo(TaskState.TASK_KILLED);
        assertThat(last.getHealthy()).isFalse();
        assertThat(last.getMessage()).startsWith("unhealthy (exit status 1)");
    }

    private List<TaskStatus> untilTheEnd() throws InterruptedException {
        List<TaskStatus> seen = new ArrayList<>();
        while (true) {
            TaskStatus status = fixture.agent().poll(Duration.ofSeconds(30)).orElseThrow();
            seen.add(status);
            switch (status.getState()) {
                case TASK_KILLED, TASK_FAILED, TASK_FINISHED -> {
                    return seen;
                }
                default -> {}
            }
        }
    }

    @Test
    void launchesNoneOfAGroupOfSeveralTasks() throws Exception {
        fixture.start();
        fixture.agent().launchGroup(List.of("g1", "g2"), order("touch ran; sleep 1000"));

        for (String id : List.of("g1", "g2")) {
            TaskStatus status = fixture.agent().poll(Duration.ofSeconds(30)).orElseThrow();
            assertThat(status.getTaskId().getValue()).isEqualTo(id);
            assertThat(status.getState()).isEqualTo(TaskState.TASK_FAILED);
            assertThat(status.getMessage()).contains("a group of 2 tasks");
        }
        assertThat(fixture.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(fixture.sandbox().resolve("ran")).doesNotExist();
    }

    @Test
    void launchesTheOneTaskOfAGroupAndItOnlyOnce() throws Exception {
        fixture.start();
        fixture.agent().launchGroup(List.of(TASK), order("echo begun; sleep 1000"));
        fixture.agent().await(TaskState.TASK_RUNNING);
        fixture.agent().launchGroup(List.of(TASK), order("echo begun; sleep 1000"));
        fixture.agent().launch(TASK, order("echo begun; sleep 1000"));

        fixture.agent().kill(TASK, Optional.empty());
        fixture.agent().await(TaskState.TASK_KILLED);

        assertThat(fixture.output("stdout").split("begun", -1)).hasSize(2);
    }

    @Test
    void letsALaterKillShortenTheGraceAndTellsOfTheKillOnce() throws Exception {
        fixture.start();
        fixture.agent().launch(TASK, order("trap '' TERM; echo up; while :; do sleep 0.1; done"));
        fixture.agent().await(TaskState.TASK_RUNNING);
        Parts.until("it is up", () -> fixture.output("stdout").contains("up"));

        fixture.agent().kill(TASK, Optional.of(Duration.ofMinutes(5)));
        fixture.agent().kill(TASK, Optional.of(Duration.ofMinutes(9)));
        fixture.agent().kill(TASK, Optional.of(Duration.ofMillis(300)));

        assertThat(untilTheEnd())
                .extracting(TaskStatus::getState)
                .containsExactly(TaskState.TASK_KILLING, TaskState.TASK_KILLED);
    }

    @Test
    void speaksTlsToAnAgentWhoseAuthorityItTrustsAndToNoOther() throws Exception {
        SelfSigned agent = new SelfSigned(directory);
        try (FakeAgent tls = new FakeAgent(agent.server())) {
            Process executor = fixture.startWith(
                    tls,
                    Map.of(
                            "LIBPROCESS_SSL_ENABLED",
                            "true",
                            "LIBPROCESS_SSL_VERIFY_IPADD",
                            "true",
                            "LIBPROCESS_SSL_CA_FILE",
                            agent.certificate().toString()));
            try {
                tls.launch(TASK, order("test -z \"$MESOS_EXECUTOR_AUTHENTICATION_TOKEN\""));
                tls.await(TaskState.TASK_FINISHED);
                assertThat(tls.authorizations()).isNotEmpty().allMatch("Bearer secret"::equals);
            } finally {
                executor.destroyForcibly();
            }
            int before = tls.subscriptions().size();
            Process stranger = fixture.startWith(tls, Map.of("LIBPROCESS_SSL_ENABLED", "1"));
            try {
                assertThat(stranger.waitFor(3, TimeUnit.SECONDS)).isFalse();
                assertThat(tls.subscriptions()).hasSize(before);
            } finally {
                stranger.destroyForcibly();
            }
        }
    }

    @Test
    void speaksToAnAgentOverItsSocket() throws Exception {
        Path socket = directory.resolve("agent.sock");
        try (FakeAgent agent = new FakeAgent();
                SocketBridge bridge = new SocketBridge(socket, agent.address())) {
            Process executor = fixture.startWith(
                    agent,
                    Map.of(
                            // Nobody listens there: all has to come by the socket.
                            "MESOS_AGENT_ENDPOINT",
                            "127.0.0.1:9",
                            "MESOS_SLAVE_PID",
                            "slave(1)@127.0.0.1:9",
                            "MESOS_DOMAIN_SOCKET",
                            socket.toString()));
            try {
                agent.launch(TASK, order("exit 0"));
                agent.await(TaskState.TASK_FINISHED);
                assertThat(bridge.connections()).isPositive();
            } finally {
                executor.destroyForcibly();
            }
        }
    }
}
