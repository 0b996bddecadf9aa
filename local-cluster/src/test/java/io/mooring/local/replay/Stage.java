package io.mooring.local.replay;

import io.mooring.local.agent.AgentSettings;
import io.mooring.local.app.ClusterSettings;
import io.mooring.local.app.LocalMesos;
import io.mooring.local.fault.Faults;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.wire.Credentials;
import io.mooring.local.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The cluster that a recording needs, set up as it says, and what is done to it from outside. */
final class Stage implements AutoCloseable {
    /** Long enough to see that nobody leads, short enough for a test. */
    private static final Duration SESSION = Duration.ofMillis(1500);

    private static final int LAST_PORT_OF_MASTERS = 5054;

    private final Recording recording;
    private final Path directory;
    private final Optional<EmbeddedZooKeeper> zooKeeper;
    private final LocalMesos cluster;
    private final Optional<LonelyMaster> lonely;
    private final List<String> held = new ArrayList<>();
    private boolean stopped;

    Stage(Recording recording, Path directory) throws IOException {
        this.recording = recording;
        this.directory = directory;
        zooKeeper = recording.mentions("\"znode\"")
                ? Optional.of(EmbeddedZooKeeper.start(0, directory.resolve("zookeeper")))
                : Optional.empty();
        cluster = LocalMesos.start(settings());
        lonely = LonelyMaster.of(recording);
    }

    private ClusterSettings settings() {
        List<MasterSettings> masters = new ArrayList<>();
        for (int port = 5050; port <= LAST_PORT_OF_MASTERS; port += 2) {
            boolean first = port == 5050;
            if (first || recording.mentions("127.0.0.1:" + port) || recording.mentions("\"port\":" + port)) {
                masters.add(master());
            }
        }
        boolean authenticates = recording.flags().toString().contains("--authenticate_http_frameworks");
        return ClusterSettings.of(masters.get(0), agents())
                .withMasters(masters)
                .withSessionTimeout(SESSION)
                .withCredentials(
                        authenticates
                                ? Optional.of(new Credentials(Map.of("fw", "s3", "other", "s5")))
                                : Optional.empty())
                .withZooKeeper(zooKeeper.map(each -> new ClusterSettings.Announced(each.port(), "/mesos")));
    }

    private MasterSettings master() {
        boolean noRoot = recording.flags().toString().contains("--no-root_submissions");
        String offer = seconds("offer_timeout", "");
        return MasterSettings.onPort(0)
                .withPings(
                        Duration.ofSeconds(Long.parseLong(seconds("agent_ping_timeout", "15"))),
                        Integer.parseInt(recording.flag("max_agent_ping_timeouts", "5")))
                .withOfferTimeout(
                        offer.isEmpty() ? Optional.empty() : Optional.of(Duration.ofSeconds(Long.parseLong(offer))))
                .withRootSubmissions(
                        noRoot ? MasterSettings.RootSubmissions.REFUSED : MasterSettings.RootSubmissions.ALLOWED);
    }

    private String seconds(String flag, String otherwise) {
        return recording.flag(flag, otherwise).replace("secs", "");
    }

    private List<AgentSettings> agents() {
        List<AgentSettings> agents = new ArrayList<>();
        agents.add(agent("r1", "cpus:4;mem:4096;disk:10240;ports:[31000-32000]", "rack:r1;zone:z1"));
        if (Setting.isNeeded(recording)
                || (recording.mentionsPort(5061) && !recording.mentions("a second agent starts"))) {
            agents.add(agent("r2", "cpus:2;mem:2048;disk:4096;ports:[32001-32100]", "rack:r2"));
        }
        return agents;
    }

    private AgentSettings agent(String name, String resources, String attributes) {
        AgentSettings.Timeouts timeouts = AgentSettings.Timeouts.standard()
                .withRegistration(Duration.ofSeconds(Long.parseLong(seconds("executor_registration_timeout", "60"))))
                .withReregistration(Duration.ofSeconds(2));
        return new AgentSettings(
                name, 0, directory.resolve(name), "127.0.0.1", resources, attributes, Map.of(), timeouts);
    }

    /** Waits until every agent is registered; then the recorded ports stand for those of the stage. */
    void ready(Matching matching) throws InterruptedException, Faults.UnknownAgentException {
        List<Integer> masters = cluster.masterPorts();
        for (int i = 0; i < masters.size(); i++) {
            matching.learn(":" + recordedMaster(i), ":" + masters.get(i));
        }
        lonely.ifPresent(master -> matching.learn(":5050", ":" + master.port()));
        // One recording is of a master with a port of its own.
        matching.learn(":5250", ":" + masters.get(0));
        matching.learn(":5251", ":" + cluster.agentPort("r1"));
        int recorded = 5051;
        for (AgentSettings agent : agents()) {
            matching.learn(":" + recorded, ":" + cluster.agentPort(agent.name()));
            while (cluster.agentId(agent.name()).isEmpty()) {
                Thread.sleep(5);
            }
            recorded += 10;
        }
    }

