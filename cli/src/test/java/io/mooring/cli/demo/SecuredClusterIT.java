package io.mooring.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster that believes nobody: two masters in a ZooKeeper with a login, TLS with certificates on both sides, frameworks
 * with a principal and a secret, executors with tokens. The scheduler and the executor are as they are installed.
 */
@Timeout(240)
class SecuredClusterIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEEPER = "keeper-word";
    private static final String SECRET = "framework-word";

    private final HttpClient client = HttpClient.newHttpClient();
    private Processes processes;
    private KeyFiles server;
    private KeyFiles user;
    private int api;
    private int firstMaster;
    private int secondMaster;
    private int zooKeeper;

    @TempDir
    private Path home;

    @BeforeEach
    void start() throws Exception {
        processes = new Processes(home);
        server = new KeyFiles(home, "server");
        user = new KeyFiles(home, "user");
        Files.writeString(
                home.resolve("authorities.pem"),
                Files.readString(server.certificate()) + Files.readString(user.certificate()));
        api = Processes.freePort();
        firstMaster = Processes.freePort();
        secondMaster = Processes.freePort();
        zooKeeper = Processes.freePort();
        plugin();
        cluster();
        scheduler();
    }

    @AfterEach
    void stop() throws InterruptedException {
        processes.close();
    }

    @Test
    void keepsAnAppWithItsVolumeWhenTheLeadingMasterDiesAndEndsItAfterwards() throws Exception {
        assertThatThrownBy(() -> mesos(KeyFiles.nobodyBelieving(server), "/health", ""))
                .as("without a certificate")
                .isInstanceOf(IOException.class);
        assertThat(mesos(user.believing(server), "/master/state", "").statusCode())
                .as("without credentials")
                .isEqualTo(401);
        run();
        String task = task();
        assertThat(master()).endsWith(":" + firstMaster);

        assertThat(mesos(user.believing(server), "/local/fault", "{\"fault\":\"fail-over-master\"}")
                        .statusCode())
                .isEqualTo(200);

        processes.await(
                () -> master().endsWith(":" + secondMaster), "the scheduler to be subscribed at the other master");
        long before = Files.size(written("ticks"));
        processes.await(() -> Files.size(written("ticks")) > before, "the app to write on");
        assertThat(task()).isEqualTo(task);
        assertThat(Files.readString(written("environment")))
                .contains("MESOS_TASK_ID=")
                .doesNotContain("AUTHENTICATION_TOKEN");

        delete();
        processes.await(() -> get("/v1/volumes/kept/claim").path("claim").isNull(), "the volume to be free");
        assertThat(get("/v1/volumes/kept/history")
                        .at("/items/0/releasedBy/code")
                        .asText())
                .isEqualTo("E1");
        assertThat(processes.said("scheduler")).doesNotContain(KEEPER).doesNotContain(SECRET);
    }

    private void run() throws Exception {
        String app = """
                {"id": "/kept", "cpus": 0.1, "mem": 32,
                 "cmd": "env > data/environment; while :; do date >> data/ticks; sleep 0.2; done",
                 "container": {"type": "MESOS", "volumes": [{"containerPath": "data", "mode": "RW",
                   "external": {"name": "kept", "provider": "dvdi", "options": {"dvdi/driver": "vfs"}}}]}}
                """;
        HttpRequest post = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api + "/v2/apps"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(app))
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(201);
        processes.await(() -> get("/v2/apps/kept").at("/app/tasksRunning").asInt() == 1, "the app to run");
    }

    private void delete() throws Exception {
        HttpRequest delete = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api + "/v2/apps/kept"))
                .DELETE()
                .build();
        assertThat(client.send(delete, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
    }

    private String task() throws Exception {
        JsonNode tasks = get("/v2/apps/kept/tasks").path("tasks");
        assertThat(tasks).hasSize(1);
        return tasks.get(0).path("id").asText();
    }

    private String master() throws Exception {
        return get("/v1/status").at("/mesos/master").asText();
    }

    private JsonNode get(String path) throws Exception {
        HttpRequest get = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api + path))
                .build();
        return JSON.readTree(
                client.send(get, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** A file on the volume. */
    private Path written(String name) throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("pool"))) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }

    private HttpResponse<Void> mesos(SSLContext tls, String path, String body)
            throws IOException, InterruptedException {
        HttpClient secured = HttpClient.newBuilder().sslContext(tls).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + firstMaster + path))
                .method(body.isEmpty() ? "GET" : "POST", HttpRequest.BodyPublishers.ofString(body))
                .build();
        return secured.send(request, HttpResponse.BodyHandlers.discarding());
    }

    private void plugin() throws Exception {
        Path configuration = Files.writeString(
                home.resolve("plugin.yml"), """
                libstorage:
                  service: vfs
                  integration: {volume: {operations: {mount: {path: %s}}}}
                vfs: {pool: %s, host: agent-1}
                """.formatted(home.resolve("mounts"), home.resolve("pool")));
        processes.java(
                "plugin",
                "io.mooring.plugin.app.PluginMain",
                "--config",
                configuration.toString(),
                "--plugin-dir",
                home.resolve("plugins").toString());
        processes.await(() -> Files.exists(home.resolve("plugins/vfs.sock")), "the plugin");
    }

    private void cluster() throws Exception {
        Files.writeString(
                home.resolve("credentials"),
                "{\"credentials\": [{\"principal\": \"mooring\", \"secret\": \"" + SECRET + "\"}]}");
        Files.writeString(home.resolve("agent.json"), """
                {"machine": "agent-1", "journalDir": "%s", "pluginSocketDirs": ["%s"], "pluginSpecDirs": []}
                """.formatted(home.resolve("journal"), home.resolve("plugins")));
        Path configuration = Files.writeString(home.resolve("local.json"), """
                {"master": {"port": %d, "standbyPorts": [%d], "sessionTimeoutSeconds": 2, "credentials": "credentials"},
                 "zookeeper": {"port": %d, "dataDir": "%s", "mastersLogin": "mesos:%s"},
                 "tls": {"certificate": "server.pem", "key": "server.key", "authorities": "authorities.pem",
                         "requireClientCertificates": true},
                 "agents": [{"name": "agent-1", "port": %d, "workDir": "%s", "jwtSecretKey": "token-word",
                   "resources": "cpus:4;mem:4096;disk:10240;ports:[31000-31999];volume_slots:8",
                   "attributes": "machine:agent-1;zone:zone-1",
                   "executorEnvironment": {"MOORING_AGENT_CONFIG": "%s", "LIBPROCESS_SSL_ENABLED": "true",
                     "LIBPROCESS_SSL_CA_FILE": "%s", "LIBPROCESS_SSL_CERT_FILE": "%s", "LIBPROCESS_SSL_KEY_FILE": "%s"}}]}
                """.formatted(
                        firstMaster,
                        secondMaster,
                        zooKeeper,
                        home.resolve("zookeeper"),
                        KEEPER,
                        Processes.freePort(),
                        home.resolve("work"),
                        home.resolve("agent.json"),
                        home.resolve("authorities.pem"),
                        user.certificate(),
                        user.key()));
        processes.java("cluster", "io.mooring.local.app.LocalMesosMain", "--config", configuration.toString());
        processes.await(() -> processes.said("cluster").contains("ready master="), "the local cluster");
    }

    private void scheduler() throws Exception {
        Path credential = home.resolve("credential");
        Files.createFile(
                credential, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(credential, "mooring " + SECRET);
        Path configuration = Files.writeString(home.resolve("scheduler.yml"), """
                zookeeper: {connect: "127.0.0.1:%d/mooring", sessionTimeout: 5s, epochFile: %s}
                mesos:
                  masters: "127.0.0.1:1"
                  credential: %s
                  tls: {authorities: %s, certificate: %s, key: %s}
                framework: {user: %s}
                executor: {command: %s}
                storage: {drivers: {vfs: {class: D}}, defaultVolumeGb: 1}
                server:
                  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                logging: {level: WARN, loggers: {io.mooring: INFO}}
                """.formatted(
                        zooKeeper,
                        home.resolve("epoch.json"),
                        credential,
                        server.certificate(),
                        user.certificate(),
                        user.key(),
                        System.getProperty("user.name"),
                        Processes.ROOT.resolve("executor/target/mooring-executor/bin/mooring-executor"),
                        api,
                        Processes.freePort()));
        processes.java(
                "scheduler",
                "io.mooring.cli.MooringMain",
                "scheduler",
                "--config",
                configuration.toString(),
                "--master",
                "zk://mesos:" + KEEPER + "@127.0.0.1:" + zooKeeper + "/mesos");
        processes.await(() -> processes.said("scheduler").contains("subscribed as"), "the scheduler");
    }
}
