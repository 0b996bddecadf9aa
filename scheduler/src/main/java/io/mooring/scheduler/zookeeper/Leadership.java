package io.mooring.scheduler.zookeeper;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.engine.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Election, and what makes it safe: a new leader raises the epoch before it reads anything, so that whatever an older
 * leader still has on its way fails as a whole.
 */
public final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final CuratorFramework client;
    private final LeaderLatch latch;
    private final RecordJson json = new RecordJson();
    private final String self;
    private final InstantSource clock;

    /** What stands in the epoch's znode. */
    record Epoch(long epoch, String leader, Instant since) {}

    /** A leadership that has begun: its epoch, what is durable, and the store that writes under it. */
    public record Term(long epoch, ClusterState state, Store store) {}

    /** Is told of elections, on a thread of ZooKeeper's. */
    public interface Candidate {
        void elected();

        void lost();
    }

    /**
     * @param connect {@code host:port,host:port/root}
     * @param self the address under which this scheduler serves its API
     */
    public Leadership(String connect, int sessionTimeoutMs, String self, InstantSource clock) {
        int slash = connect.indexOf('/');
        String root = slash < 0 ? "mooring" : connect.substring(slash + 1);
        this.client = CuratorFrameworkFactory.builder()
                .connectString(slash < 0 ? connect : connect.substring(0, slash))
                .namespace(root)
                .sessionTimeoutMs(sessionTimeoutMs)
                .connectionTimeoutMs(sessionTimeoutMs)
                .retryPolicy(new ExponentialBackoffRetry(100, 5, 3000))
                .build();
        this.latch = new LeaderLatch(client, Paths.CANDIDATES, self, LeaderLatch.CloseMode.SILENT);
        this.self = self;
        this.clock = clock;
    }

    /** Connects and stands for election. */
    public void stand(Candidate candidate) throws Exception {
        client.start();
        latch.addListener(new LeaderLatchListener() {
            @Override
            public void isLeader() {
                candidate.elected();
            }

            @Override
            public void notLeader() {
                candidate.lost();
            }
        });
        latch.start();
    }

    /** Who leads now, as the epoch's znode has it; empty while nobody does. */
    public Optional<String> leader() {
        try {
            String id = latch.getLeader().getId();
            return id.isEmpty() ? Optional.empty() : Optional.of(id);
        } catch (Exception e) { // Curator declares no narrower one
            LOG.atDebug().setCause(e).log("the leader is not known");
            return Optional.empty();
        }
    }

    public boolean connected() {
        return client.getZookeeperClient().isConnected();
    }

    /** Begins a term: raises the epoch, then loads. Blocks; not for a thread of ZooKeeper's. */
    public Term begin() throws Exception {
        prepare();
        Stat stat = new Stat();
        client.sync().forPath(Paths.EPOCH);
        Epoch last = json.read(client.getData().storingStatIn(stat).forPath(Paths.EPOCH), Epoch.class);
        Epoch next = new Epoch(last.epoch() + 1, self, clock.instant());
        int version = client.setData()
                .withVersion(stat.getVersion())
                .forPath(Paths.EPOCH, json.write(next))
                .getVersion();
        Loader.Loaded loaded = new Loader(client, json).load();
        return new Term(next.epoch(), loaded.state(), new ZooKeeperStore(client, json, version, loaded.versions()));
    }

    @Override
    public void close() {
        try {
            latch.close();
        } catch (java.io.IOException | IllegalStateException e) {
            LOG.atDebug().setCause(e).log("the candidacy ends with the session");
        }
        client.close();
    }

    /** Makes the parents, which a transaction cannot make by itself. */
    private void prepare() throws Exception {
        if (client.checkExists().forPath(Paths.META) != null) {
            return;
        }
        List<String> parents = new ArrayList<>(
                List.of(Paths.APPS, Paths.TASKS, Paths.VOLUMES, Paths.MACHINES, Paths.HISTORY, Paths.OPERATIONS));
        parents.addAll(Paths.shards(Paths.TASKS));
        parents.addAll(Paths.shards(Paths.VOLUMES));
        List<CuratorOp> creations = new ArrayList<>();
        for (String parent : parents) {
            creations.add(client.transactionOp().create().forPath(parent, new byte[0]));
        }
        creations.add(client.transactionOp()
                .create()
                .forPath(Paths.EPOCH, json.write(new Epoch(0, "nobody", clock.instant()))));
        creations.add(client.transactionOp()
                .create()
                .forPath(Paths.META, json.write(new Meta(1, UUID.randomUUID().toString()))));
        try {
            client.transaction().forOperations(creations);
        } catch (KeeperException.NodeExistsException e) {
            LOG.info("another scheduler made the store's layout");
        }
    }

    /** What the whole store is: the version of its layout, and a name for the cluster. */
    record Meta(int schema, String cluster) {}
}
