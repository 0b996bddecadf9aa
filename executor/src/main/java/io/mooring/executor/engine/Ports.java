package io.mooring.executor.engine;

import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * All that the engine reaches the world by.
 *
 * @param workers runs what blocks; each volume and the workload have at most one piece of work under way
 */
public record Ports(
        AgentPort agent,
        PluginPort plugins,
        MountPort mounts,
        ContainerPort containers,
        JournalPort journal,
        WorkloadPort workload,
        SurveyPort survey,
        Timers timers,
        InstantSource clock,
        Executor workers,
        ForeignPort foreign) {
    /** Of an executor that only its own scheduler launches. */
    public Ports(
            AgentPort agent,
            PluginPort plugins,
            MountPort mounts,
            ContainerPort containers,
            JournalPort journal,
            WorkloadPort workload,
            SurveyPort survey,
            Timers timers,
            InstantSource clock,
            Executor workers) {
        this(agent, plugins, mounts, containers, journal, workload, survey, timers, clock, workers, ForeignPort.NONE);
    }
}
