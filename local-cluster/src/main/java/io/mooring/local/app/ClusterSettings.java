package io.mooring.local.app;

import io.mooring.local.agent.AgentSettings;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.simulated.SimulatedSettings;
import io.mooring.local.wire.Credentials;
import io.mooring.local.wire.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A whole cluster.
 *
 * @param masters the first leads; the others take over in their order
 * @param sessionTimeout how long the others wait before they take a dead leader for dead
 * @param registry file of what outlives the masters; absent: nothing does
 * @param credentials of those who may call; absent: everybody may
 * @param zooKeeper where masters announce themselves; absent: nowhere
 * @param tls of all ports; absent: plain HTTP
 */
public record ClusterSettings(
        List<MasterSettings> masters,
        Duration sessionTimeout,
        Optional<Path> registry,
        Optional<Credentials> credentials,
        Optional<Announced> zooKeeper,
        List<AgentSettings> agents,
        Optional<SimulatedSettings> simulated,
        Optional<ServerTls> tls) {
    /** ZooKeeper's default session of a real master. */
    private static final Duration SESSION = Duration.ofSeconds(10);

    /**
     * Where masters announce themselves.
     *
     * @param port of ZooKeeper on this machine
     * @param path of the masters' nodes
     * @param login {@code user:password} of the masters: everybody may read their nodes, only they may write
     */
    public record Announced(int port, String path, Optional<String> login) {
        public Announced(int port, String path) {
            this(port, path, Optional.empty());
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "ZooKeeper on port " + port + " at " + path;
        }
    }

    public ClusterSettings {
        masters = List.copyOf(masters);
        agents = List.copyOf(agents);
        if (masters.isEmpty()) {
            throw new IllegalArgumentException("a cluster needs a master");
        }
    }

    /** One master, everybody may call. */
    public static ClusterSettings of(MasterSettings master, List<AgentSettings> agents) {
        return new ClusterSettings(
                List.of(master),
                SESSION,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                agents,
                Optional.empty(),
                Optional.empty());
    }

    public ClusterSettings withMasters(List<MasterSettings> changed) {
        return new ClusterSettings(changed, sessionTimeout, registry, credentials, zooKeeper, agents, simulated, tls);
    }

    public ClusterSettings withSessionTimeout(Duration changed) {
        return new ClusterSettings(masters, changed, registry, credentials, zooKeeper, agents, simulated, tls);
    }

    public ClusterSettings withRegistry(Optional<Path> changed) {
        return new ClusterSettings(masters, sessionTimeout, changed, credentials, zooKeeper, agents, simulated, tls);
    }

    public ClusterSettings withCredentials(Optional<Credentials> changed) {
        return new ClusterSettings(masters, sessionTimeout, registry, changed, zooKeeper, agents, simulated, tls);
    }

    public ClusterSettings withZooKeeper(Optional<Announced> changed) {
        return new ClusterSettings(masters, sessionTimeout, registry, credentials, changed, agents, simulated, tls);
    }

    public ClusterSettings withSimulated(Optional<SimulatedSettings> changed) {
        return new ClusterSettings(masters, sessionTimeout, registry, credentials, zooKeeper, agents, changed, tls);
    }

    public ClusterSettings withTls(Optional<ServerTls> changed) {
        return new ClusterSettings(
                masters, sessionTimeout, registry, credentials, zooKeeper, agents, simulated, changed);
    }
}
