package io.mooring.scheduler.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.zookeeper.LoopbackZooKeeper;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real ZooKeeper, in which masters announce themselves as a real master was seen to. */
@Timeout(60)
class ZooKeeperMastersIT {
    private static final String PATH = "/mesos";
    private static final URI FIRST = URI.create("http://127.0.0.1:5050");
    private static final URI SECOND = URI.create("http://127.0.0.1:5052");

    private TestingServer server;
    private CuratorFramework writer;
    private ZooKeeperMasters masters;

    @BeforeEach
    void start() throws Exception {
        server = LoopbackZooKeeper.start();
        writer = CuratorFrameworkFactory.builder()
                .connectString(server.getConnectString())
                .retryPolicy(new RetryOneTime(100))
                .authorization("digest", "mesos:secret".getBytes(StandardCharsets.UTF_8))
                .build();
        writer.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (masters != null) {
            masters.close();
        }
        writer.close();
        server.close();
    }

    @Test
    void followsTheLowestSequenceFromBeforeThePathExistsToTheLastMasterGone() throws Exception {
        detect(Optional.empty());
        Thread.sleep(300);
        assertThat(masters.candidate(0)).isEmpty();

        announce("json.info_0000000002", 5050);
        await(() -> masters.candidate(0).equals(Optional.of(FIRST)));
        announce("json.info_0000000003", 5052);
        writer.create().forPath(PATH + "/log_replicas");
        writer.create().forPath(PATH + "/info_0000000001", new byte[] {1});
        Thread.sleep(300);
        assertThat(masters.candidate(0)).contains(FIRST);
        assertThat(masters.trusts(FIRST)).isTrue();
        assertThat(masters.trusts(SECOND)).isFalse();
        assertThat(masters.deposed(SECOND)).isTrue();

        writer.delete().forPath(PATH + "/json.info_0000000002");
        await(() -> masters.candidate(0).equals(Optional.of(SECOND)));
        assertThat(masters.deposed(FIRST)).isTrue();

        writer.delete().forPath(PATH + "/json.info_0000000003");
        await(() -> masters.candidate(0).isEmpty());
        assertThat(masters.deposed(SECOND)).as("nobody else is known to lead").isFalse();
    }

    @Test
    void knowsNoLeaderWhileZooKeeperIsAwayAndDeposesNobody() throws Exception {
        announce("json.info_0000000002", 5050);
        detect(Optional.empty());
        await(() -> masters.candidate(0).equals(Optional.of(FIRST)));

        server.stop();

        await(() -> masters.candidate(0).isEmpty());
        assertThat(masters.deposed(FIRST)).isFalse();
        server.restart();
        await(() -> masters.candidate(0).equals(Optional.of(FIRST)));
    }

    @Test
    void readsWhatOnlyALoginMayRead() throws Exception {
        writer.create().withACL(Ids.CREATOR_ALL_ACL).forPath(PATH);
        writer.create().withACL(Ids.CREATOR_ALL_ACL).forPath(PATH + "/json.info_0000000002", announcement(5050));
        detect(Optional.empty());
        Thread.sleep(500);
        assertThat(masters.candidate(0)).isEmpty();
        masters.close();

        detect(Optional.of("mesos:secret"));

        await(() -> masters.candidate(0).equals(Optional.of(FIRST)));
    }

    @Test
    void triesTheNumberOfAMasterWhoseNameNobodyKnows() throws Exception {
        String announced =
                "{\"address\":{\"hostname\":\"m1.cluster\",\"ip\":\"10.1.2.3\",\"port\":5050},\"ip\":50462986}";
        List<URI> both = Announcement.addresses(announced.getBytes(StandardCharsets.UTF_8), Masters.Scheme.HTTPS);
        List<URI> legacy = Announcement.addresses(
                "{\"hostname\":\"m1\",\"ip\":50462986,\"port\":5050}".getBytes(StandardCharsets.UTF_8),
                Masters.Scheme.HTTP);

        assertThat(both).containsExactly(URI.create("https://m1.cluster:5050"), URI.create("https://10.1.2.3:5050"));
        assertThat(legacy).containsExactly(URI.create("http://m1:5050"), URI.create("http://10.1.2.3:5050"));
    }

    private void detect(Optional<String> login) {
        masters = new ZooKeeperMasters(
                new Masters.InZooKeeper(server.getConnectString(), PATH, login, Masters.Scheme.HTTP));
        masters.start(() -> {});
    }

    private void announce(String name, int port) throws Exception {
        writer.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .forPath(PATH + "/" + name, announcement(port));
    }

    /** As recorded from Mesos 1.11.0. */
    private static byte[] announcement(int port) {
        return ("{\"address\":{\"hostname\":\"127.0.0.1\",\"ip\":\"127.0.0.1\",\"port\":" + port
                        + "},\"capabilities\":[{\"type\":\"AGENT_UPDATE\"},{\"type\":\"AGENT_DRAINING\"},{\"type\":\"QUOTA_V2\"}],"
                        + "\"hostname\":\"127.0.0.1\",\"id\":\"9a8c4994-3e66-4de3-b873-25ac692706a7\",\"ip\":16777343,"
                        + "\"pid\":\"master@127.0.0.1:" + port + "\",\"port\":" + port + ",\"version\":\"1.11.0\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant until = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean() && Instant.now().isBefore(until)) {
            Thread.sleep(20);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
