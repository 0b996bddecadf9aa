package io.mooring.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.local.app.LocalMesos;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.testkit.Framework;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command tasks on an agent that wants tokens of its executors and keeps sandboxes for a moment only. */
class AgentIT {
    @TempDir
    Path directory;

    private LocalMesos cluster;
    private Framework framework;

    @BeforeEach
    void start() throws Exception {
        AgentSettings agent = new AgentSettings(
                "agent-1",
                0,
                directory.resolve("agent-1"),
                "127.0.0.1",
                "cpus:4;mem:4096;disk:1024",
                "",
                Map.of(),
                AgentSettings.Timeouts.standard(),
                Optional.of("a secret"),
                AgentSettings.Isolation.NONE,
                Duration.ofSeconds(1),
                Optional.empty());
        cluster = LocalMesos.start(MasterSettings.onPort(0), Optional.empty(), List.of(agent));
        framework = Framework.subscribe(cluster.masterPort(), null);
    }

    @AfterEach
    void stop() {
        cluster.shutdown(Duration.ofSeconds(1));
    }

    private void launch(String id, String script, CommandInfo.URI... uris) throws IOException, InterruptedException {
        framework.launch(Framework.task(id)
                .setCommand(CommandInfo.newBuilder().setValue(script).addAllUris(List.of(uris))));
    }

    @Test
    void runsACommandWithWhatWasFetchedAndWithoutItsExecutorsToken() throws Exception {
        Path tool = Files.writeString(directory.resolve("tool"), "#!/bin/sh\nexit 0\n");
        CommandInfo.URI uri = CommandInfo.URI
                .newBuilder()
                .setValue("file://" + tool)
                .setExecutable(true)
                .build();
        launch("t1", "./tool && test -z \"$MESOS_EXECUTOR_AUTHENTICATION_TOKEN\" && test -d \"$MESOS_SANDBOX\"", uri);

        TaskStatus end = framework.await("t1", TaskState.TASK_FINISHED);

        assertThat(end.getMessage()).isEqualTo("Command exited with status 0");
        assertThat(end.getExecutorId().getValue()).isEqualTo("t1");
        awaitNoSandbox();
    }

    /** Nobody but the test waits for the agent to delete. */
    private void awaitNoSandbox() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (sandboxes() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
        assertThat(sandboxes()).isZero();
    }

    private long sandboxes() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("agent-1").resolve("slaves"))) {
            return all.filter(path -> path.endsWith("stdout")).count();
        } catch (UncheckedIOException e) {
            return 1; // deleted while it was looked at
        }
    }

    @Test
    void keepsACommandRunningWhileTheAgentIsRestarted() throws Exception {
        launch("t1", "sleep 1000");
        TaskStatus running = framework.await("t1", TaskState.TASK_RUNNING);

        cluster.restartAgent("agent-1");
        framework.awaitOffer(running.getAgentId());
        framework.kill("t1");
        TaskStatus killed = framework.await("t1", TaskState.TASK_KILLED);

        assertThat(killed.getSource()).isEqualTo(TaskStatus.Source.SOURCE_EXECUTOR);
        assertThat(killed.getMessage()).isEqualTo("Command terminated with signal Terminated");
        assertThat(killed.getContainerStatus().getExecutorPid())
                .isEqualTo(running.getContainerStatus().getExecutorPid());
    }
}
