package io.mooring.scheduler.zookeeper;

import static io.mooring.scheduler.zookeeper.StoreContract.commit;
import static io.mooring.scheduler.zookeeper.StoreContract.committed;
import static io.mooring.scheduler.zookeeper.ZooKeeperFixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.zookeeper.CuttingProxy.Moment;
import io.mooring.scheduler.zookeeper.ZooKeeperFixture.Told;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that breaks under a transaction: whether it happened is found out exactly, each time. */
class UnknownOutcomeIT {
    private static final int SESSION_MILLIS = 10_000;

    @TempDir
    private Path files;

    private TestingServer server;
    private CuttingProxy proxy;
    private ZooKeeperFixture candidates;
    private CuratorFramework observer;

    @BeforeEach
    void start() throws Exception {
        server = ZooKeeperFixture.server();
        proxy = new CuttingProxy(server.getPort());
        candidates = new ZooKeeperFixture(files);
        observer = CuratorFrameworkFactory.builder()
                .connectString(server.getConnectString())
                .namespace("mooring")
                .retryPolicy(new RetryOneTime(100))
                .build();
        observer.start();
    }

    @AfterEach
    void stop() throws Exception {
        candidates.close();
        observer.close();
        proxy.close();
        server.close();
    }

    private Leadership leader(Told told) throws Exception {
        Leadership leader = candidates.stand(proxy.address(), SESSION_MILLIS, "one", told);
        until("it is elected", () -> told.elections() > 0);
        return leader;
    }

    private Leadership.Term reload() throws Exception {
        Told told = new Told();
        Leadership next = candidates.stand(server.getConnectString(), SESSION_MILLIS, "two", told);
        until("it stands", next::prepared);
        return next.beginOnce();
    }

