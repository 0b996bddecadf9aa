package io.mooring.local.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A whole local cluster: ZooKeeper, Mesos master and agents in one process, one volume plugin for each agent, and the
 * scheduler, each in a process of its own. It goes on where an earlier one in the same directory stopped.
 */
public final class LocalCluster implements AutoCloseable {
    private static final Duration STARTING = Duration.ofSeconds(60);
    private static final Duration RELEASING = Duration.ofSeconds(40);
    private static final String MESOS = "mesos";
    private static final String SCHEDULER = "scheduler";

    /** Mesos gives its executors 20 s. */
    private static final long STOP_MILLIS = 25_000;

    private static final int MOST_ENDS_WHILE_STARTING = 3;
    private static final List<String> JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    private final LocalSettings settings;
    private final Layout layout;
    private final ConfigurationFiles files;
    private final Consumer<String> says;
    private final TakenDirectory taken;
    private final List<ManagedProcess> processes = new ArrayList<>();
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private volatile boolean ready;
    private boolean closed;

    /** Why a cluster cannot be started, with what would help. */
    public static final class StartException extends Exception {
        private static final long serialVersionUID = 1;

        StartException(String message) {
            super(message);
        }
    }

    private LocalCluster(LocalSettings settings, TakenDirectory taken, Consumer<String> says) {
        this.settings = settings;
        this.layout = taken.layout();
        this.files = new ConfigurationFiles(settings, layout);
        this.taken = taken;
        this.says = says;
    }

    /**
     * Takes the directory, cleans up what an earlier cluster left, and starts every process. Returns when the scheduler
     * leads and is subscribed.
     *
     * @param says is told what happens, a line at a time
     * @param cancelled is asked again and again whether to give up
     */
    public static LocalCluster start(LocalSettings settings, Consumer<String> says, BooleanSupplier cancelled)
            throws StartException, IOException, InterruptedException {
        return start(settings, TakenDirectory.take(settings.directory()), says, cancelled);
    }

