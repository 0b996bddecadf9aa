package io.mooring.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.LocalSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * From {@code POST /v2/apps} to TASK_RUNNING on a mounted loop volume, made and formatted for it, on a local cluster of
 * real processes: the whole and its phases. Budget: 2 s at the median.
 *
 * <p>The phases are taken from the decision times in the scheduler's events, from when these events arrive (which is
 * after their commit), from the sandbox's creation and from the executor's own log; all clocks are this machine's.
 */
public final class LaunchBenchmark {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LocalCluster cluster;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Figures figures = new Figures();
    private final Map<String, Seen> events = new ConcurrentHashMap<>();

    /** An event: when it was decided, and when it was heard of. */
    private record Seen(Instant decided, Instant heard, String task, String machine) {}

    private LaunchBenchmark(LocalCluster cluster) {
        this.cluster = cluster;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? 20 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("mooring-bench-");
        try (LocalCluster cluster = LocalCluster.start(settings(directory), line -> {}, () -> false)) {
            LaunchBenchmark benchmark = new LaunchBenchmark(cluster);
            benchmark.listen();
            Thread.sleep(3000); // agents are inspected when they are first seen
            for (int i = -2; i < rounds; i++) {
                benchmark.round(i);
            }
            benchmark.figures.print("ms");
        } finally {
            LocalCluster.delete(directory);
        }
    }

    private void round(int number) throws IOException, InterruptedException {
        String app = "bench-" + (number + 2);
        Instant posted = Instant.now();
        send("POST", "/v2/apps", definition(app));
        Instant answered = Instant.now();
        await(app + "/task_running");
        Seen reserved = await(app + "/claim_reserved");
        Seen starting = await(app + "/task_starting");
        Seen running = await(app + "/task_running");
        if (number >= 0) {
            Path sandbox = sandbox(reserved);
            Instant launched = Files.readAttributes(sandbox, java.nio.file.attribute.BasicFileAttributes.class)
                    .creationTime()
                    .toInstant();
            Instant mounting = logged(sandbox, "-> CREATING", "-> MOUNTING");
            Instant mounted = logged(sandbox, "-> MOUNTED");
            figures.add("answer", between(posted, answered));
            figures.add("offer", between(posted, reserved.decided()));
            figures.add("commit", between(reserved.decided(), reserved.heard()));
            figures.add("launch", between(reserved.heard(), launched));
            figures.add("executor start", between(launched, starting.decided()));
            figures.add("activation", between(starting.decided(), mounting));
            figures.add("mount", between(mounting, mounted));
            figures.add("run", between(mounted, running.decided()));
            figures.add("POST to RUNNING", between(posted, running.heard()));
        }
        send("DELETE", "/v2/apps/" + app, "");
        await(app + "/app_terminated");
    }

    private static double between(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    private static String definition(String app) {
        return "{\"id\": \"/" + app + "\", \"cmd\": \"exec sleep 1000\", \"cpus\": 0.1, \"mem\": 32, \"env\": {"
                + "\"DVDI_VOLUME_NAME\": \"" + app + "\", \"DVDI_VOLUME_OPTS\": \"size=1,newfstype=ext4\"},"
                + " \"labels\": {\"mooring/" + app + "/reclaim\": \"delete\"}}";
    }

    private Path sandbox(Seen reserved) throws IOException {
        Path work = cluster.settings().directory().resolve("agents").resolve(reserved.machine());
        try (Stream<Path> tree = Files.walk(work, 9)) {
            return tree.filter(path -> path.getParent() != null
                            && path.getParent().endsWith(Path.of("executors", reserved.task(), "runs"))
                            && Files.isDirectory(path)
                            && !Files.isSymbolicLink(path))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no sandbox of " + reserved.task()));
        }
    }

    /** When the executor's log says one of these first. */
    private static Instant logged(Path sandbox, String... words) throws IOException {
        for (String line : Files.readAllLines(sandbox.resolve("stderr"))) {
            for (String word : words) {
                if (line.contains(word)) {
                    LocalTime time = LocalTime.parse(line.substring(0, 12));
                    FileTime day = Files.getLastModifiedTime(sandbox.resolve("stderr"));
                    return day.toInstant()
                            .atZone(ZoneId.systemDefault())
                            .with(time)
                            .toInstant();
                }
            }
        }
        throw new IOException("the executor's log in " + sandbox + " has none of " + List.of(words));
    }

    private Seen await(String event) throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            Seen seen = events.get(event);
            if (seen != null) {
                return seen;
            }
            Thread.sleep(1);
        }
        throw new IOException("no event " + event + " within " + PATIENCE.toSeconds() + " s");
    }

    private void listen() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                HttpRequest.newBuilder(URI.create(cluster.settings().apiAddress() + "/v1/events"))
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        Thread reader = new Thread(() -> follow(response.body()), "events");
        reader.setDaemon(true);
        reader.start();
    }

    private void follow(InputStream stream) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    JsonNode data = json.readTree(line.substring("data: ".length()));
                    String app = data.path("app").asText().replace("/", "");
                    events.putIfAbsent(
                            app + "/" + data.path("eventType").asText(),
                            new Seen(
                                    Instant.parse(data.path("timestamp").asText()),
                                    Instant.now(),
                                    data.path("task").asText(),
                                    data.path("machine").asText()));
                }
            }
        } catch (IOException e) {
            System.err.println("the events ended: " + e.getMessage());
        }
    }

    private void send(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(cluster.settings().apiAddress() + path))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
    }

    private static LocalSettings settings(Path directory) throws IOException {
        Path home = Path.of(System.getProperty("mooring.home"));
        return LocalSettings.onFreePorts(
                directory,
                3,
                LocalSettings.Driver.LOOP,
                LocalSettings.Restart.NEVER,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                        "-cp",
                        home.resolve("cli/target/mooring/lib") + "/*",
                        "io.mooring.cli.MooringMain"),
                home.resolve("executor/target/mooring-executor/bin/mooring-executor"));
    }
}
