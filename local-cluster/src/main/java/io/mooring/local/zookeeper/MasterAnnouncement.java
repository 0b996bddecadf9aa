package io.mooring.local.zookeeper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * One master in ZooKeeper: an ephemeral node {@code json.info_} with a sequence number, as a real master makes it. The
 * lowest number leads. The node goes when this is closed.
 */
public final class MasterAnnouncement implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final ZooKeeper client;
    private final Optional<String> login;

    private MasterAnnouncement(ZooKeeper client, Optional<String> login) {
        this.client = client;
        this.login = login;
    }

    /**
     * Makes the node.
     *
     * @param login {@code user:password} of the masters, who alone may change the nodes then; everybody may read them
     * @param path of all masters of the cluster, for example {@code /mesos}
     * @throws IOException if ZooKeeper does not answer
     */
    public static MasterAnnouncement make(
            int zooKeeperPort,
            Optional<String> login,
            Duration sessionTimeout,
            String path,
            String masterId,
            int masterPort)
            throws IOException {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper("127.0.0.1:" + zooKeeperPort, (int) sessionTimeout.toMillis(), event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        login.ifPresent(secret -> client.addAuthInfo("digest", secret.getBytes(StandardCharsets.UTF_8)));
        MasterAnnouncement made = new MasterAnnouncement(client, login);
        try {
            if (!connected.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("ZooKeeper on port " + zooKeeperPort + " does not answer");
            }
            made.parent(path);
            made.parent(path + "/log_replicas");
            made.create(
                    path + "/json.info_",
                    json(masterId, masterPort).getBytes(StandardCharsets.UTF_8),
                    CreateMode.EPHEMERAL_SEQUENTIAL);
            return made;
        } catch (KeeperException e) {
            made.close();
            throw new IOException("cannot announce the master at " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            made.close();
            throw new IOException("interrupted while announcing the master", e);
        }
    }

    /** As real masters protect their nodes: everybody may read, and with a login only its owner may do more. */
    private void create(String path, byte[] content, CreateMode mode) throws KeeperException, InterruptedException {
        var permissions =
                new ArrayList<>(login.isPresent() ? ZooDefs.Ids.READ_ACL_UNSAFE : ZooDefs.Ids.OPEN_ACL_UNSAFE);
        if (login.isPresent()) {
            permissions.addAll(ZooDefs.Ids.CREATOR_ALL_ACL);
        }
        client.create(path, content, permissions, mode);
    }

    private void parent(String path) throws KeeperException, InterruptedException {
        try {
            create(path, new byte[0], CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException e) {
            // Another master was first, or an earlier life of this one.
            return;
        }
    }

    /** The old form of a MasterInfo, its keys sorted, as real masters write it. */
    private static String json(String id, int port) {
        return "{\"address\":{\"hostname\":\"127.0.0.1\",\"ip\":\"127.0.0.1\",\"port\":" + port + "},"
                + "\"capabilities\":[{\"type\":\"AGENT_UPDATE\"},{\"type\":\"AGENT_DRAINING\"},{\"type\":\"QUOTA_V2\"}],"
                + "\"hostname\":\"127.0.0.1\",\"id\":\"" + id + "\",\"ip\":16777343,\"pid\":\"master@127.0.0.1:" + port
                + "\",\"port\":" + port + ",\"version\":\"1.11.0\"}";
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