    /** As above, in a directory that is taken already; it is given back when the cluster is closed, or does not start. */
    public static LocalCluster start(
            LocalSettings settings, TakenDirectory taken, Consumer<String> says, BooleanSupplier cancelled)
            throws StartException, IOException, InterruptedException {
        LocalCluster cluster = new LocalCluster(settings, taken, says);
        try {
            for (String line : new Leftovers(cluster.layout).cleanUp()) {
                says.accept("left by an earlier cluster: " + line);
            }
            cluster.layout.create();
            cluster.checkPorts();
            cluster.startAll();
            cluster.waitUntilReady(cancelled);
            cluster.ready = true;
            return cluster;
        } catch (StartException | IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Whether this process may do what needs root. */
    public static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Cleans up a cluster that is not running any more; false if it is running. */
    public static boolean cleanUp(Path directory) throws IOException {
        try (TakenDirectory mine = TakenDirectory.take(directory)) {
            new Leftovers(mine.layout()).cleanUp();
            return true;
        } catch (StartException e) {
            return false;
        }
    }

    /** What is still there of the cluster in that directory. */
    public static List<String> remaining(Path directory) throws IOException {
        return new Leftovers(Layout.of(directory, root())).remaining();
    }

    /** Deletes a cluster's directory with all its data. */
    public static void delete(Path directory) throws IOException {
        new Leftovers(Layout.of(directory, root())).deleteData();
    }

    public LocalSettings settings() {
        return settings;
    }

    public Path logs() {
        return layout.logs();
    }

    public Path processList() {
        return layout.processes();
    }

    /** Name and process id of each process, in the order of their start. */
    public Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        processes.forEach(process -> pids.put(process.name(), process.pid()));
        return pids;
    }

    /** The command that starts a second scheduler on this cluster, as a person would type it. */
    public String secondScheduler() {
        String config = files.scheduler().toString();
        String word = config.matches("[A-Za-z0-9/._-]+") ? config : "'" + config.replace("'", "'\\''") + "'";
        return "mooring scheduler --config " + word + " --port " + (settings.port() + 10);
    }

    public OperatorApi operatorApi() {
        return new OperatorApi(settings.masterAddress());
    }

    /**
     * Ends the cluster: every task is told to end, so that the claims are released on evidence, and then every process.
     * An interrupt of the caller does not cut it short.
     */
    @Override
    public void close() {
        Thread closing = new Thread(this::end, "closing");
        closing.start();
        boolean interrupted = false;
        while (closing.isAlive()) {
            try {
                closing.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end() {
        if (closed) {
            return;
        }
        closed = true;
        if (processes.stream().anyMatch(ManagedProcess::alive)) {
            releaseClaims();
        }
        stopAll();
        try {
            new Leftovers(layout).cleanUp();
        } catch (IOException e) {
            says.accept("not everything could be cleaned up: " + e.getMessage());
        }
        try (taken) {
            Files.deleteIfExists(layout.processes());
        } catch (IOException e) {
            says.accept("the list of processes stays: " + e.getMessage());
        }
    }

    /** The scheduler first, so that it starts nothing anew; the plugins last, as executors need them to let go. */
    private void stopAll() {
        for (Predicate<ManagedProcess> turn : List.<Predicate<ManagedProcess>>of(
                process -> process.name().equals(SCHEDULER),
                process -> process.name().equals(MESOS),
                process -> true)) {
            List<ManagedProcess> now = processes.stream().filter(turn).toList();
            now.forEach(ManagedProcess::terminate);
            now.forEach(process -> process.stop(STOP_MILLIS));
        }
    }

    private void checkPorts() throws StartException {
        Map<Integer, String> ports = new LinkedHashMap<>();
        want(ports, settings.port(), "the scheduler; choose another with --port");
        want(ports, settings.adminPort(), "the scheduler's admin pages, one above --port; choose another --port");
        want(ports, settings.masterPort(), "the Mesos master; choose another with --master-port");
        want(ports, settings.zooKeeperPort(), "ZooKeeper; choose another with --zk-port");
        for (int i = 0; i < settings.agents(); i++) {
            want(ports, settings.firstAgentPort() + i, "an agent; they follow --master-port, choose another");
        }
        for (Map.Entry<Integer, String> port : ports.entrySet()) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port.getKey()));
            } catch (IOException e) {
                throw new StartException("port " + port.getKey() + " is taken; it is for " + port.getValue());
            }
        }
    }

    private static void want(Map<Integer, String> ports, int port, String use) throws StartException {
        String other = ports.putIfAbsent(port, use);
        if (other != null) {
            throw new StartException("port " + port + " is wanted twice: for " + other + "; and for " + use);
        }
    }

    private void startAll() throws IOException {
        MachineIdentities identities = MachineIdentities.load(layout.identities());
        files.write(identities);
        identities.save();
        add(MESOS, List.of("local-mesos", "--config", files.cluster().toString()));
        for (String agent : files.agents()) {
            add(
                    "plugin-" + agent,
                    List.of(
                            "plugin",
                            "--config",
                            files.plugin(agent).toString(),
                            "--plugin-dir",
                            layout.pluginSockets(agent).toString()));
        }
        add(SCHEDULER, List.of("scheduler", "--config", files.scheduler().toString()));
        for (ManagedProcess process : processes) {
            process.start();
        }
        writeProcessList();
    }

    private void add(String name, List<String> arguments) {
        List<String> command = new ArrayList<>(settings.selfCommand().subList(0, 1));
        command.addAll(JVM);
        command.addAll(settings.selfCommand().subList(1, settings.selfCommand().size()));
        command.addAll(arguments);
        processes.add(new ManagedProcess(
                name, command, layout.logs().resolve(name + ".log"), settings.restart(), this::changed));
    }

    private void changed(String what) {
        says.accept(what);
        try {
            writeProcessList();
        } catch (IOException e) {
            says.accept("cannot write " + layout.processes() + ": " + e.getMessage());
        }
    }

