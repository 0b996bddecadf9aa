package io.mooring.local.app;

import io.mooring.local.master.Master;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.master.Registry;
import io.mooring.local.operator.Leadership;
import io.mooring.local.operator.MasterEndpoints;
import io.mooring.local.wire.BasicAuthentication;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.HttpListener;
import io.mooring.local.wire.StreamFaults;
import io.mooring.local.zookeeper.MasterAnnouncement;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** One master process: a port that is served as long as it lives, and a master while it leads. */
final class MasterProcess implements AutoCloseable {
    private final MasterSettings settings;
    private final ClusterSettings cluster;
    private final Endpoint faults;
    private final StreamFaults streams;
    private final String id = UUID.randomUUID().toString();
    private HttpListener listener;
    private int port;
    private Optional<MasterAnnouncement> announcement = Optional.empty();
    private Optional<Master> master = Optional.empty();
    private volatile Leadership leadership = new Leadership.Leaderless();

    /** @param port 0 for the one in the settings, which may be any */
    MasterProcess(MasterSettings settings, int port, ClusterSettings cluster, Endpoint faults, StreamFaults streams) {
        this.settings = settings;
        this.port = port == 0 ? settings.port() : port;
        this.cluster = cluster;
        this.faults = faults;
        this.streams = streams;
    }

    /** Serves, and says so in ZooKeeper. */
    void start() throws IOException {
        Endpoint endpoint = new MasterEndpoints(() -> leadership, faults, streams);
        if (cluster.credentials().isPresent()) {
            endpoint = new BasicAuthentication(endpoint, cluster.credentials().get(), MasterEndpoints::realm);
        }
        listener = HttpListener.open("master", port, cluster.tls(), endpoint);
        port = listener.port();
        if (cluster.zooKeeper().isPresent()) {
            ClusterSettings.Announced at = cluster.zooKeeper().get();
            announcement = Optional.of(
                    MasterAnnouncement.make(at.port(), at.login(), cluster.sessionTimeout(), at.path(), id, port));
        }
    }

    MasterSettings settings() {
        return settings;
    }

    int port() {
        return port;
    }

    /** It is elected; until {@link #recovered} it answers that it is not ready. */
    Master elected(Registry registry, InstantSource clock) {
        Master leader = new Master(id, settings, registry, clock);
        leader.listening(port);
        master = Optional.of(leader);
        leadership = new Leadership.Recovers(leader);
        return leader;
    }

    void recovered() {
        master.ifPresent(leader -> leadership = new Leadership.Leads(leader));
    }

    void follow(int leaderPort) {
        leadership = new Leadership.Follows(leaderPort);
    }

    /** SIGKILL: the port is closed and all streams are cut; ZooKeeper does not know yet. */
    void kill() {
        master.ifPresent(Master::close);
        master = Optional.empty();
        listener.close();
    }

    /** Its session has run out. */
    void forgotten() {
        announcement.ifPresent(MasterAnnouncement::close);
        announcement = Optional.empty();
    }

    @Override
    public void close() {
        if (listener != null) {
            kill();
        }
        forgotten();
    }
}
