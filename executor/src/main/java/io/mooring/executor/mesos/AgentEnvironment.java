package io.mooring.executor.mesos;

import io.mooring.common.mesoshttp.TlsFiles;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the agent tells an executor by its environment.
 *
 * @param socket the agent's unix socket, where it serves executors on one
 * @param recovery until an agent that is gone counts as lost; empty without checkpointing, where it is lost at once
 * @param backoff the longest pause between two attempts to subscribe
 * @param shutdownGrace from SHUTDOWN until the agent destroys what is left
 * @param tls the certificates of a cluster that speaks TLS; empty for one that does not
 */
public record AgentEnvironment(
        URI endpoint,
        Optional<Path> socket,
        String framework,
        String executor,
        Path sandbox,
        Optional<Duration> recovery,
        Duration backoff,
        Duration shutdownGrace,
        Optional<String> token,
        Optional<TlsFiles> tls) {
    private static final int LONGEST_SOCKET_PATH = 108;
    private static final Duration DEFAULT_RECOVERY = Duration.ofMinutes(15);
    private static final Duration DEFAULT_BACKOFF = Duration.ofSeconds(2);
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(5);

    /**
     * Reads the variables.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    public static AgentEnvironment of(Map<String, String> variables) {
        Optional<Path> socket = file(variables, "MESOS_DOMAIN_SOCKET").map(AgentEnvironment::shortEnough);
        boolean ssl = set(variables, "LIBPROCESS_SSL_ENABLED") && socket.isEmpty();
        String scheme = ssl ? "https" : "http";
        boolean checkpointing = set(variables, "MESOS_CHECKPOINT");
        String sandbox = variables.containsKey("MESOS_SANDBOX")
                ? variables.get("MESOS_SANDBOX")
                : needed(variables, "MESOS_DIRECTORY");
        return new AgentEnvironment(
                URI.create(scheme + "://" + needed(variables, "MESOS_AGENT_ENDPOINT")
                        + (socket.isPresent() ? "/" + process(variables) : "") + "/api/v1/executor"),
                socket,
                needed(variables, "MESOS_FRAMEWORK_ID"),
                needed(variables, "MESOS_EXECUTOR_ID"),
                Path.of(sandbox).toAbsolutePath(),
                checkpointing
                        ? Optional.of(duration(variables, "MESOS_RECOVERY_TIMEOUT", DEFAULT_RECOVERY))
                        : Optional.empty(),
                duration(variables, "MESOS_SUBSCRIPTION_BACKOFF_MAX", DEFAULT_BACKOFF),
                duration(variables, "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", DEFAULT_GRACE),
                Optional.ofNullable(variables.get("MESOS_EXECUTOR_AUTHENTICATION_TOKEN")),
                ssl ? Optional.of(tls(variables)) : Optional.empty());
    }

    /**
     * An agent is named by its address here, which is in few certificates: as libprocess does, only
     * {@code LIBPROCESS_SSL_VERIFY_IPADD} asks for that. The authority is always checked, which libprocess leaves out.
     */
    private static TlsFiles tls(Map<String, String> variables) {
        return new TlsFiles(
                file(variables, "LIBPROCESS_SSL_CA_FILE"),
                file(variables, "LIBPROCESS_SSL_CERT_FILE"),
                file(variables, "LIBPROCESS_SSL_KEY_FILE"),
                set(variables, "LIBPROCESS_SSL_VERIFY_IPADD")
                        ? TlsFiles.Verification.CHAIN_AND_HOST
                        : TlsFiles.Verification.CHAIN);
    }

    /** The agent's name in its own process, which its socket wants in every path. */
    private static String process(Map<String, String> variables) {
        String pid = needed(variables, "MESOS_SLAVE_PID");
        return pid.contains("@") ? pid.substring(0, pid.indexOf('@')) : pid;
    }

    /** The kernel takes short paths only; a long one is written from here, as Mesos' own executors write it. */
    private static Path shortEnough(Path socket) {
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length < LONGEST_SOCKET_PATH) {
            return socket;
        }
        return Path.of("").toAbsolutePath().relativize(socket.toAbsolutePath());
    }

    private static Optional<Path> file(Map<String, String> variables, String name) {
        return Optional.ofNullable(variables.get(name))
                .filter(path -> !path.isEmpty())
                .map(Path::of);
    }

    private static boolean set(Map<String, String> variables, String name) {
        String value = variables.getOrDefault(name, "");
        return value.equals("1") || value.equals("true");
    }

    private static String needed(Map<String, String> variables, String name) {
        String value = variables.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(
                    "the variable " + name + " is missing; this program is started by a Mesos agent");
        }
        return value;
    }

    private static Duration duration(Map<String, String> variables, String name, Duration standard) {
        String value = variables.get(name);
        try {
            return value == null ? standard : MesosDuration.parse(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the variable " + name + ": " + e.getMessage(), e);
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "executor " + executor + " of framework " + framework + " at " + endpoint;
    }
}
