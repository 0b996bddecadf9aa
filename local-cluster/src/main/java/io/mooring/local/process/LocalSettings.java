package io.mooring.local.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a local cluster is made of.
 *
 * @param directory where its state lives
 * @param port the scheduler's API; the next one is its admin port
 * @param firstAgentPort the first agent's; the others follow
 * @param firstTaskPort tasks of the first agent get ports from here, 1000 for each agent
 * @param selfCommand how this program is called again, before its arguments: for the processes that it starts
 * @param executor the executor's launcher
 * @param pings how long the master waits for each of the five answers of an agent after which that is unreachable
 * @param dockerSocket where the Docker Engine of all agents answers, if there is one
 */
public record LocalSettings(
        Path directory,
        int agents,
        int port,
        int masterPort,
        int zooKeeperPort,
        int firstAgentPort,
        int firstTaskPort,
        Driver driver,
        Restart restart,
        List<String> selfCommand,
        Path executor,
        Duration pings,
        Path dockerSocket) {
    /** Mesos' own. */
    private static final Duration USUAL_PINGS = Duration.ofSeconds(15);

    /** Tasks get ports from here on, unless something else is said. */
    public static final int FIRST_TASK_PORT = 31_000;

    /** The backend of the volumes. */
    public enum Driver {
        /** Loop devices with real file systems; needs root. */
        LOOP("loop"),
        /** Plain directories; needs nothing. */
        VFS("vfs");

        private final String word;

        Driver(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** What is done about a process that ends by itself. */
    public enum Restart {
        AFTER_A_SECOND,
        NEVER
    }

    public LocalSettings {
        selfCommand = List.copyOf(selfCommand);
        if (agents < 1 || agents > 20) {
            throw new IllegalArgumentException("--agents is " + agents + "; it has to be from 1 to 20");
        }
    }

    /** With Mesos' own patience with agents. */
    public LocalSettings(
            Path directory,
            int agents,
            int port,
            int masterPort,
            int zooKeeperPort,
            int firstAgentPort,
            int firstTaskPort,
            Driver driver,
            Restart restart,
            List<String> selfCommand,
            Path executor) {
        this(
                directory,
                agents,
                port,
                masterPort,
                zooKeeperPort,
                firstAgentPort,
                firstTaskPort,
                driver,
                restart,
                selfCommand,
                executor,
                USUAL_PINGS,
                usualDockerSocket(System.getenv("DOCKER_HOST")));
    }

    /** Where Docker's own client looks on this machine. */
    private static Path usualDockerSocket(String dockerHost) {
        String unix = "unix://";
        return Path.of(
                dockerHost != null && dockerHost.startsWith(unix)
                        ? dockerHost.substring(unix.length())
                        : "/var/run/docker.sock");
    }

    /** A cluster beside whatever else runs here: on ports that are free. */
    public static LocalSettings onFreePorts(
            Path directory, int agents, Driver driver, Restart restart, List<String> selfCommand, Path executor)
            throws IOException {
        int first = FreePorts.inARow(4 + agents);
        return new LocalSettings(
                directory,
                agents,
                first,
                first + 2,
                first + 3,
                first + 4,
                FIRST_TASK_PORT,
                driver,
                restart,
                selfCommand,
                executor);
    }

    /** The same with a master that gives agents up sooner, or later. */
    public LocalSettings withPings(Duration each) {
        return new LocalSettings(
                directory,
                agents,
                port,
                masterPort,
                zooKeeperPort,
                firstAgentPort,
                firstTaskPort,
                driver,
                restart,
                selfCommand,
                executor,
                each,
                dockerSocket);
    }

    /** The same with a Docker Engine that answers there. */
    public LocalSettings withDockerSocket(Path socket) {
        return new LocalSettings(
                directory,
                agents,
                port,
                masterPort,
                zooKeeperPort,
                firstAgentPort,
                firstTaskPort,
                driver,
                restart,
                selfCommand,
                executor,
                pings,
                socket);
    }

    public int adminPort() {
        return port + 1;
    }

    public String masterAddress() {
        return "127.0.0.1:" + masterPort;
    }

    public String apiAddress() {
        return "http://127.0.0.1:" + port;
    }
}