    /** The master that is asked first leads, except where it is asked to show that it does not. */
    private int recordedMaster(int index) {
        int leader = recording.name().contains("not-leader") ? 5050 : recording.firstPort();
        List<Integer> order = new ArrayList<>(List.of(leader));
        for (int port = 5050; port <= LAST_PORT_OF_MASTERS; port += 2) {
            if (port != leader) {
                order.add(port);
            }
        }
        return order.get(index);
    }

    LocalMesos cluster() {
        return cluster;
    }

    Optional<EmbeddedZooKeeper> zooKeeper() {
        return zooKeeper;
    }

    /** The port that stands for the one in a recorded Host header. */
    int port(String host, Matching matching) {
        String translated = matching.translate(host.replaceFirst(".*:", ":"));
        return Integer.parseInt(translated.substring(1));
    }

    /** One more, with resources like the first's. */
    void addAgent(Matching matching) throws IOException, Faults.UnknownAgentException {
        cluster.addAgent(agent("r2", "cpus:2;mem:2048;disk:4096;ports:[31000-32000]", "rack:r2"));
        matching.learn(":5061", ":" + cluster.agentPort("r2"));
    }

    /** Does what was done then; false for what only tells what the next steps are about. */
    boolean act(String action, Matching matching) throws Exception {
        switch (action) {
            case "SIGKILL to the executor process" -> killExecutor("ex1");
            case "SIGKILL to the container's first process" -> killExecutor("t");
            case "executor exits with 0" -> exit(0);
            case "executor exits with 1" -> exit(1);
            case "SIGKILL to the agent", "SIGTERM to the agent", "SIGKILL to the first agent" ->
                cluster.stopAgent("r1");
            case "agent started again with the same work_dir", "agent started again", "first agent started again" ->
                cluster.startAgent("r1");
            case "agent started at the same port with an empty work_dir", "an agent starts with an empty work_dir" -> {
                cluster.stopAgent("r1");
                delete(directory.resolve("r1"));
                cluster.startAgent("r1");
            }
            case "SIGSTOP to the agent" -> {
                cluster.partition("r1");
                stopped = true;
            }
            case "SIGCONT to the agent" -> cluster.heal("r1");
            case "SIGUSR1 to the agent", "SIGUSR1 to the agent (unregisters)" -> {
                // What executors said before has to come first, as it did.
                Thread.sleep(500);
                cluster.unregister("r1");
            }
            case "a second agent starts" -> addAgent(matching);
            case "SIGKILL to the leading master", "SIGKILL to the leading master (port 5050)" -> {
                holdAgents();
                cluster.failOver(Optional.empty(), Duration.ZERO);
                ledBy(matching);
            }
            case "SIGSTOP to the leading master" -> {
                cluster.suspendMaster(Optional.empty());
                ledBy(matching);
            }
            case "SIGCONT to the old leader" -> cluster.resumeMaster();
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * Agents register with a new leader at some moment within a second. What is asked before was answered without them
     * then, so here they come when the recording shows that they came, and not before.
     */
    private void holdAgents() throws Faults.UnknownAgentException {
        for (AgentSettings agent : stopped ? List.<AgentSettings>of() : agents()) {
            cluster.partition(agent.name());
            held.add(agent.name());
        }
    }

    /** The next step is of a leader that has agents. */
    void letAgentsCome() throws Faults.UnknownAgentException {
        for (String agent : List.copyOf(held)) {
            held.remove(agent);
            cluster.heal(agent);
        }
    }

    /** Whichever of ours leads now, stands for whichever led then. */
    private void ledBy(Matching matching) {
        for (int port = 5050; port <= LAST_PORT_OF_MASTERS; port += 2) {
            matching.learn(":" + port, ":" + cluster.masterPort());
        }
    }

    private void killExecutor(String id) throws Faults.UnknownAgentException {
        if (!cluster.killExecutor("r1", id)) {
            throw new AssertionError("no executor " + id + " runs");
        }
    }

    /** The task of an executor that ignores its KILL ends at last. */
    void endTasks(String executor) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path sandbox = files.filter(
                            file -> file.endsWith("stdout") && file.toString().contains("/" + executor + "/"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(sandbox.resolveSibling("end-tasks"), "");
        }
    }

    /** The fixture looks for this file in its sandbox. */
    private void exit(int code) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path sandbox =
                    files.filter(file -> file.endsWith("stdout")).findFirst().orElseThrow();
            Files.writeString(sandbox.resolveSibling("exit"), Integer.toString(code));
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        lonely.ifPresent(LonelyMaster::close);
        cluster.shutdown(Duration.ofMillis(500));
        zooKeeper.ifPresent(EmbeddedZooKeeper::close);
    }
}
