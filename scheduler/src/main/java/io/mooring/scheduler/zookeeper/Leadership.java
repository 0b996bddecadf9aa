package io.mooring.scheduler.zookeeper;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.engine.Versions;
import io.mooring.scheduler.zookeeper.Session.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.SessionConnectionStateErrorPolicy;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Election, and what makes it safe: a new leader raises the epoch before it reads anything, so that whatever an older
 * leader still has on its way fails as a whole. Who is elected is Curator's to say and only a hint; two that believe it
 * at once do no harm. A connection that is suspended costs nobody the leadership, a session that is lost does.
 */
public final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final long AGAIN_MILLIS = 1000;
    private static final Duration LEADER_KNOWN = Duration.ofMillis(250);
    private static final String SAFE_MODE = Paths.hold(Hold.Kind.SAFE_MODE);

    private final Settings settings;
    private final CuratorFramework client;
    private final LeaderLatch latch;
    private final RecordJson json = new RecordJson();
    private final EpochFile file;
    private final InstantSource clock;
    private final Thread candidacy;
    private volatile Candidate candidate;
    private volatile Duration standsAside = Duration.ZERO;
    private volatile Layout.Meta meta;
    private volatile ZooKeeperStore store;
    private volatile LastSeen lastSeen = new LastSeen(Optional.empty(), Instant.MIN);
    private volatile boolean closed;

    /**
     * Where a scheduler stands for election, and as who.
     *
     * @param connect {@code host:port,host:port/root}
     * @param self the address under which this scheduler serves its API
     * @param owner the framework, which has to be the one that the root belongs to
     * @param epochFile where the last write that was seen is remembered on this machine
     */
    public record Settings(String connect, int sessionTimeoutMs, String self, Owner owner, Path epochFile) {}

    /** What stands in the epoch's znode. */
    record Epoch(long epoch, String leader, Instant since) {}

    private record LastSeen(Optional<String> leader, Instant at) {}

    /**
     * A leadership that has begun: its epoch, what is durable, and the store that writes under it.
     *
     * @param safeMode why nothing may be granted
     * @param remembers whether this machine knows earlier terms of this store, or there were none; without that a store that
     *     was restored from an older copy looks like any other
     * @param stands asks ZooKeeper whether no later term has begun; blocks; false also when nobody answers. Whatever acts
     *     outside by itself, and not after a commit, asks first
     */
    public record Term(
            long epoch,
            ClusterState state,
            Store store,
            Versions versions,
            Optional<String> safeMode,
            boolean remembers,
            BooleanSupplier stands) {}

    /** Is told of elections, on a thread of ZooKeeper's. */
    public interface Candidate {
        void elected();

        /** The leadership is over; only who was elected is told. */
        void lost(String why);

        /** This scheduler can never lead here, and should say so and end. */
        void refused(String why);
    }

    public Leadership(Settings settings, InstantSource clock) {
        int slash = settings.connect().indexOf('/');
        String connect = settings.connect();
        this.settings = settings;
        this.client = CuratorFrameworkFactory.builder()
                .connectString(slash < 0 ? connect : connect.substring(0, slash))
                .namespace(slash < 0 ? "mooring" : connect.substring(slash + 1))
                .sessionTimeoutMs(settings.sessionTimeoutMs())
                .connectionTimeoutMs(settings.sessionTimeoutMs())
                .retryPolicy(new ExponentialBackoffRetry(100, 5, 3000))
                // By default a suspended connection would end the leadership, and each hiccup cost a restart.
                .connectionStateErrorPolicy(new SessionConnectionStateErrorPolicy())
                .build();
        this.latch = new LeaderLatch(client, Paths.CANDIDATES, settings.self(), LeaderLatch.CloseMode.SILENT);
        this.file = new EpochFile(settings.epochFile(), json);
        this.clock = clock;
        this.candidacy = new Thread(this::candidacy, "candidacy");
        this.candidacy.setDaemon(true);
    }

    /** Stands for election at once. */
    public void stand(Candidate who) {
        stand(who, Duration.ZERO);
    }

    /**
     * Connects and stands for election, for as long as it takes and again after each lost session. Does not block.
     *
     * @param aside leaves the election to others that long, knowing who leads
     */
    public void stand(Candidate who, Duration aside) {
        candidate = who;
        standsAside = aside;
        client.getConnectionStateListenable().addListener((ignored, state) -> connection(state));
        latch.addListener(new LeaderLatchListener() {
            @Override
            public void isLeader() {
                who.elected();
            }

            @Override
            public void notLeader() {
                over("another scheduler is elected, or the session at ZooKeeper was lost");
            }
        });
        client.start();
        candidacy.start();
    }

    /** Whether the store was found usable, so that a term could begin. */
    boolean prepared() {
        return meta != null;
    }

    /** Who is elected now, as of a moment ago; empty while nobody is, or ZooKeeper cannot be asked. */
    public Optional<String> leader() {
        LastSeen known = lastSeen;
        Instant now = clock.instant();
        if (!connected()) {
            return Optional.empty();
        }
        if (known.at().isAfter(now.minus(LEADER_KNOWN)) && !known.at().isAfter(now)) {
            return known.leader();
        }
        Optional<String> leader = askLeader();
        lastSeen = new LastSeen(leader, now);
        return leader;
    }

    private Optional<String> askLeader() {
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

    /**
     * Begins a term: raises the epoch, then loads. Blocks; not for a thread of ZooKeeper's. What goes wrong with the
     * connection is tried again for as long as this scheduler is elected.
     *
     * @return empty when it is not elected any more
     */
    public Optional<Term> begin() throws IOException, InterruptedException {
        while (!closed && latch.hasLeadership()) {
            try {
                Term term = beginOnce();
                if (latch.hasLeadership()) {
                    return Optional.of(term);
                }
                end("the election went to another scheduler while the term began");
            } catch (KeeperException e) {
                LOG.warn("the term could not begin yet: {}", e.toString());
                Thread.sleep(AGAIN_MILLIS);
            }
        }
        return Optional.empty();
    }

    /** Begins a term whoever is elected: the epoch has to be enough to keep the others out. */
    Term beginOnce() throws KeeperException, IOException, InterruptedException {
        Session session = Session.of(client);
        Raised raised = raise(session);
        file.adopt(meta.cluster(), raised.fence().epoch());
        Loader.Loaded loaded = new Loader(session, json).load();
        ZooKeeperStore begun =
                new ZooKeeperStore(session, json, raised.fence(), raised.markVersion(), loaded.versions());
        store = begun;
        return new Term(
                raised.fence().epoch(),
                loaded.state(),
                begun,
                new KeptVersions(session, json),
                raised.safeMode(),
                raised.remembers(),
                begun::stands);
    }

    /** An epoch that is this scheduler's. */
    private record Raised(ZooKeeperStore.Fence fence, int markVersion, Optional<String> safeMode, boolean remembers) {}

    private Raised raise(Session session) throws KeeperException, IOException, InterruptedException {
        Session.Node node = session.read(Paths.EPOCH);
        Epoch last = json.read(node.data(), Epoch.class);
        Optional<EpochFile.Seen> seen = file.read();
        ZooKeeperStore.Mark lastWrite = lastWrite(session, last.epoch());
        Optional<String> restored = seen.flatMap(known -> restored(known, lastWrite));
        Earlier earlier = earlier(session);
        Optional<String> safeMode = earlier.reason().or(() -> restored);
        // Never a number that was used: executors heed nothing from below the highest epoch that they have seen.
        long epoch = Math.max(last.epoch(), seen.map(EpochFile.Seen::epoch).orElse(0L)) + 1;

        List<Op> raise = new ArrayList<>();
        raise.add(session.set(
                Paths.EPOCH, json.write(new Epoch(epoch, settings.self(), clock.instant())), node.version()));
        raise.add(session.set(Paths.COMMIT, json.write(new ZooKeeperStore.Mark(epoch, 0)), -1));
        if (earlier.reason().isEmpty() && restored.isPresent()) {
            byte[] hold = json.write(new Hold(Hold.Kind.SAFE_MODE, true, clock.instant(), "scheduler", restored.get()));
            raise.add(
                    earlier.version() < 0
                            ? session.create(SAFE_MODE, hold)
                            : session.set(SAFE_MODE, hold, earlier.version()));
        }
        Verdict verdict = session.multi(raise);
        if (verdict.code() != Code.OK) {
            throw KeeperException.create(verdict.code(), Paths.EPOCH);
        }
        safeMode.ifPresent(why -> LOG.error("SAFE MODE, nothing is granted: {}", why));
        boolean remembers = seen.isPresent() || last.epoch() == 0;
        return new Raised(new ZooKeeperStore.Fence(epoch, verdict.version(0)), verdict.version(1), safeMode, remembers);
    }

    /** Why this ZooKeeper cannot be the one that this machine knows, in its latest state. */
    private Optional<String> restored(EpochFile.Seen seen, ZooKeeperStore.Mark last) {
        if (!seen.cluster().equals(meta.cluster())) {
            return Optional.of(
                    "ZooKeeper holds cluster " + meta.cluster() + ", and this machine's schedulers led cluster "
                            + seen.cluster() + " (" + settings.epochFile() + "): the store was emptied or replaced");
        }
        ZooKeeperStore.Mark known = new ZooKeeperStore.Mark(seen.epoch(), seen.commit());
        return new EpochFile.Seen(meta.cluster(), last.epoch(), last.number()).before(known)
                ? Optional.of("ZooKeeper's last write is " + last + ", and " + known + " was seen on this machine ("
                        + settings.epochFile() + "): ZooKeeper was restored from an older copy")
                : Optional.empty();
    }

    private ZooKeeperStore.Mark lastWrite(Session session, long epoch)
            throws KeeperException, InterruptedException, IOException {
        byte[] data = session.read(Paths.COMMIT).data();
        return data.length == 0 ? new ZooKeeperStore.Mark(epoch, 0) : json.read(data, ZooKeeperStore.Mark.class);
    }

    /** Whether safe mode is on already; the version is -1 when its znode is not there. */
    private record Earlier(Optional<String> reason, int version) {}

    private Earlier earlier(Session session) throws KeeperException, InterruptedException, IOException {
        try {
            Session.Node node = session.read(SAFE_MODE);
            Hold hold = json.read(node.data(), Hold.class);
            return new Earlier(hold.on() ? Optional.of(hold.reason()) : Optional.empty(), node.version());
        } catch (KeeperException.NoNodeException e) {
            return new Earlier(Optional.empty(), -1);
        }
    }

    @Override
    public void close() {
        closed = true;
        candidacy.interrupt();
        end("this scheduler stops");
        try {
            latch.close();
        } catch (IOException | IllegalStateException e) {
            LOG.atDebug().setCause(e).log("the candidacy ends with the session");
        }
        client.close();
    }

    private void candidacy() {
        while (!closed) {
            try {
                client.blockUntilConnected();
                meta = new Layout(Session.of(client), json).prepare(settings.owner(), clock.instant());
                Thread.sleep(standsAside.toMillis());
                latch.start();
                follow(meta.cluster());
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (UnusableStoreException e) {
                candidate.refused(e.getMessage());
                return;
            } catch (Exception e) { // the top of a thread, and Curator declares no narrower one
                LOG.warn("cannot stand for election yet: {}", e.toString());
                pause();
            }
        }
    }

    /**
     * What this machine knows of the last write must not depend on which of its schedulers made it. It is asked for and not
     * watched, because a watch would be told of every commit.
     */
    private void follow(String cluster) throws InterruptedException {
        while (!closed) {
            Thread.sleep(AGAIN_MILLIS);
            try {
                byte[] data = client.getData().forPath(Paths.COMMIT);
                file.saw(cluster, json.read(data, ZooKeeperStore.Mark.class));
            } catch (InterruptedException e) {
                throw e;
            } catch (IOException e) {
                LOG.atError().setCause(e).log("the last write that was seen cannot be remembered");
            } catch (Exception e) { // Curator declares no narrower one
                LOG.atDebug().setCause(e).log("the last write is not known");
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connection(ConnectionState state) {
        if (state == ConnectionState.SUSPENDED) {
            LOG.warn("the connection to ZooKeeper is suspended; nothing is committed until it is back");
        } else if (state == ConnectionState.LOST) {
            over("the session at ZooKeeper was lost");
        } else {
            LOG.info("connection to ZooKeeper: {}", state);
        }
    }

    private void over(String why) {
        if (end(why)) {
            candidate.lost(why);
        }
    }

    /** Whether there was a term to end. */
    private synchronized boolean end(String why) {
        ZooKeeperStore ending = store;
        store = null;
        if (ending != null) {
            ending.end(why);
        }
        return ending != null;
    }
}
