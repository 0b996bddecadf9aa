package io.mooring.local.command;

import io.mooring.common.mesoshttp.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the agent tells its executor by environment variables.
 *
 * @param recovery how long a lost agent is waited for; absent without checkpointing
 * @param shutdownGrace from SHUTDOWN to the end of the container
 */
record AgentEnvironment(
        String endpoint,
        String framework,
        String executor,
        Optional<Duration> recovery,
        Duration backoff,
        Duration shutdownGrace,
        Optional<String> token,
        Optional<TlsFiles> tls) {
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|ms|secs|mins|hrs|days|weeks)");
    private static final Map<String, Double> NANOS = Map.of(
            "ns", 1.0, "us", 1e3, "ms", 1e6, "secs", 1e9, "mins", 60e9, "hrs", 3600e9, "days", 86400e9, "weeks",
            604800e9);

    static AgentEnvironment of(Map<String, String> variables) {
        boolean checkpoint = "1".equals(variables.get("MESOS_CHECKPOINT"));
        return new AgentEnvironment(
                needed(variables, "MESOS_AGENT_ENDPOINT"),
                needed(variables, "MESOS_FRAMEWORK_ID"),
                needed(variables, "MESOS_EXECUTOR_ID"),
                checkpoint
                        ? Optional.of(duration(variables.getOrDefault("MESOS_RECOVERY_TIMEOUT", "15mins")))
                        : Optional.empty(),
                duration(variables.getOrDefault("MESOS_SUBSCRIPTION_BACKOFF_MAX", "2secs")),
                duration(variables.getOrDefault("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "5secs")),
                Optional.ofNullable(variables.get(AgentConnection.TOKEN)),
                tls(variables));
    }

    /** Those of libprocess, which an agent with TLS has to be told to give to its executors. */
    private static Optional<TlsFiles> tls(Map<String, String> variables) {
        String enabled = variables.getOrDefault("LIBPROCESS_SSL_ENABLED", "");
        if (!enabled.equals("1") && !enabled.equals("true")) {
            return Optional.empty();
        }
        return Optional.of(new TlsFiles(
                file(variables, "LIBPROCESS_SSL_CA_FILE"),
                file(variables, "LIBPROCESS_SSL_CERT_FILE"),
                file(variables, "LIBPROCESS_SSL_KEY_FILE"),
                TlsFiles.Verification.CHAIN));
    }

    private static Optional<Path> file(Map<String, String> variables, String name) {
        return Optional.ofNullable(variables.get(name)).map(Path::of);
    }

    private static String needed(Map<String, String> variables, String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Expecting '" + name + "' to be set in the environment");
        }
        return value;
    }

    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no duration: expected for example 15mins");
        }
        return Duration.ofNanos((long) (Double.parseDouble(parts.group(1)) * NANOS.get(parts.group(2))));
    }
}
