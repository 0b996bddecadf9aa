package io.mooring.scheduler.mesos;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What starts a task's executor on its agent.
 *
 * @param start how it is started
 * @param archives what the agent fetches into the sandbox and extracts before that
 * @param user who runs it; empty for the framework's user
 * @param shutdown how long it may take to unmount and report
 */
public record ExecutorSettings(
        Start start, List<String> archives, Optional<String> user, double cpus, double memMb, Duration shutdown) {
    /** The executor's command. */
    public sealed interface Start {
        /** A program on every agent. */
        record Installed(String path) implements Start {}

        /** A line for the agent's shell, in the sandbox. */
        record InSandbox(String line) implements Start {}
    }

    public ExecutorSettings {
        archives = List.copyOf(archives);
    }
}
