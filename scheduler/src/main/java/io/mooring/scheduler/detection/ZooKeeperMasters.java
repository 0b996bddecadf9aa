package io.mooring.scheduler.detection;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader as the masters announce it in ZooKeeper. While the session is in doubt the leader is unknown, which says
 * nothing against the one that answers. Everything after {@link #start} happens on ZooKeeper's threads.
 */
public final class ZooKeeperMasters implements MasterDetector {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperMasters.class);
    private static final int SESSION_MS = 10_000;
    private static final int CONNECT_MS = 10_000;

    private final Masters.InZooKeeper masters;
    private final CuratorFramework client;
    private volatile List<URI> leader = List.of();
    private volatile Runnable changed = () -> {};
    private volatile boolean closed;

    public ZooKeeperMasters(Masters.InZooKeeper masters) {
        this.masters = masters;
        CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
                .connectString(masters.connect())
                .sessionTimeoutMs(SESSION_MS)
                .connectionTimeoutMs(CONNECT_MS)
                .retryPolicy(new RetryForever(1000))
                .ensembleTracker(false); // the servers of an older ZooKeeper do not tell who they are
        masters.login().ifPresent(login -> builder.authorization("digest", login.getBytes(StandardCharsets.UTF_8)));
        this.client = builder.build();
    }

    @Override
    public void start(Runnable whenChanged) {
        changed = whenChanged;
        client.getConnectionStateListenable().addListener((connection, state) -> connection(state));
        client.start();
    }

    @Override
    public Optional<URI> candidate(int attempt) {
        List<URI> known = leader;
        return known.isEmpty() ? Optional.empty() : Optional.of(known.get(Math.floorMod(attempt, known.size())));
    }

    @Override
    public boolean trusts(URI master) {
        return leader.contains(master);
    }

    @Override
    public boolean deposed(URI master) {
        List<URI> known = leader;
        return !known.isEmpty() && !known.contains(master);
    }

    @Override
    public void close() {
        closed = true;
        client.close();
    }

    private void connection(ConnectionState state) {
        switch (state) {
            case CONNECTED, RECONNECTED -> look();
            case SUSPENDED, LOST -> {
                LOG.warn("{}: the connection is {}; who leads Mesos is not known", masters, state);
                leads(List.of());
            }
            case READ_ONLY -> {}
        }
    }

    /** Asks who is announced, and to be told of changes. What a lost connection leaves unanswered is asked after it. */
    private void look() {
        handle().ifPresent(zooKeeper -> zooKeeper.getChildren(
                masters.path(),
                this::told,
                (code, path, context, children) -> announced(Code.get(code), children),
                null));
    }

    private void told(WatchedEvent event) {
        if (event.getType() != EventType.None) {
            look();
        }
    }

    private void announced(Code code, List<String> children) {
        if (code == Code.OK) {
            Optional<String> lowest = children.stream()
                    .filter(name -> Announcement.sequence(name).isPresent())
                    .min(Comparator.comparingLong(
                            name -> Announcement.sequence(name).getAsLong()));
            if (lowest.isPresent()) {
                ask(masters.path() + "/" + lowest.get());
            } else {
                LOG.info("{}: nobody leads", masters);
                leads(List.of());
            }
        } else if (code == Code.NONODE) {
            LOG.info("{}: nobody has ever led there", masters);
            leads(List.of());
            awaitPath();
        } else if (code == Code.NOAUTH) {
            LOG.error("{}: this login may not read who leads; what is right stands in zk://user:password@...", masters);
            leads(List.of());
        }
    }

    private void awaitPath() {
        handle().ifPresent(zooKeeper -> zooKeeper.exists(
                masters.path(),
                this::told,
                (code, path, context, found) -> {
                    if (Code.get(code) == Code.OK) {
                        look(); // it came between the two questions
                    }
                },
                null));
    }

    private void ask(String announcement) {
        handle().ifPresent(zooKeeper -> zooKeeper.getData(
                announcement,
                false,
                (code, path, context, data, found) -> {
                    if (Code.get(code) == Code.OK) {
                        announced(path, data);
                    }
                },
                null));
    }

    private void announced(String path, byte[] announcement) {
        try {
            List<URI> addresses = Announcement.addresses(announcement, masters.scheme());
            LOG.info("{}: {} leads ({})", masters, addresses.get(0), path);
            leads(addresses);
        } catch (IOException e) {
            LOG.error("{}: {} cannot be read: {}", masters, path, e.getMessage());
            leads(List.of());
        }
    }

    private void leads(List<URI> addresses) {
        leader = List.copyOf(addresses);
        changed.run();
    }

    private Optional<ZooKeeper> handle() {
        if (closed) {
            return Optional.empty();
        }
        try {
            return Optional.of(client.getZookeeperClient().getZooKeeper());
        } catch (Exception e) { // Curator declares no narrower one
            LOG.warn("{}: there is no session at ZooKeeper: {}", masters, e.getMessage());
            return Optional.empty();
        }
    }
}
