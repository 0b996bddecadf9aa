package io.mooring.local.fault;

import io.mooring.local.agent.Reboot;
import java.io.IOException;

/** Faults of a running local cluster; agents are named as in the configuration. */
public interface Faults {
    /** Master and agent no longer hear each other; the agent and its executors run on. */
    void partition(String agent) throws UnknownAgentException;

    /** Ends a partition; the agent registers again at once. */
    void heal(String agent) throws UnknownAgentException;

    /**
     * The agent's process is killed and started again in its work directory; executors live on.
     *
     * @throws IOException if its port cannot be opened again
     */
    void restartAgent(String agent) throws UnknownAgentException, IOException;

    /** The agent's process is killed and stays away until {@link #startAgent}. */
    void stopAgent(String agent) throws UnknownAgentException;

    /** Starts a stopped agent in its work directory. @throws IOException if its port cannot be opened */
    void startAgent(String agent) throws UnknownAgentException, IOException;

    /**
     * The agent's machine is rebooted: all its processes are killed, mounts and loop devices are gone without a clean
     * unmount, its boot id is another, and the agent starts again.
     *
     * @throws IOException if something of it stayed, or its port cannot be opened
     */
    void rebootAgent(String agent, Reboot.Identity identity) throws UnknownAgentException, IOException;

    /** The agent leaves for good: it unregisters and ends its executors, as a real one does on SIGUSR1. */
    void unregister(String agent) throws UnknownAgentException;

    /** SIGKILL to the first process of an executor. @return false if no such executor runs there */
    boolean killExecutor(String agent, String executor) throws UnknownAgentException;

    /** No agent of that name is in the configuration. */
    final class UnknownAgentException extends Exception {
        private static final long serialVersionUID = 1L;

        public UnknownAgentException(String agent, Iterable<String> known) {
            super("unknown agent '" + agent + "': expected one of " + String.join(", ", known));
        }
    }
}
