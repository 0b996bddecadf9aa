package io.mooring.local.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The local cluster in a process of its own, with one agent that counts as unreachable after three to four seconds. */
public final class Cluster implements AutoCloseable {
    private final Path directory;
    private final int port = freePort();
    private final int agentPort = freePort();
    private Process process;

    public Cluster(Path directory) throws IOException {
        this.directory = directory;
        Files.writeString(
                directory.resolve("cluster.json"), """
                {"master": {"port": %d, "agentPingTimeoutSeconds": 1, "maxAgentPingTimeouts": 3},
                 "agents": [{"name": "agent-1", "port": %d, "workDir": "%s", "hostname": "127.0.0.1",
                             "resources": "cpus:4;mem:4096;disk:1024;ports:[31000-31999];volume_slots:8",
                             "attributes": "zone:zone-1"}]}
                """.formatted(port, agentPort, directory.resolve("agent-1")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /** The command of an executor for tests. */
    public String executorCommand() {
        return java() + " -XX:TieredStopAtLevel=1 -Xmx64m -cp '" + System.getProperty("java.class.path")
                + "' io.mooring.local.testkit.FixtureExecutor";
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Returns when the cluster says that it serves. */
    public void start() throws IOException {
        process = new ProcessBuilder(
                        java().toString(),
                        "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.mooring.local.app.LocalMesosMain",
                        "--config",
                        directory.resolve("cluster.json").toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("cluster.log").toFile()))
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(out.readLine()).isEqualTo("ready master=127.0.0.1:" + port + " agents=1");
    }

    /** SIGKILL; the executors live on. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. Gives the exit code. */
    public int terminate(Duration patience) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    public void fault(String json) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/local/fault"))
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
