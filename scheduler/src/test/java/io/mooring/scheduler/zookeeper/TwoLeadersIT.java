package io.mooring.scheduler.zookeeper;

import static io.mooring.scheduler.zookeeper.StoreContract.commit;
import static io.mooring.scheduler.zookeeper.ZooKeeperFixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.zookeeper.ZooKeeperFixture.Told;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two schedulers that both believe in their election, and write as fast as they can: never both, and nothing is lost. */
class TwoLeadersIT {
    private static final int REIGNS = 20;
    /** The last reign of all is deposed by nobody, so it ends by itself. */
    private static final int LONGEST_REIGN = 200;
    /** Until a deposed leader deposes the other. */
    private static final long SOME_WRITES_MILLIS = 200;

    @TempDir
    private Path files;

    private TestingServer server;
    private ZooKeeperFixture candidates;
    private final ConcurrentLinkedQueue<Written> written = new ConcurrentLinkedQueue<>();

    /** A commit that its writer was told is durable. */
    private record Written(long epoch, long fence) {}

    @BeforeEach
    void start() throws Exception {
        server = ZooKeeperFixture.server();
        candidates = new ZooKeeperFixture(files);
    }

    @AfterEach
    void stop() throws Exception {
        candidates.close();
        server.close();
    }

    @Test
    void neverCommitsUnderTwoEpochsAtOnce() throws Exception {
        Leadership one = standing("one");
        Leadership two = standing("two");
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> reigns(one, over));
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> reigns(two, over));
        first.get(120, TimeUnit.SECONDS);
        second.get(120, TimeUnit.SECONDS);

        List<Written> history = new ArrayList<>(written);
        history.sort(Comparator.comparing(Written::fence));
        assertThat(history).as("commits").hasSizeGreaterThan(2 * REIGNS);
        assertThat(history)
                .extracting(Written::fence)
                .as("each fence once, none left out: no write was undone, and none hidden")
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, history.size()).boxed().toList());
        assertThat(history)
                .extracting(Written::epoch)
                .as("epochs in the order of writes")
                .isSorted();
        assertThat(history.stream().map(Written::epoch).distinct().count())
                .as("leaderships that wrote")
                .isGreaterThan(REIGNS / 2);
        assertThat(standing("three").beginOnce().state().volumes())
                .extracting(volume -> volume.fence())
                .containsExactly((long) history.size());
    }

    private Leadership standing(String self) throws Exception {
        Leadership candidate = candidates.stand(server.getConnectString(), 10_000, self, new Told());
        until(self + " stands", candidate::prepared);
        return candidate;
    }

    /** Begins a term whoever is elected, and writes until it is deposed; then again. */
    private void reigns(Leadership candidate, AtomicBoolean over) {
        try {
            for (int reign = 0; reign < REIGNS && !over.get(); reign++) {
                Thread.sleep(SOME_WRITES_MILLIS);
                Leadership.Term term = begun(candidate);
                long fence = term.state().volumes().stream()
                        .mapToLong(volume -> volume.fence())
                        .max()
                        .orElse(0);
                for (int writes = 0; writes < LONGEST_REIGN && committed(term.store(), fence + 1); writes++) {
                    fence++;
                    written.add(new Written(term.epoch(), fence));
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            over.set(true);
        }
    }

    private static Leadership.Term begun(Leadership candidate) throws Exception {
        while (true) {
            try {
                return candidate.beginOnce();
            } catch (KeeperException.BadVersionException e) {
                // The other was quicker to raise the epoch.
                Thread.sleep(1);
            }
        }
    }

    private static boolean committed(Store store, long fence) throws Exception {
        return commit(store, List.of(new StoreRecord.PutVolume(Records.volume("orders-db", fence))))
                .equals(new Store.Outcome.Committed());
    }
}
