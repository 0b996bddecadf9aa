package io.mooring.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mesos-framework} 0.5.3 from npm: scheduler and executor in JavaScript, JSON, no capabilities. */
@Timeout(300)
class NodeClientIT {
    @TempDir
    static Path directory;

    private static LocalCluster cluster;
    private static Path scripts;

    @BeforeAll
    static void start() throws Exception {
        scripts = NodePackage.install();
        cluster = new LocalCluster(directory);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private NodeFramework framework(String log, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = Integer.toString(cluster.port());
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return new NodeFramework(scripts, directory.resolve(log), all);
    }

    @Test
    void launchesCommandsIsFailedOverAndReconciled() throws Exception {
        try (NodeFramework first = framework("first.log", "commands")) {
            String id = first.await(line -> line.has("subscribed"))
                    .get("subscribed")
                    .asText();
            JsonNode running = first.awaitUpdate("long", "TASK_RUNNING");
            String task = running.get("task").asText();
            String agent = running.get("agent").asText();

            try (NodeFramework second = framework("second.log", "takeover", id)) {
                assertThat(second.await(line -> line.has("subscribed"))
                                .get("subscribed")
                                .asText())
                        .isEqualTo(id);
                assertThat(first.await(line -> line.has("error")).get("error").asText())
                        .contains("Framework failed over");
                assertThat(first.awaitExit()).isTrue();

                second.order("{\"call\":\"reconcile\",\"task\":\"" + task + "\",\"agent\":\"" + agent + "\"}");
                assertThat(second.awaitUpdate("long", "TASK_RUNNING")
                                .get("reason")
                                .asText())
                        .isEqualTo("REASON_RECONCILIATION");
                second.order("{\"call\":\"kill\",\"task\":\"" + task + "\",\"agent\":\"" + agent + "\"}");
                second.awaitUpdate("long", "TASK_KILLED");
                second.order("{\"call\":\"teardown\"}");
                assertThat(second.awaitExit()).isTrue();
            }
        }
    }

    @Test
    void seesACommandFinish() throws Exception {
        try (NodeFramework framework = framework("short.log", "commands")) {
            assertThat(framework
                            .awaitUpdate("short", "TASK_FINISHED")
                            .get("message")
                            .asText())
                    .isEqualTo("Command exited with status 0");
            framework.order("{\"call\":\"teardown\"}");
        }
    }

    @Test
    void runsATaskInAnExecutorInJavaScript() throws Exception {
        try (NodeFramework framework = framework("executor.log", "executor")) {
            String agent = framework
                    .awaitUpdate("js-task", "TASK_RUNNING")
                    .get("agent")
                    .asText();
            assertThat(framework
                            .await(line -> line.has("message"))
                            .get("message")
                            .asText())
                    .isEqualTo("launched js");

            framework.order("{\"call\":\"message\",\"agent\":\"" + agent
                    + "\",\"executor\":\"js-executor\",\"data\":\"finish\"}");
            framework.awaitUpdate("js-task", "TASK_FINISHED");
            framework.order("{\"call\":\"teardown\"}");
        }
    }
}
