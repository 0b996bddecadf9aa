package io.mooring.scheduler.zookeeper;

import static io.mooring.scheduler.zookeeper.ZooKeeperFixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.zookeeper.ZooKeeperFixture.Told;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ZooKeeper that knows less than this machine has seen: the term begins in safe mode, and so do later ones. */
class RestoredStoreIT {
    @TempDir
    private Path files;

    private final RecordJson json = new RecordJson();
    private TestingServer server;
    private ZooKeeperFixture candidates;

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

    private Leadership.Term begin(String file) throws Exception {
        Leadership candidate =
                candidates.stand(server.getConnectString(), 10_000, file, files.resolve(file), new Told());
        until("it stands", candidate::prepared);
        return candidate.beginOnce();
    }

    private EpochFile file(String name) {
        return new EpochFile(files.resolve(name), json);
    }

    @Test
    void grantsAsEverWhenTheEpochIsTheOneThatWasSeen() throws Exception {
        assertThat(begin("a").safeMode()).isEmpty();
        candidates.close();

        assertThat(begin("a").safeMode()).isEmpty();
        assertThat(file("a").read()).map(EpochFile.Seen::epoch).contains(2L);
    }

    @Test
    void beginsInSafeModeAboveTheHighestEpochThatWasSeen() throws Exception {
        begin("a");
        candidates.close();
        String cluster = file("a").read().orElseThrow().cluster();
        file("a").saw(cluster, new ZooKeeperStore.Mark(57, 0));

        Leadership.Term term = begin("a");

        assertThat(term.safeMode()).hasValueSatisfying(why -> assertThat(why).contains("epoch 57", "older copy"));
        assertThat(term.epoch()).isEqualTo(58);
        assertThat(term.state().hold(Hold.Kind.SAFE_MODE)).isPresent();
        assertThat(begin("elsewhere").safeMode())
                .as("a scheduler that has not seen it keeps to it")
                .isPresent();
    }

    @Test
    void beginsInSafeModeWhenACopyOfTheSameTermComesBack() throws Exception {
        Leadership.Term term = begin("a");
        commit(term, "in the copy");
        Path copy = files.resolve("copy");
        copy(server.getTempDirectory().toPath(), copy);
        commit(term, "after it");
        until("the last write is remembered", () -> lastSeen("a") == 2);
        candidates.close();
        server.close();

        server = ZooKeeperFixture.server(copy.toFile());
        Leadership.Term next = begin("a");

        assertThat(next.safeMode()).hasValueSatisfying(why -> assertThat(why)
                .contains("number 1 of epoch 1", "number 2 of epoch 1", "older copy"));
        assertThat(next.epoch()).isEqualTo(2);
    }

    private long lastSeen(String name) {
        try {
            return file(name).read().map(EpochFile.Seen::commit).orElse(0L);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void commit(Leadership.Term term, String reason) throws Exception {
        CompletableFuture<Store.Outcome> outcome = new CompletableFuture<>();
        Hold brake = new Hold(Hold.Kind.BRAKE, true, Instant.EPOCH, "operator", reason);
        term.store().commit(List.of(new StoreRecord.PutHold(brake)), outcome::complete);
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(new Store.Outcome.Committed());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    @Test
    void beginsInSafeModeWhenTheStoreIsAnotherOne() throws Exception {
        file("a").adopt("another-cluster", 3);

        Leadership.Term term = begin("a");

        assertThat(term.safeMode()).hasValueSatisfying(why -> assertThat(why).contains("emptied or replaced"));
        assertThat(term.epoch()).isEqualTo(4);
    }

    @Test
    void forgetsNoHigherEpoch() throws Exception {
        file("a").saw("cluster", new ZooKeeperStore.Mark(5, 3));
        file("a").saw("cluster", new ZooKeeperStore.Mark(4, 7));
        file("a").saw("cluster", new ZooKeeperStore.Mark(5, 2));
        file("a").saw("other", new ZooKeeperStore.Mark(9, 9));

        assertThat(file("a").read()).contains(new EpochFile.Seen("cluster", 5, 3));
    }
}
