package io.mooring.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.cli.api.Api;
import io.mooring.cli.api.ApiException;
import io.mooring.local.process.LocalCluster;
import io.mooring.local.process.LocalSettings;
import io.mooring.local.process.OperatorApi.AgentSeen;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A local cluster of real processes for one test class, with what tests ask of it. */
final class Cluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    static final Path EXECUTOR = ROOT.resolve("executor/target/mooring-executor/bin/mooring-executor");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final LocalSettings settings;
    private LocalCluster cluster;

    private Cluster(Path directory, LocalSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /** Starts a cluster on loop devices; without root or loop devices the test is skipped, in CI it fails. */
    static Cluster start() throws Exception {
        return start(List.of(), EXECUTOR, Duration.ofSeconds(15));
    }

    /** The same with a Docker Engine that answers there. */
    static Cluster start(Path dockerSocket) throws Exception {
        return start(List.of(), EXECUTOR, Duration.ofSeconds(15), settings -> settings.withDockerSocket(dockerSocket));
    }

    /**
     * A cluster with something special.
     *
     * @param options of every JVM but the executors'
     * @param executor the executor's launcher
     * @param pings how long the master waits for each of five answers of an agent
     */
    static Cluster start(List<String> options, Path executor, Duration pings) throws Exception {
        return start(options, executor, pings, settings -> settings);
    }

    private static Cluster start(List<String> options, Path executor, Duration pings, UnaryOperator<LocalSettings> more)
            throws Exception {
        boolean possible = LocalCluster.root() && Files.exists(Path.of("/dev/loop-control"));
        boolean ci = "true".equals(System.getenv("CI"));
        if (!ci) {
            assumeTrue(possible, "needs root and loop devices");
            for (String tool : List.of("mkfs.xfs:xfsprogs", "mkfs.ext4:e2fsprogs")) {
                String name = tool.substring(0, tool.indexOf(':'));
                assumeTrue(
                        Stream.of("/usr/sbin", "/sbin", "/usr/bin").anyMatch(dir -> Files.exists(Path.of(dir, name))),
                        "needs " + name + " of the Debian package " + tool.substring(tool.indexOf(':') + 1));
            }
        }
        // Sandboxes lie in it, and tasks of other users have to get there.
        Path directory = Files.createTempDirectory(
                "mooring-it-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        LocalSettings settings = more.apply(LocalSettings.onFreePorts(
                        directory,
                        3,
                        LocalSettings.Driver.LOOP,
                        LocalSettings.Restart.AFTER_A_SECOND,
                        mooring(options),
                        executor)
                .withPings(pings));
        Cluster started = new Cluster(directory, settings);
        started.open();
        return started;
    }

    /** A launcher of the executor that gives it these system properties, in a directory of the test's. */
    static Path executorWith(Path directory, String... properties) throws IOException {
        Path launcher = directory.resolve("executor");
        Files.createFile(launcher, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(
                launcher,
                "#!/bin/sh\nMOORING_EXECUTOR_JAVA_OPTS='-D" + String.join(" -D", properties)
                        + "'\nexport MOORING_EXECUTOR_JAVA_OPTS\nexec " + EXECUTOR + "\n");
        return launcher;
    }

    /** The command line, to be followed by its arguments. */
    static List<String> mooring(List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
                "-cp",
                ROOT.resolve("cli/target/mooring/lib") + "/*",
                "io.mooring.cli.MooringMain"));
        return command;
    }

    /** Runs one command as a person would; gives what it said. */
    String command(String... words) throws Exception {
        List<String> line = mooring(List.of("-XX:TieredStopAtLevel=1"));
        line.addAll(List.of(words));
        Path said = Files.createTempFile(directory, "command-", ".log");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        return Files.readString(said);
    }

    static Path example(String name) {
        return ROOT.resolve("marathon-examples").resolve(name);
    }

    /** Starts the cluster again in the same directory. */
    void open() throws Exception {
        cluster = LocalCluster.start(settings, line -> {}, () -> false);
    }

    /** Stops it orderly; the directory stays. */
    void stop() {
        cluster.close();
    }

    Path directory() {
        return directory;
    }

    /** The configuration of another Mooring on the same Mesos and ZooKeeper, with everything of its own. */
    Path secondScheduler() throws IOException {
        ObjectNode configuration =
                (ObjectNode) JSON.readTree(Files.readString(directory.resolve("config/scheduler.yml")));
        ObjectNode zooKeeper = (ObjectNode) configuration.path("zookeeper");
        zooKeeper
                .put("connect", zooKeeper.path("connect").asText().replace("/mooring", "/second"))
                .put("epochFile", directory.resolve("second-epoch.json").toString());
        ((ObjectNode) configuration.path("framework")).put("name", "second");
        ((ObjectNode) configuration.at("/server/adminConnectors/0")).put("port", 0);
        return Files.writeString(directory.resolve("second.yml"), configuration.toString());
    }

    Api api() {
        return new Api(settings.apiAddress());
    }

    /** Where the API is. */
    String address() {
        return settings.apiAddress();
    }

    /** Where the Mesos master is, for other frameworks. */
    String master() {
        return settings.masterAddress();
    }

    long pid(String process) {
        return cluster.pids().get(process);
    }

    /** Posts an example and waits until its one task runs. */
    JsonNode run(String example) throws Exception {
        JsonNode answer =
                api().post("/v2/apps", Files.readString(example(example))).body();
        String id = answer.path("id").asText();
        await("app " + id + " to run", () -> running(id) == 1);
        return answer;
    }

    void post(String json) throws ApiException {
        api().post("/v2/apps", json);
    }

    int running(String app) throws ApiException {
        return api().get("/v2/apps" + app).body().at("/app/tasksRunning").asInt();
    }

    /** The app's tasks. */
    List<JsonNode> tasks(String app) throws ApiException {
        List<JsonNode> tasks = new ArrayList<>();
        api().get("/v2/apps" + app + "/tasks").body().path("tasks").forEach(tasks::add);
        return tasks;
    }

    /** Deletes an app and waits until it, its tasks and its claims are gone. */
    void delete(String app) throws Exception {
        api().delete("/v2/apps" + app);
        await("app " + app + " to be gone", () -> {
            for (JsonNode left : api().get("/v2/apps").body().path("apps")) {
                if (left.path("id").asText().equals(app)) {
                    return false;
                }
            }
            return true;
        });
    }

    JsonNode claim(String volume) throws ApiException {
        return api().get("/v1/volumes/" + volume + "/claim").body().path("claim");
    }

    List<JsonNode> history(String volume) throws ApiException {
        List<JsonNode> items = new ArrayList<>();
        api().get("/v1/volumes/" + volume + "/history").body().path("items").forEach(items::add);
        return items;
    }

    JsonNode mounted(String volume) throws Exception {
        return mounted(volume, 0);
    }

    /** The volume's claim once it is mounted under a higher fence than that. */
    JsonNode mounted(String volume, long above) throws Exception {
        await("volume " + volume + " to be mounted under a fence above " + above, () -> {
            JsonNode claim = claim(volume);
            return claim.path("state").asText().equals("MOUNTED")
                    && claim.path("fence").asLong() > above;
        });
        return claim(volume);
    }

    /** The machines, as the scheduler sees them. */
    List<JsonNode> agents() throws ApiException {
        List<JsonNode> items = new ArrayList<>();
        api().get("/v1/agents").body().path("items").forEach(items::add);
        return items;
    }

    /** Has the local cluster break something, or mend it. */
    void fault(String fault, String machine) throws IOException, InterruptedException {
        order("{\"fault\": \"" + fault + "\", \"agent\": \"" + machine + "\"}");
    }

    /** Everything on the machine is gone at once; the agent comes back under its id, or as a new one. */
    void reboot(String machine, String agentId) throws IOException, InterruptedException {
        order("{\"fault\": \"reboot-agent\", \"agent\": \"" + machine + "\", \"agentId\": \"" + agentId + "\"}");
    }

    private void order(String fault) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + settings.masterAddress() + "/local/fault"))
                .POST(HttpRequest.BodyPublishers.ofString(fault))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** What a command line came to. */
    record Said(int exit, String output) {}

    /** The command line, without a terminal. */
    Said mooring(String... arguments) throws IOException, InterruptedException {
        List<String> command = mooring(List.of("-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--url", settings.apiAddress()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), output);
    }

    /** How often the scheduler told of such an event with these words in it. */
    long told(String event, String words) throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve("logs/scheduler.log"))) {
            return lines.filter(line -> line.contains(": " + event + " {") && line.contains(words))
                    .count();
        }
    }

    void drain(String machine) throws IOException {
        for (AgentSeen agent : cluster.operatorApi().agents()) {
            if (agent.machine().equals(machine)) {
                cluster.operatorApi().drain(agent.id(), Duration.ofSeconds(10));
            }
        }
    }

    void reactivateAll() throws IOException {
        for (AgentSeen agent : cluster.operatorApi().agents()) {
            if (agent.deactivated()) {
                cluster.operatorApi().reactivate(agent.id());
            }
        }
    }

    /** Where the volume is mounted on its machine. */
    Path mountPoint(JsonNode claim) throws IOException {
        String name = claim.path("volume").asText();
        String machine = claim.path("machine").asText();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String point = line.split(" ")[4];
            if (point.endsWith("/" + machine + "/volumes/" + name)) {
                return Path.of(point);
            }
        }
        throw new IOException("volume " + name + " is mounted nowhere on " + machine);
    }

    /** What the claim's task printed so far. */
    List<String> output(JsonNode claim) throws IOException {
        List<Path> stdout = sandboxFiles("stdout", claim.path("task").asText() + "/");
        return stdout.isEmpty() ? List.of() : Files.readAllLines(stdout.get(0));
    }

    /** The files of that name in the sandboxes of executors whose id begins so; agents make and remove others meanwhile. */
    List<Path> sandboxFiles(String name, String executor) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(directory.resolve("agents"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.endsWith(name) && file.toString().contains("/executors/" + executor)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                if (problem instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw problem;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException problem) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    /** The process id of the executor that runs the task. */
    long executorPid(String task) throws IOException {
        return executorOf(task + "\0");
    }

    /** The process id of the executor that runs a task of the app. */
    long executorOfApp(String app) throws IOException {
        return executorOf(app.substring(1).replace('/', '_') + ".");
    }

    boolean hasExecutor(String app) {
        try {
            return executorOfApp(app) > 0;
        } catch (IOException e) {
            return false; // none runs yet
        }
    }

    private static long executorOf(String start) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : (Iterable<Path>) processes::iterator) {
                if (!process.getFileName().toString().chars().allMatch(Character::isDigit)) {
                    continue;
                }
                try {
                    String environment = Files.readString(process.resolve("environ"));
                    String command = Files.readString(process.resolve("cmdline"));
                    if (environment.contains("MESOS_EXECUTOR_ID=" + start) && command.contains("ExecutorMain")) {
                        return Long.parseLong(process.getFileName().toString());
                    }
                } catch (IOException e) {
                    // it ended while we looked
                }
            }
        }
        throw new IOException("no executor runs task " + start);
    }

    /** A condition that is asked again and again. */
    interface Condition {
        boolean holds() throws ApiException, IOException;
    }

    static void await(String what, Condition condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        Exception trouble = null;
        while (System.nanoTime() < until) {
            try {
                if (condition.holds()) {
                    return;
                }
                trouble = null;
            } catch (ApiException | IOException e) {
                trouble = e; // a scheduler that is starting again, a file that is being made
            }
            Thread.sleep(50);
        }
        throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what, trouble);
    }

    @Override
    public void close() throws IOException {
        try {
            cluster.close();
            List<String> left = LocalCluster.remaining(directory);
            if (!left.isEmpty()) {
                throw new AssertionError("left behind: " + left);
            }
        } finally {
            LocalCluster.cleanUp(directory);
            if (System.getenv("MOORING_KEEP") == null) {
                LocalCluster.delete(directory);
            }
        }
    }
}
