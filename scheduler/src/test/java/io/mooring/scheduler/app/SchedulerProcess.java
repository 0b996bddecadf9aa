package io.mooring.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A scheduler in a process of its own, with its own port, epoch file and log. */
final class SchedulerProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    private SchedulerProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts one, and does not wait for it. */
    static SchedulerProcess start(Path directory, String name, String zooKeeper, String master, String framework)
            throws IOException {
        int port = freePort();
        Path config = directory.resolve(name + ".yml");
        Path log = directory.resolve(name + ".log");
        Files.write(config, JSON.writeValueAsBytes(configuration(directory, name, zooKeeper, master, framework, port)));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                "-cp",
                System.getProperty("java.class.path"),
                SchedulerApplication.class.getName(),
                "server",
                config.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new SchedulerProcess(process, log, port);
    }

    private static ObjectNode configuration(
            Path directory, String name, String zooKeeper, String master, String framework, int port) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode server = root.putObject("server");
        server.putArray("applicationConnectors")
                .addObject()
                .put("type", "http")
                .put("bindHost", "127.0.0.1")
                .put("port", port);
        server.putArray("adminConnectors")
                .addObject()
                .put("type", "http")
                .put("bindHost", "127.0.0.1")
                .put("port", 0);
        server.putObject("requestLog").putArray("appenders");
        root.putObject("zookeeper")
                .put("connect", zooKeeper + "/mooring")
                .put("sessionTimeout", "3s")
                .put("epochFile", directory.resolve(name + "-epoch.json").toString());
        root.putObject("mesos").putArray("masters").add(master);
        root.putObject("framework").put("name", framework);
        root.putObject("executor").put("command", "/nowhere");
        root.putObject("logging").put("level", "WARN").putObject("loggers").put("io.mooring", "INFO");
        return root;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String self() {
        return "127.0.0.1:" + port;
    }

    String said() throws IOException {
        return Files.readString(log);
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    JsonNode json(String path) throws Exception {
        return JSON.readTree(get(path).body());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + self() + path)).timeout(Duration.ofSeconds(20));
    }

    HttpClient http() {
        return http;
    }

    HttpResponse<String> run(String app) throws Exception {
        return ordered(app).get(20, TimeUnit.SECONDS);
    }

    /** Posts an app that runs something; the answer may come late or never. */
    CompletableFuture<HttpResponse<String>> ordered(String app) {
        HttpRequest post = request("/v2/apps")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"id\":\"" + app + "\",\"cmd\":\"run\",\"ports\":[]}"))
                .build();
        return http.sendAsync(post, BodyHandlers.ofString());
    }

    /** Whether this one answers by itself, so without passing on. */
    boolean leads() {
        try {
            HttpResponse<String> answer = get("/v2/info");
            return answer.statusCode() == 200
                    && answer.headers().firstValue("X-Marathon-Leader").equals(Optional.of("http://" + self()));
        } catch (Exception e) {
            return false;
        }
    }

    /** Whether it has come so far that it answers at all. */
    boolean serves() {
        try {
            return get("/ping").statusCode() == 200;
        } catch (Exception e) {
            return false;
        }
    }

    void signal(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    boolean ended(Duration within) throws InterruptedException {
        return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    int status() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
