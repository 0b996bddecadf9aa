package io.mooring.simulation.executor;

import io.mooring.common.command.ExecutorReport;
import io.mooring.executor.engine.Status;

/** What an executor says to its agent. */
public interface AgentSide {
    /** A status update; it is kept by the executor until the agent has it. */
    void update(ExecutorProcess from, Status status);

    /** A framework message. */
    void message(ExecutorProcess from, ExecutorReport report);

    /** The process has ended. */
    void exited(ExecutorProcess which);
}
