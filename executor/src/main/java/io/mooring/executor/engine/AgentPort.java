package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport;

/** The agent. What is sent is kept until it is acknowledged, across disconnections. */
public interface AgentPort {
    /** Sends a status update, after all those before. */
    void send(Status status);

    /** Sends a framework message; it may be lost. */
    void message(ExecutorReport report);
}
