package io.mooring.local.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One agent of the local cluster.
 *
 * @param name how the configuration and faults call it
 * @param port HTTP port on loopback, 0 for any
 * @param workDir sandboxes and checkpoints
 * @param resources in the syntax of Mesos' {@code --resources}
 * @param attributes in the syntax of Mesos' {@code --attributes}
 * @param executorEnvironment added to every executor's environment
 * @param jwtSecretKey what executors' tokens are signed with; absent: executors need none
 * @param isolation what keeps executors from taking more than they asked for
 * @param gcDelay how long the sandbox of an ended executor is kept; less when the disk is full
 * @param machine what a reboot ends besides the executors
 */
public record AgentSettings(
        String name,
        int port,
        Path workDir,
        String hostname,
        String resources,
        String attributes,
        Map<String, String> executorEnvironment,
        Timeouts timeouts,
        Optional<String> jwtSecretKey,
        Isolation isolation,
        Duration gcDelay,
        Optional<Machine> machine) {
    /** The default of Mesos' {@code --gc_delay}. */
    public static final Duration STANDARD_GC_DELAY = Duration.ofDays(7);

    /** What is done about limits. */
    public enum Isolation {
        /** Nothing, as {@code --isolation=posix/cpu,posix/mem}. */
        NONE,
        /** Shares of the cpus and a limit for memory, as {@code --isolation=cgroups/cpu,cgroups/mem}; needs root. */
        CGROUPS
    }

    /** An agent without tokens and limits. */
    public AgentSettings(
            String name,
            int port,
            Path workDir,
            String hostname,
            String resources,
            String attributes,
            Map<String, String> executorEnvironment,
            Timeouts timeouts) {
        this(
                name,
                port,
                workDir,
                hostname,
                resources,
                attributes,
                executorEnvironment,
                timeouts,
                Optional.empty(),
                Isolation.NONE,
                STANDARD_GC_DELAY,
                Optional.empty());
    }

    public AgentSettings {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an agent needs a name");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " of agent " + name + ": expected 0 to 65535");
        }
        workDir = workDir.toAbsolutePath().normalize();
        executorEnvironment = new TreeMap<>(executorEnvironment);
    }

    @Override
    public Map<String, String> executorEnvironment() {
        return new TreeMap<>(executorEnvironment);
    }

    /**
     * The agent's flags about executors.
     *
     * @param registration from the start of the process to its SUBSCRIBE
     * @param reregistration how long a restarted agent waits for the executors it knows. Mesos waits 2 s; here it is
     *     longer, because master, agents and executors often share two busy cores; it costs nothing when all are back
     * @param subscriptionBackoffMax what executors are told about how often to retry their SUBSCRIBE
     * @param recovery how long an executor waits for a lost agent
     * @param shutdownGrace from SHUTDOWN to SIGKILL where the ExecutorInfo says nothing
     */
    public record Timeouts(
            Duration registration,
            Duration reregistration,
            Duration subscriptionBackoffMax,
            Duration recovery,
            Duration shutdownGrace) {
        /** Mesos' defaults, but 10 s for re-registration. */
        public static Timeouts standard() {
            return new Timeouts(
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(15),
                    Duration.ofSeconds(5));
        }

        public Timeouts withRegistration(Duration changed) {
            return new Timeouts(changed, reregistration, subscriptionBackoffMax, recovery, shutdownGrace);
        }

        public Timeouts withReregistration(Duration changed) {
            return new Timeouts(registration, changed, subscriptionBackoffMax, recovery, shutdownGrace);
        }
    }
}
