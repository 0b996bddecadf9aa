package io.mooring.scheduler.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.common.ids.ClaimId;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.engine.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real ZooKeeper, and what stands in its znodes. */
class ZooKeeperStoreIT extends StoreContract {
    @TempDir
    private Path files;

    private final AtomicInteger count = new AtomicInteger();
    private TestingServer server;
    private CuratorFramework client;
    private final List<Leadership> candidates = new ArrayList<>();

    @BeforeEach
    void startServer() throws Exception {
        // The server's own default is every address of the machine.
        Map<String, Object> loopback = Map.of("clientPortAddress", "127.0.0.1");
        server = new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, -1, -1, loopback, "127.0.0.1"), true);
        client = CuratorFrameworkFactory.builder()
                .connectString(server.getConnectString())
                .namespace("mooring")
                .retryPolicy(new RetryOneTime(100))
                .build();
        client.start();
    }

    @AfterEach
    void stopServer() throws Exception {
        candidates.forEach(Leadership::close);
        client.close();
        server.close();
    }

    @Override
    Term begin() throws Exception {
        Leadership.Term term = candidate("scheduler").beginOnce();
        return new Term(term.state(), term.store());
    }

    /** Elections are a hint only, so a test begins terms whoever is elected: the epoch has to be enough. */
    private Leadership candidate(String self) throws Exception {
        Leadership candidate = new Leadership(settings(self), InstantSource.system());
        candidates.add(candidate);
        candidate.stand(new Leadership.Candidate() {
            @Override
            public void elected() {}

            @Override
            public void lost(String why) {}

            @Override
            public void refused(String why) {}
        });
        for (int i = 0; !candidate.prepared() || candidate.leader().isEmpty(); i++) {
            assertThat(i).as("tenths of a second until somebody leads").isLessThan(100);
            Thread.sleep(100);
        }
        return candidate;
    }

    private Leadership.Settings settings(String self) {
        Path file = files.resolve("epoch-" + count.incrementAndGet());
        return new Leadership.Settings(
                server.getConnectString() + "/mooring",
                10_000,
                self,
                new Owner("mooring", Optional.of("mooring-principal")),
                file);
    }

    @Test
    void makesTheLayoutOnce() throws Exception {
        begin();
        String meta = text("/meta");
        begin();

        assertThat(client.getChildren().forPath("/"))
                .contains("apps", "tasks", "volumes", "machines", "history", "ops", "leader", "meta");
        assertThat(client.getChildren().forPath("/tasks")).hasSize(256).contains("00", "ff");
        assertThat(client.getChildren().forPath("/volumes")).hasSize(256);
        assertThat(text("/meta")).isEqualTo(meta).contains("\"schema\":1", "\"cluster\":\"");
    }

    @Test
    void raisesTheEpochWithEveryTerm() throws Exception {
        assertThat(candidate("one").beginOnce().epoch()).isEqualTo(1);
        assertThat(candidate("two").beginOnce().epoch()).isEqualTo(2);

        assertThat(text("/leader/epoch")).contains("\"epoch\":2", "\"leader\":\"two\"");
    }

    @Test
    void writesAGrantAsOneTransaction() throws Exception {
        Store store = begin().store();

        committed(store, Records.grant("orders-db", "claim-1", 1));

        List<Long> transactions = new ArrayList<>();
        for (String path : List.of(
                "/volumes/2a/orders-db",
                "/volumes/2a/orders-db/claim",
                "/machines/machine-1",
                "/machines/machine-1/claims/claim-1",
                Paths.task(Records.task("task-claim-1", List.of()).id()))) {
            Stat stat = client.checkExists().forPath(path);
            assertThat(stat).as(path).isNotNull();
            transactions.add(stat.getCzxid());
        }
        assertThat(transactions.stream().distinct()).hasSize(1);
        assertThat(text("/volumes/2a/orders-db/claim"))
                .contains("\"id\":\"claim-1\"", "\"fence\":1", "\"machine\":\"machine-1\"");
    }

    @Test
    void movesAClaimToHistoryInOneTransaction() throws Exception {
        Store store = begin().store();
        committed(store, Records.grant("orders-db", "claim-1", 1));

        committed(store, List.of(Records.release(Records.claim("orders-db", "claim-1", 1))));

        assertThat(client.checkExists().forPath("/volumes/2a/orders-db/claim")).isNull();
        assertThat(client.checkExists().forPath("/machines/machine-1/claims/claim-1"))
                .isNull();
        assertThat(text(Paths.history(Records.AT, new ClaimId("claim-1")))).contains("\"freedBy\"", "\"E1\"");
    }

    @Test
    void saysWhichLeadershipCheckFailed() throws Exception {
        Store old = begin().store();
        begin();

        Store.Outcome outcome = commit(old, Records.grant("orders-db", "claim-1", 1));

        assertThat(outcome).isInstanceOfSatisfying(Store.Outcome.Lost.class, lost -> assertThat(lost.why())
                .contains("/leader/epoch", "BADVERSION"));
        assertThat(client.checkExists().forPath("/volumes/2a/orders-db")).isNull();
        assertThat(client.checkExists().forPath("/machines/machine-1")).isNull();
    }

    @Test
    void noticesAHandThatWroteBehindItsBack() throws Exception {
        Store store = begin().store();
        committed(store, List.of(new StoreRecord.PutVolume(Records.volume("orders-db", 0))));
        client.setData().forPath("/volumes/2a/orders-db", "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(commit(store, List.of(new StoreRecord.PutVolume(Records.volume("orders-db", 0)))))
                .isInstanceOf(Store.Outcome.Lost.class);
    }

    @Test
    void losesTheCommitWhenNobodyAnswers() throws Exception {
        Store store = begin().store();
        server.stop();

        assertThat(commit(store, List.of(new StoreRecord.PutVolume(Records.volume("orders-db", 0)))))
                .isInstanceOf(Store.Outcome.Lost.class);
    }

    @Test
    void keepsZnodesSmallAndTakesAWholeBatchOfGrants() throws Exception {
        Store store = begin().store();
        List<StoreRecord> batch = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            batch.addAll(Records.grant("volume-" + i, "claim-" + i, 1));
        }

        committed(store, batch);

        assertThat(client.checkExists()
                        .forPath(Paths.claim(Records.volume("volume-7", 1).name()))
                        .getDataLength())
                .isLessThan(10 * 1024);
        assertThat(begin().state().claims()).hasSize(80);
    }

    @Test
    void takesTheLongestAppDefinition() throws Exception {
        Store store = begin().store();

        committed(store, List.of(new StoreRecord.PutApp(Records.app("/web", "x".repeat(200 * 1024)))));

        assertThat(begin().state().apps()).hasSize(1);
    }

    @Test
    void keepsEarlierVersionsOfAppsAndReadsThemOnlyOnDemand() throws Exception {
        Leadership.Term term = candidate("scheduler").beginOnce();
        App first = Records.app("/shop/web", "{\"id\":\"first\"}");
        App second = Records.app("/shop/web", "{\"id\":\"second\"}").after(first);
        committed(term.store(), List.of(new StoreRecord.PutApp(first)));
        committed(
                term.store(),
                List.of(new StoreRecord.KeepVersion(AppVersion.of(first)), new StoreRecord.PutApp(second)));

        Leadership.Term next = candidate("successor").beginOnce();

        assertThat(next.state().app(first.id()).orElseThrow().earlier()).containsExactly(Records.AT);
        assertThat(earlier(next, first)).contains(AppVersion.of(first));
        committed(next.store(), List.of(new StoreRecord.ForgetVersion(first.id(), Records.AT)));
        assertThat(earlier(next, first)).isEmpty();
    }

    private static Optional<AppVersion> earlier(Leadership.Term term, App app) throws Exception {
        return term.versions()
                .earlier(app.id(), Records.AT)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void loadsThousandsOfRecords() throws Exception {
        Store store = begin().store();
        for (int round = 0; round < 10; round++) {
            List<StoreRecord> batch = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                batch.add(new StoreRecord.PutTask(Records.task("task-" + round + "-" + i, List.of())));
            }
            committed(store, batch);
        }

        ClusterState loaded = begin().state();

        assertThat(loaded.tasks()).hasSize(3000);
    }

    @Test
    void namesTheZnodeThatCannotBeRead() throws Exception {
        committed(begin().store(), List.of(new StoreRecord.PutVolume(Records.volume("orders-db", 0))));
        client.setData().forPath("/volumes/2a/orders-db", "{\"name\":\"../x\"}".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(this::begin)
                .hasMessageContaining("/volumes/2a/orders-db")
                .hasMessageContaining("Volume");
    }

    @Test
    void electsOneOfTwoAndTheOtherWhenItGoes() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Leadership one = standing("one", first);
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        try (Leadership two = standing("two", second)) {
            assertThat(second.await(500, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(two.leader()).contains("one");

            one.close();

            assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(two.begin().orElseThrow().epoch()).isEqualTo(1);
        }
    }

    private Leadership standing(String self, CountDownLatch elected) throws Exception {
        Leadership candidate = new Leadership(settings(self), InstantSource.system());
        candidate.stand(new Leadership.Candidate() {
            @Override
            public void elected() {
                elected.countDown();
            }

            @Override
            public void lost(String why) {}

            @Override
            public void refused(String why) {}
        });
        return candidate;
    }

    private String text(String path) throws Exception {
        return new String(client.getData().forPath(path), StandardCharsets.UTF_8);
    }
}
