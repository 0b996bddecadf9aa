package io.mooring.scheduler.rest;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the operator set and Marathon has a name for.
 *
 * @param masters as they were written, without a password
 * @param mastersPage of the master of the running subscription
 * @param executor the executor's command on the agents; empty where they fetch it
 * @param framework how Mooring is registered
 * @param zooKeeper where the state is: {@code host:port,host:port/path}
 * @param sessionTimeout of the sessions at ZooKeeper
 * @param http the port of the API; empty where it is served by TLS only
 * @param https the port of the API by TLS
 */
public record Settings(
        String masters,
        Optional<String> mastersPage,
        Optional<String> executor,
        Registered framework,
        String zooKeeper,
        Duration sessionTimeout,
        Optional<Integer> http,
        Optional<Integer> https) {
    /**
     * How Mooring is registered at Mesos.
     *
     * @param tasks what becomes of tasks when their agent is started again
     */
    public record Registered(
            String name,
            String user,
            List<String> roles,
            Duration failoverTimeout,
            Tasks tasks,
            String hostname,
            String webUi) {
        public Registered {
            roles = List.copyOf(roles);
        }
    }

    /** What becomes of tasks when their agent is started again. */
    public enum Tasks {
        CHECKPOINTED,
        LOST
    }
}
