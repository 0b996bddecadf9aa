package io.mooring.local.master;

import java.util.Optional;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;

/** Whether an executor may be started or used, in Mesos' words and order. */
final class ExecutorValidation {
    private ExecutorValidation() {}

    static Optional<String> error(ExecutorInfo executor, FrameworkEntry framework, AgentEntry agent) {
        return command(executor)
                .or(() -> Identifiers.error(executor.getExecutorId().getValue()))
                .or(() -> executor.getShutdownGracePeriod().getNanoseconds() < 0
                        ? Optional.of("ExecutorInfo's 'shutdown_grace_period' must be non-negative")
                        : Optional.empty())
                .or(() -> framework(executor, framework))
                .or(() -> resources(executor))
                .or(() -> sameAsRunning(executor, framework, agent));
    }

    private static Optional<String> command(ExecutorInfo executor) {
        return switch (executor.getType()) {
            case DEFAULT -> defaultExecutor(executor);
            case CUSTOM ->
                executor.hasCommand()
                        ? Optional.empty()
                        : Optional.of("'ExecutorInfo.command' must be set for 'CUSTOM' executor");
            case UNKNOWN -> Optional.empty();
        };
    }

    private static Optional<String> defaultExecutor(ExecutorInfo executor) {
        if (executor.hasCommand()) {
            return Optional.of("'ExecutorInfo.command' must not be set for 'DEFAULT' executor");
        }
        return executor.hasContainer() && executor.getContainer().getType() != ContainerInfo.Type.MESOS
                ? Optional.of("'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor")
                : Optional.empty();
    }

    private static Optional<String> framework(ExecutorInfo executor, FrameworkEntry framework) {
        return executor.getFrameworkId().equals(framework.frameworkId())
                ? Optional.empty()
                : Optional.of("ExecutorInfo has an invalid FrameworkID (Actual: "
                        + executor.getFrameworkId().getValue() + " vs Expected: " + framework.id + ")");
    }

    private static Optional<String> resources(ExecutorInfo executor) {
        var given = executor.getResourcesList();
        return ResourceValidation.disks(given)
                .map(error -> "Executor uses invalid resources: " + error)
                .or(() -> ResourceValidation.uniquePersistence(given)
                        .map(error -> "Executor uses duplicate persistence ID: " + error))
                .or(() -> ResourceValidation.oneRole(given).map(error -> "Invalid executor resources: " + error));
    }

    private static Optional<String> sameAsRunning(ExecutorInfo executor, FrameworkEntry framework, AgentEntry agent) {
        ExecutorInfo running = agent.executors.get(
                new AgentEntry.Key(framework.id, executor.getExecutorId().getValue()));
        if (running == null || running.equals(executor)) {
            return Optional.empty();
        }
        String line = "-".repeat(60) + "\n";
        return Optional.of("ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n" + line
                + "Existing ExecutorInfo:\n" + running + "\n" + line + "Task's ExecutorInfo:\n" + executor + "\n"
                + line);
    }
}