    private String mark() throws Exception {
        return new String(observer.getData().forPath("/leader/commit"), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void commitsOnceWhateverTheMomentAtWhichTheConnectionBreaks(Moment moment) throws Exception {
        Store store = leader(new Told()).beginOnce().store();
        CountDownLatch cut = proxy.cut(moment, "claim-77", 1);

        committed(store, Records.grant("orders-db", "claim-77", 1));

        assertThat(cut.getCount()).isZero();
        // Write 1 was the batch, what followed a barrier; only a batch that did not arrive is sent again, under a new
        // number.
        assertThat(mark().contains("\"number\":1}")).isEqualTo(moment == Moment.BEFORE_IT_IS_ANSWERED);
        assertThat(observer.checkExists().forPath("/volumes/2a/orders-db/claim").getVersion())
                .isZero();
        committed(store, List.of(Records.release(Records.claim("orders-db", "claim-77", 1))));
        assertThat(reload().state().claims()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void goesOnWhenTheBarrierMeetsABrokenConnectionToo(Moment moment) throws Exception {
        Leadership.Term term = leader(new Told()).beginOnce();
        // What batch and barrier have in common is this epoch's mark.
        CountDownLatch cut = proxy.cut(moment, "{\"epoch\":" + term.epoch() + ",\"number\":", 3);

        committed(term.store(), Records.grant("orders-db", "claim-78", 1));

        assertThat(cut.getCount()).isZero();
        assertThat(reload().state().claims()).extracting(Claim::fence).containsExactly(1L);
    }

    @Test
    void countsTheSameWritesAsTheServer() throws Exception {
        Store store = leader(new Told()).beginOnce().store();
        committed(store, List.of(new StoreRecord.PutVolume(Records.volume("orders-db", 0))));
        for (int fence = 1; fence <= 4; fence++) {
            proxy.cut(
                    fence % 2 == 0 ? Moment.BEFORE_IT_ARRIVES : Moment.BEFORE_IT_IS_ANSWERED, "\"fence\":" + fence, 1);

            committed(store, List.of(new StoreRecord.PutVolume(Records.volume("orders-db", fence))));
        }

        assertThat(observer.checkExists().forPath("/volumes/2a/orders-db").getVersion())
                .isEqualTo(4);
        assertThat(reload().state().volumes())
                .extracting(volume -> volume.fence())
                .containsExactly(4L);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void losesTheCommitWhenAnotherTermBeganMeanwhile(Moment moment) throws Exception {
        Store store = leader(new Told()).beginOnce().store();
        CountDownLatch cut = proxy.cut(moment, "claim-79", 1);
        CompletableFuture<Store.Outcome> outcome = new CompletableFuture<>();
        proxy.refuse();
        store.commit(Records.grant("orders-db", "claim-79", 1), outcome::complete);
        assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();

        Leadership.Term next = reload();
        proxy.admit();

        assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(Store.Outcome.Lost.class);
        assertThat(next.state().claims()).hasSize(moment == Moment.BEFORE_IT_ARRIVES ? 0 : 1);
        assertThat(reload().state().claims())
                .as("nothing came late")
                .hasSameSizeAs(next.state().claims());
    }

    @Test
    void waitsThroughASuspendedConnectionAndKeepsTheLeadership() throws Exception {
        Told told = new Told();
        Leadership leader = leader(told);
        Store store = leader.begin().orElseThrow().store();
        proxy.refuse();
        proxy.breakAll();
        CompletableFuture<Store.Outcome> outcome = new CompletableFuture<>();
        store.commit(Records.grant("orders-db", "claim-80", 1), outcome::complete);

        Thread.sleep(2000);
        assertThat(outcome).isNotDone();
        proxy.admit();

        assertThat(outcome.get(20, TimeUnit.SECONDS)).isEqualTo(new Store.Outcome.Committed());
        assertThat(told.lost()).isEmpty();
        assertThat(told.elections()).isEqualTo(1);
    }

    @Test
    void losesWhatItHasNotCommittedWhenTheSessionEnds() throws Exception {
        Told told = new Told();
        Leadership leader = candidates.stand(proxy.address(), 3000, "one", told);
        until("it is elected", () -> told.elections() == 1);
        Leadership.Term term = leader.begin().orElseThrow();
        committed(term.store(), List.of(new StoreRecord.PutVolume(Records.volume("orders-db", 0))));

        proxy.hold();
        CompletableFuture<Store.Outcome> outcome = new CompletableFuture<>();
        term.store().commit(Records.grant("invoices-db", "claim-81", 1), outcome::complete);

        assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(Store.Outcome.Lost.class);
        until("it is told", () -> !told.lost().isEmpty());
        proxy.release();
        assertThat(term.stands().getAsBoolean()).isFalse();
        assertThat(commit(term.store(), List.of())).isInstanceOf(Store.Outcome.Lost.class);
        assertThat(reload().state().volumes()).hasSize(1);
    }

    @Test
    void standsAgainAfterAStandbysSessionEnded() throws Exception {
        Told first = new Told();
        Leadership leader = candidates.stand(server.getConnectString(), SESSION_MILLIS, "one", first);
        until("the first is elected", () -> first.elections() == 1);
        assertThat(leader.begin()).isPresent();
        Told second = new Told();
        Leadership standby = candidates.stand(proxy.address(), 3000, "two", second);
        until("both stand", () -> standby.leader().equals(Optional.of("one")));

        proxy.hold();
        until("its session is gone", () -> !standby.connected());
        Thread.sleep(4000);
        proxy.release();
        until("it is connected again", standby::connected);
        assertThat(second.lost()).isEmpty();
        leader.close();

        until("the standby is elected", () -> second.elections() == 1);
        assertThat(standby.begin().orElseThrow().epoch()).isEqualTo(2);
    }

    @Test
    void givesUpABatchThatBreaksTheConnectionEachTime() throws Exception {
        Store store = leader(new Told()).beginOnce().store();
        proxy.cut(Moment.BEFORE_IT_ARRIVES, "claim-82", 1000);

        Store.Outcome outcome = commit(store, Records.grant("orders-db", "claim-82", 1));

        assertThat(outcome).isInstanceOfSatisfying(Store.Outcome.Lost.class, lost -> assertThat(lost.why())
                .contains("broke 5 times"));
        assertThat(reload().state().claims()).isEmpty();
    }
}
