package io.mooring.scheduler.zookeeper;

import static io.mooring.scheduler.zookeeper.ZooKeeperFixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.zookeeper.ZooKeeperFixture.Told;
import java.nio.file.Path;
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
        file("a").saw(cluster, 57);

        Leadership.Term term = begin("a");

        assertThat(term.safeMode()).hasValueSatisfying(why -> assertThat(why).contains("57", "older copy"));
        assertThat(term.epoch()).isEqualTo(58);
        assertThat(term.state().hold(Hold.Kind.SAFE_MODE)).isPresent();
        assertThat(begin("elsewhere").safeMode())
                .as("a scheduler that has not seen it keeps to it")
                .isPresent();
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
        file("a").saw("cluster", 5);
        file("a").saw("cluster", 4);
        file("a").saw("other", 9);

        assertThat(file("a").read()).contains(new EpochFile.Seen("cluster", 5));
    }
}