    private synchronized void writeProcessList() throws IOException {
        if (closed) {
            return;
        }
        ObjectNode root = json.createObjectNode();
        ArrayNode list = root.putArray("processes");
        for (ManagedProcess process : processes) {
            ObjectNode item = list.addObject();
            item.put("name", process.name());
            item.put("pid", process.pid());
            item.put("log", process.log().toString());
            ArrayNode command = item.putArray("command");
            process.command().forEach(command::add);
        }
        root.put("mesos", settings.masterAddress());
        root.put("secondScheduler", secondScheduler());
        Path next = layout.processes().resolveSibling("processes.json.next");
        Files.write(next, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        Files.move(next, layout.processes(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private void waitUntilReady(BooleanSupplier cancelled) throws StartException, InterruptedException {
        long until = System.nanoTime() + STARTING.toNanos();
        boolean reactivated = false;
        while (System.nanoTime() < until) {
            if (cancelled.getAsBoolean()) {
                throw new StartException("stopped while it was starting");
            }
            failFast();
            reactivated = reactivated || reactivateAll();
            if (reactivated && pluginsAnswer() && subscribed()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new StartException("the cluster was not ready within " + STARTING.toSeconds() + " s; the logs are in "
                + layout.logs() + ", and the scheduler's ends with: "
                + lastLine(layout.logs().resolve("scheduler.log")));
    }

    /** A process that ends again and again will not do better in a minute. */
    private void failFast() throws StartException {
        int most =
                switch (settings.restart()) {
                    case NEVER -> 0;
                    case AFTER_A_SECOND -> MOST_ENDS_WHILE_STARTING;
                };
        for (ManagedProcess process : processes) {
            if (process.ends() > most) {
                throw new StartException(
                        process.name() + " ended " + (most == 0 ? "at once" : process.ends() + " times") + "; its log, "
                                + process.log() + ", ends with: " + lastLine(process.log()));
            }
        }
    }

    private static String lastLine(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "(nothing)" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            return "(unreadable: " + e.getMessage() + ")";
        }
    }

    /** Agents that an earlier stop drained take tasks again; those that a person drained do not. */
    private boolean reactivateAll() {
        try {
            List<OperatorApi.AgentSeen> agents = operatorApi().agents();
            if (agents.size() < settings.agents()) {
                return false;
            }
            List<String> drained =
                    Files.exists(layout.drainedByStop()) ? Files.readAllLines(layout.drainedByStop()) : List.of();
            for (OperatorApi.AgentSeen agent : agents) {
                if (agent.deactivated() && drained.contains(agent.id())) {
                    operatorApi().reactivate(agent.id());
                }
            }
            Files.deleteIfExists(layout.drainedByStop());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean pluginsAnswer() {
        return files.agents().stream()
                .allMatch(agent -> Files.exists(
                        layout.pluginSockets(agent).resolve(settings.driver().word() + ".sock")));
    }

    private boolean subscribed() {
        try {
            return get("/v1/status").path("framework").path("state").asText().equals("SUBSCRIBED");
        } catch (IOException e) {
            return false;
        }
    }

    /** Drains every agent and waits until no claim is left, so that no volume is in anybody's hands when all ends. */
    private void releaseClaims() {
        try {
            if (get("/v1/claims").path("items").isEmpty()) {
                return;
            }
            says.accept("releasing the claims of running tasks");
            List<String> agents = operatorApi().agents().stream()
                    .filter(agent -> !agent.deactivated())
                    .map(OperatorApi.AgentSeen::id)
                    .toList();
            Files.write(layout.drainedByStop(), agents);
            for (String agent : agents) {
                operatorApi().drain(agent, Duration.ofSeconds(10));
            }
            long until = System.nanoTime() + RELEASING.toNanos();
            while (System.nanoTime() < until) {
                if (get("/v1/claims").path("items").isEmpty()) {
                    return;
                }
                Thread.sleep(100);
            }
            says.accept("some claims are not released yet; the next start goes on with that");
        } catch (ConnectException e) {
            if (!ready) {
                return; // nothing was claimed yet
            }
            says.accept("the scheduler does not answer, so no claim is released now; the next start goes on with that");
        } catch (IOException e) {
            says.accept(
                    "the claims could not be released now (" + e.getMessage() + "); the next start goes on with that");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode get(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(settings.apiAddress() + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException(path + " was answered with " + response.statusCode());
            }
            return json.readTree(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + path + " was asked for", e);
        }
    }
}
