package io.mooring.local.agent;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;

/**
 * The whole environment of an executor. Nothing of the agent's own environment is in it; what the framework asks for
 * wins over everything, as with real Mesos, where it can even replace MESOS_EXECUTOR_ID.
 */
final class ExecutorEnvironment {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private ExecutorEnvironment() {}

    static Map<String, String> of(
            AgentSettings settings,
            AgentInfo agent,
            FrameworkInfo framework,
            ExecutorInfo executor,
            String sandbox,
            Optional<String> token) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", PATH);
        environment.put("LIBPROCESS_PORT", "0");
        environment.put("LIBPROCESS_IP", "127.0.0.1");
        environment.put("MESOS_HTTP_COMMAND_EXECUTOR", "0");
        environment.put("MESOS_FRAMEWORK_ID", framework.getId().getValue());
        environment.put("MESOS_EXECUTOR_ID", executor.getExecutorId().getValue());
        environment.put("MESOS_SLAVE_ID", agent.getId().getValue());
        environment.put("MESOS_SLAVE_PID", "slave(1)@127.0.0.1:" + agent.getPort());
        environment.put("MESOS_AGENT_ENDPOINT", "127.0.0.1:" + agent.getPort());
        environment.put("MESOS_DIRECTORY", sandbox);
        environment.put("MESOS_SANDBOX", sandbox);
        environment.put("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", Durations.text(shutdownGrace(settings, executor)));
        environment.put("MESOS_CHECKPOINT", framework.getCheckpoint() ? "1" : "0");
        if (framework.getCheckpoint()) {
            environment.put(
                    "MESOS_RECOVERY_TIMEOUT", Durations.text(settings.timeouts().recovery()));
            environment.put(
                    "MESOS_SUBSCRIPTION_BACKOFF_MAX",
                    Durations.text(settings.timeouts().subscriptionBackoffMax()));
        }
        token.ifPresent(secret -> environment.put("MESOS_EXECUTOR_AUTHENTICATION_TOKEN", secret));
        environment.putAll(settings.executorEnvironment());
        for (Environment.Variable variable :
                executor.getCommand().getEnvironment().getVariablesList()) {
            environment.put(variable.getName(), variable.getValue());
        }
        return environment;
    }

    static Duration shutdownGrace(AgentSettings settings, ExecutorInfo executor) {
        return executor.hasShutdownGracePeriod()
                ? Durations.of(executor.getShutdownGracePeriod())
                : settings.timeouts().shutdownGrace();
    }
}
