package io.mooring.local.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.server.DataNode;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** One ZooKeeper server on loopback, with its data in a directory, so that a later start goes on with it. */
public final class EmbeddedZooKeeper implements AutoCloseable {
    /** Sessions last 2 to 20 ticks; two seconds is ZooKeeper's own default. */
    private static final int TICK_MILLIS = 2000;

    private static final int MAX_CONNECTIONS = 1000;

    private final ServerCnxnFactory connections;
    private final ZooKeeperServer server;

    private EmbeddedZooKeeper(ServerCnxnFactory connections, ZooKeeperServer server) {
        this.connections = connections;
        this.server = server;
    }

    /**
     * Starts the server; when this returns it serves.
     *
     * @param port 0 for any free port
     * @throws IOException when the port is taken or the data cannot be read
     */
    public static EmbeddedZooKeeper start(int port, Path dataDir) throws IOException {
        Files.createDirectories(dataDir);
        ZooKeeperServer server = new ZooKeeperServer(dataDir.toFile(), dataDir.toFile(), TICK_MILLIS);
        ServerCnxnFactory connections;
        try {
            connections = ServerCnxnFactory.createFactory(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MAX_CONNECTIONS);
        } catch (IOException e) {
            throw new IOException("ZooKeeper cannot listen on 127.0.0.1:" + port + ": " + e.getMessage(), e);
        }
        try {
            connections.startup(server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connections.shutdown();
            throw new IOException("interrupted while ZooKeeper started", e);
        }
        return new EmbeddedZooKeeper(connections, server);
    }

    public int port() {
        return connections.getLocalPort();
    }

    /** The names of the nodes below the path, sorted; none where there is no such node. */
    public List<String> children(String path) {
        DataNode node = server.getZKDatabase().getNode(path);
        return node == null ? List.of() : node.getChildren().stream().sorted().toList();
    }

    /** What is in the node; empty text where there is no such node. */
    public String data(String path) {
        DataNode node = server.getZKDatabase().getNode(path);
        return node == null || node.getData() == null ? "" : new String(node.getData(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        connections.shutdown();
        server.shutdown();
    }
}
