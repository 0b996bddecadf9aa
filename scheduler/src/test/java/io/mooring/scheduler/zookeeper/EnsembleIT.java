package io.mooring.scheduler.zookeeper;

import static io.mooring.scheduler.zookeeper.StoreContract.commit;
import static io.mooring.scheduler.zookeeper.ZooKeeperFixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.zookeeper.ZooKeeperFixture.Told;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.apache.curator.test.TestingZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three ZooKeeper servers, one of which dies while commits flow: each commit is durable exactly once, or said not to be. */
class EnsembleIT {
    @TempDir
    private Path files;

    private TestingCluster cluster;
    private ZooKeeperFixture candidates;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestingCluster(
                IntStream.range(0, 3).mapToObj(i -> ZooKeeperFixture.instance()).toArray(InstanceSpec[]::new));
        cluster.start();
        candidates = new ZooKeeperFixture(files);
    }

    @AfterEach
    void stop() throws Exception {
        candidates.close();
        cluster.close();
    }

    @Test
    void commitsThroughTheDeathOfAFollower() throws Exception {
        commitsThroughTheDeathOf("follower");
    }

    @Test
    void commitsThroughTheDeathOfTheLeader() throws Exception {
        commitsThroughTheDeathOf("leader");
    }

    private void commitsThroughTheDeathOf(String mode) throws Exception {
        Told told = new Told();
        Leadership leader = candidates.stand(cluster.getConnectString(), 10_000, "one", told);
        until("it is elected", () -> told.elections() == 1);
        Store store = leader.begin().orElseThrow().store();
        AtomicInteger committed = new AtomicInteger();
        CompletableFuture<Void> flow = CompletableFuture.runAsync(() -> commitAll(store, committed));
        until("commits flow", () -> committed.get() > 20);

        cluster.killServer(serverThatIs(mode).getInstanceSpec());
        flow.get(60, TimeUnit.SECONDS);

        assertThat(told.lost()).as("leaderships lost").isEmpty();
        Leadership next = candidates.stand(cluster.getConnectString(), 10_000, "two", new Told());
        until("it stands", next::prepared);
        assertThat(next.beginOnce().state().volumes())
                .extracting(volume -> volume.fence())
                .containsExactly(400L);
    }

    /** Four hundred writes of one znode, each on the version of the one before. */
    private static void commitAll(Store store, AtomicInteger committed) {
        try {
            for (int fence = 1; fence <= 400; fence++) {
                assertThat(commit(store, List.of(new StoreRecord.PutVolume(Records.volume("orders-db", fence)))))
                        .isEqualTo(new Store.Outcome.Committed());
                committed.incrementAndGet();
                Thread.sleep(5);
            }
        } catch (Exception e) {
            throw new IllegalStateException("after " + committed + " commits", e);
        }
    }

    private TestingZooKeeperServer serverThatIs(String mode) throws Exception {
        for (TestingZooKeeperServer server : cluster.getServers()) {
            if (status(server.getInstanceSpec().getPort()).contains("Mode: " + mode)) {
                return server;
            }
        }
        throw new AssertionError("no server is " + mode);
    }

    private static String status(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
