package io.mooring.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import io.mooring.plugin.site.Requirements;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of servers and of several instances, with the real servers, on a whole cluster of real processes. */
@Timeout(300)
final class ServersIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void leaveNothing() throws Exception {
        for (JsonNode app : cluster.api().get("/v2/apps").body().path("apps")) {
            cluster.delete(app.path("id").asText());
        }
        cluster.reactivateAll();
    }

    @Test
    void postgresqlIsKilledAndMovedAndStillHasItsRows() throws Exception {
        Requirements.server("postgresql", Path.of("/usr/bin/pg_createcluster"));
        cluster.run("postgresql.json");
        healthy("/postgresql", 1);
        JsonNode first = cluster.mounted("postgresql-data");
        assertThat(sql("CREATE TABLE orders AS SELECT generate_series(1, 1000) AS id; SELECT count(*) FROM orders"))
                .endsWith("1000");

        process("/srv/postgresql/data/db -p " + port("/postgresql")).destroyForcibly();
        JsonNode second = cluster.mounted("postgresql-data", first.path("fence").asLong());
        Cluster.await("PostgreSQL to have recovered", () -> sql("SELECT count(*) FROM orders")
                .endsWith("1000"));
        assertThat(sql("INSERT INTO orders VALUES (1001); SELECT max(id) FROM orders"))
                .endsWith("1001");

        cluster.drain(second.path("machine").asText());
        JsonNode third = cluster.mounted("postgresql-data", second.path("fence").asLong());
        assertThat(third.path("machine")).isNotEqualTo(second.path("machine"));
        assertThat(cluster.mounted("postgresql-log").path("machine")).isEqualTo(third.path("machine"));
        Cluster.await("all rows on the other agent", () -> sql("SELECT count(*) FROM orders")
                .endsWith("1001"));
    }

    @Test
    void redisComesBackOnAnotherAgentWithItsKeys() throws Exception {
        Requirements.server("redis-server", Path.of("/usr/bin/redis-server"));
        cluster.run("redis.json");
        healthy("/redis", 1);
        JsonNode first = cluster.mounted("redis-data");
        assertThat(redis("SET", "orders", "17")).isEqualTo("OK");

        cluster.drain(first.path("machine").asText());

        JsonNode second = cluster.mounted("redis-data", first.path("fence").asLong());
        assertThat(second.path("machine")).isNotEqualTo(first.path("machine"));
        Cluster.await("the key", () -> redis("GET", "orders").equals("17"));
    }

    @Test
    void aSiteIsServedFromOneVolumeByTwoReadersOnTwoMachines() throws Exception {
        cluster.run("site-publisher.json");
        JsonNode written = cluster.mounted("site-content");
        Path index = cluster.mountPoint(written).resolve("data/index.html");
        Cluster.await("the page to be written", () -> Files.exists(index));
        String page = Files.readString(index);
        cluster.delete("/site-publisher");

        cluster.api().post("/v2/apps", Files.readString(Cluster.example("site.json")));

        healthy("/site", 2);
        List<JsonNode> tasks = cluster.tasks("/site");
        assertThat(tasks).extracting(task -> page(port(task))).containsExactly(page, page);
        JsonNode readers =
                cluster.api().get("/v1/volumes/site-content/claim").body().path("readers");
        assertThat(readers).hasSize(2);
        assertThat(readers.get(0).path("machine")).isNotEqualTo(readers.get(1).path("machine"));
    }

    @Test
    void eachNodeOfAnEnsembleKeepsTheVolumeOfItsNumber() throws Exception {
        cluster.api().post("/v2/apps", Files.readString(Cluster.example("ensemble.json")));
        Cluster.await("three nodes", () -> cluster.running("/ensemble") == 3);
        Map<String, String> first = identities();

        cluster.api().post("/v2/apps/ensemble/restart", "");
        settled();

        assertThat(cluster.running("/ensemble")).isEqualTo(3);
        assertThat(identities()).isEqualTo(first);
        assertThat(first.values()).doesNotHaveDuplicates();
    }

    private static Map<String, String> identities() throws Exception {
        Map<String, String> identities = new TreeMap<>();
        for (int node = 0; node < 3; node++) {
            JsonNode claim = cluster.mounted("ensemble-" + node);
            Path identity = cluster.mountPoint(claim).resolve("data/identity");
            Cluster.await("the node's identity", () -> Files.exists(identity));
            identities.put(claim.path("volume").asText(), Files.readString(identity));
        }
        return identities;
    }

    @Test
    void numberedSlotsAreVolumesOfTheirOwn() throws Exception {
        cluster.run("dvdi-slots.json");
        List<String> starts = new ArrayList<>();
        for (String volume : List.of("slots-data/data", "slots-log/data", "slots-scratch")) {
            JsonNode claim = cluster.mounted(volume.replaceAll("/.*", ""));
            Path file = cluster.mountPoint(claim).resolve(volume.contains("/") ? "data/starts" : "starts");
            Cluster.await(file + " to be written", () -> Files.exists(file) && Files.size(file) > 0);
            starts.add(Files.readString(file));
        }
        assertThat(starts).hasSize(3).allMatch(start -> start.equals(starts.get(0)));
        assertThat(cluster.api()
                        .get("/v1/volumes/slots-log")
                        .body()
                        .path("fsType")
                        .asText())
                .isEqualTo("xfs");
    }

    @Test
    void anUpgradeRollsThroughWithEnoughInstancesHealthyAllTheTime() throws Exception {
        ObjectNode app = (ObjectNode) JSON.readTree(Files.readString(Cluster.example("rolling.json")));
        cluster.post(app.toString());
        healthy("/rolling", 3);
        settled();
        ((ObjectNode) app.path("env")).put("GREETING", "second");

        cluster.api().put("/v2/apps/rolling", app.toString());

        List<Integer> seen = new ArrayList<>();
        Cluster.await("the upgrade to be done", () -> {
            seen.add(number("/rolling", "tasksHealthy"));
            return cluster.api().get("/v2/deployments").body().isEmpty();
        });
        assertThat(seen).as("three instances, of which 0.6 are to be there").allMatch(healthy -> healthy >= 2);
        assertThat(cluster.tasks("/rolling"))
                .hasSize(3)
                .allMatch(task -> page(port(task)).strip().equals("second"));
    }

    @Test
    void mooringsOwnSchedulerRunsAsAnAppAndItsStandbyPassesRequestsOn() throws Exception {
        String example = Files.readString(Cluster.example("mooring-scheduler.json"))
                .replace("/opt/mooring/bin/mooring", launcher().toString())
                .replace("/etc/mooring/scheduler.yml", cluster.secondScheduler().toString());
        cluster.post(example);
        healthy("/mooring/scheduler", 2);

        for (JsonNode task : cluster.tasks("/mooring/scheduler")) {
            Api inner = new Api("http://127.0.0.1:" + port(task));
            Cluster.await("a leader", () -> inner.get("/v2/info").body().hasNonNull("frameworkId"));
            String id = "/inner-" + port(task);
            inner.post("/v2/apps", "{\"id\": \"" + id + "\", \"cmd\": \"sleep 1000\", \"cpus\": 0.1, \"mem\": 32}");
            Cluster.await(
                    "the task of " + id,
                    () -> inner.get("/v2/apps" + id)
                                    .body()
                                    .at("/app/tasksRunning")
                                    .asInt()
                            == 1);
        }
        Api inner = new Api("http://127.0.0.1:" + port("/mooring/scheduler"));
        assertThat(inner.get("/v2/apps").body().path("apps")).hasSize(2);
        for (JsonNode app : inner.get("/v2/apps").body().path("apps")) {
            inner.delete("/v2/apps" + app.path("id").asText());
        }
        Cluster.await(
                "nothing to be left",
                () -> inner.get("/v2/apps").body().path("apps").isEmpty());
    }

    private static Path launcher() throws IOException {
        Path launcher = cluster.directory().resolve("mooring");
        Files.deleteIfExists(launcher);
        Files.createFile(launcher, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        String command = String.join("' '", Cluster.mooring(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m")));
        return Files.writeString(launcher, "#!/bin/sh\nexec '" + command + "' \"$@\"\n");
    }

    private static void healthy(String app, int count) throws Exception {
        Cluster.await(count + " healthy tasks of " + app, () -> number(app, "tasksHealthy") == count);
    }

    /** Waits until no change is on its way. */
    private static void settled() throws Exception {
        Cluster.await(
                "no deployment",
                () -> cluster.api().get("/v2/deployments").body().isEmpty());
    }

    private static int number(String app, String field) throws ApiException {
        return cluster.api().get("/v2/apps" + app).body().at("/app/" + field).asInt();
    }

    private static int port(String app) throws ApiException {
        return port(cluster.tasks(app).get(0));
    }

    private static int port(JsonNode task) {
        return task.path("ports").path(0).asInt();
    }

    private static String page(int port) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/index.html")
                    .toURL()
                    .openConnection();
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String sql(String statements) throws ApiException, IOException {
        return said(
                "psql",
                "--no-psqlrc",
                "--tuples-only",
                "--no-align",
                "--quiet",
                "--host=127.0.0.1",
                "--port=" + port("/postgresql"),
                "--username=postgres",
                "--command=" + statements);
    }

    private static String redis(String... words) throws ApiException, IOException {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-h", "127.0.0.1", "-p", "" + port("/redis")));
        command.addAll(List.of(words));
        return said(command.toArray(String[]::new));
    }

    private static String said(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** The first process that has these words in its command line. */
    private static ProcessHandle process(String words) {
        return ProcessHandle.allProcesses()
                .filter(each -> each.info()
                        .commandLine()
                        .filter(line -> line.contains(words) && line.contains("/bin/postgres "))
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }
}
