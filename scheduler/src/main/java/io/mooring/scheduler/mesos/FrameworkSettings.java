package io.mooring.scheduler.mesos;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How Mooring presents itself to Mesos, and what its executors are.
 *
 * @param user FrameworkInfo.user; tasks of apps without a user run as it
 * @param failoverTimeout how long Mesos keeps tasks whose scheduler is away; weeks
 * @param executorCommand the path of the executor on the agents
 * @param executorUser who runs the executor; empty for the framework's user
 * @param executorShutdown how long an executor may take to unmount and report
 */
public record FrameworkSettings(
        String name,
        String user,
        List<String> roles,
        Optional<String> principal,
        Duration failoverTimeout,
        String hostname,
        String webUiUrl,
        String executorCommand,
        Optional<String> executorUser,
        double executorCpus,
        double executorMemMb,
        Duration executorShutdown) {
    public FrameworkSettings {
        roles = List.copyOf(roles);
    }
}
