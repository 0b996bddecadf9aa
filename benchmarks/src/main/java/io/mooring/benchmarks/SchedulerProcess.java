package io.mooring.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A scheduler of its own, started by the launcher as users do it. */
final class SchedulerProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final String address;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    private SchedulerProcess(Process process, int port) {
        this.process = process;
        this.address = "http://127.0.0.1:" + port;
    }

    /** Starts it with what ZooKeeper has at that root. Returns when it leads. */
    static SchedulerProcess start(Path directory, String root, MesosProcess mesos)
            throws IOException, InterruptedException {
        int port = MesosProcess.freePort();
        Path configuration = directory.resolve(root + ".yml");
        Files.writeString(configuration, """
                zookeeper: {connect: "%s", sessionTimeout: 20s, epochFile: "%s"}
                mesos: {masters: ["%s"]}
                framework: {name: mooring, user: root}
                executor: {command: /opt/mooring/bin/mooring-executor}
                api: {mostDeployments: 100000}
                storage: {drivers: {loop: {class: B}}}
                server:
                  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
                  requestLog: {appenders: []}
                """.formatted(
                        mesos.connect(root), directory.resolve(root + "-epoch.json"), mesos.master(), port));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("mooring.home"), "mooring").toString(),
                        "scheduler",
                        "--config",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(root + ".log").toFile())
                .start();
        SchedulerProcess scheduler = new SchedulerProcess(process, port);
        scheduler.awaitLeading(directory.resolve(root + ".log"));
        return scheduler;
    }

    String address() {
        return address;
    }

    /** A line of the process' status, in MB. */
    long resident(String line) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(text -> text.startsWith(line + ":"))
                .mapToLong(text -> Long.parseLong(text.replaceAll("[^0-9]", "")) * 1024 / 1_000_000)
                .findFirst()
                .orElseThrow(() -> new IOException("the status has no " + line));
    }

    /** What is in use after a collection, in MB. */
    long heap() throws IOException, InterruptedException {
        Process collection = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        collection.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return get("/metrics")
                        .path("gauges")
                        .path("jvm.memory.heap.used")
                        .path("value")
                        .asLong()
                / 1_000_000;
    }

    private void awaitLeading(Path log) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < until && process.isAlive()) {
            try {
                if (get("/v1/status").path("leader").isTextual()) {
                    return;
                }
            } catch (IOException e) {
                // not yet: asked again until the time is over
            }
            Thread.sleep(200);
        }
        throw new IOException("the scheduler does not lead; see " + log);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(URI.create(address + path)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(path + ": " + response.statusCode());
        }
        return json.readTree(response.body());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(30, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
