package io.mooring.scheduler.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Group;
import io.mooring.scheduler.engine.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store does, whether it lasts or is only for tests: a batch whole or not at all, under one leadership. */
abstract class StoreContract {
    /** A store under a new term, with what is durable. Earlier stores lose their right to write. */
    abstract Term begin() throws Exception;

    /** What a term starts with. */
    record Term(ClusterState state, Store store) {}

    static Store.Outcome commit(Store store, List<StoreRecord> records) throws Exception {
        CompletableFuture<Store.Outcome> outcome = new CompletableFuture<>();
        store.commit(records, outcome::complete);
        return outcome.get(20, TimeUnit.SECONDS);
    }

    static void committed(Store store, List<StoreRecord> records) throws Exception {
        assertThat(commit(store, records)).isEqualTo(new Store.Outcome.Committed());
    }

    @Test
    void givesBackWhatWasCommitted() throws Exception {
        List<StoreRecord> all = new ArrayList<>();
        all.add(new StoreRecord.PutFramework(new FrameworkId("framework-1")));
        all.add(new StoreRecord.PutApp(Records.app("/shop/orders", "{\"id\":\"/shop/orders\"}")));
        all.addAll(Records.grant("orders-db", "claim-1", 1));
        all.add(new StoreRecord.PutVolume(Records.volume("Idle-DB", 0)));

        committed(begin().store(), all);

        ClusterState expected = new ClusterState();
        all.forEach(expected::apply);
        same(begin().state(), expected);
    }

    @Test
    void givesBackWhatTasksOfOtherFrameworksAskedFor() throws Exception {
        Store store = begin().store();
        committed(store, List.of(new StoreRecord.PutForeign(Records.foreign("foreign-1"))));
        committed(store, List.of(new StoreRecord.PutForeign(Records.foreign("foreign-2"))));

        assertThat(begin().state().foreign().all())
                .containsExactly(Records.foreign("foreign-1"), Records.foreign("foreign-2"));
        Store next = begin().store();
        committed(
                next,
                List.of(new StoreRecord.RemoveForeign(
                        Records.foreign("foreign-1").id())));
        committed(next, List.of(new StoreRecord.PutForeign(Records.foreign("foreign-2"))));
        assertThat(begin().state().foreign().all()).containsExactly(Records.foreign("foreign-2"));
    }

    @Test
    void givesBackHistoryTheNewestFirst() throws Exception {
        Store store = begin().store();
        for (int fence = 1; fence <= 3; fence++) {
            committed(store, Records.grant("orders-db", "claim-" + fence, fence));
            committed(
                    store,
                    List.of(
                            Records.release(Records.claim("orders-db", "claim-" + fence, fence)),
                            new StoreRecord.PutVolume(Records.volume("orders-db", 0))));
        }

        ClusterState loaded = begin().state();

        assertThat(loaded.historyOf(Records.volume("orders-db", 0).name()))
                .extracting(released -> released.claim().fence())
                .containsExactly(3L, 2L, 1L);
        assertThat(loaded.claims()).isEmpty();
    }

    @Test
    void tellsADeposedLeaderSoEvenIfItHasNothingToRecord() throws Exception {
        Store store = begin().store();
        committed(store, List.of());

        begin();

        assertThat(commit(store, List.of())).isInstanceOf(Store.Outcome.Lost.class);
    }

    @Test
    void refusesASecondClaimOnAVolume() throws Exception {
        Store store = begin().store();
        committed(store, Records.grant("orders-db", "claim-1", 1));

        Store.Outcome outcome = commit(store, Records.grant("orders-db", "claim-2", 2));

        assertThat(outcome).isInstanceOf(Store.Outcome.Lost.class);
        ClusterState loaded = begin().state();
        assertThat(loaded.claims()).extracting(Claim::fence).containsExactly(1L);
        assertThat(loaded.task(new TaskId("task-claim-2")))
                .as("nothing of the batch")
                .isEmpty();
    }

    @Test
    void refusesAllWritesOfAnOlderTerm() throws Exception {
        Store old = begin().store();
        committed(old, List.of(new StoreRecord.PutVolume(Records.volume("one", 0))));
        Store next = begin().store();

        assertThat(commit(old, Records.grant("two", "claim-2", 1))).isInstanceOf(Store.Outcome.Lost.class);
        committed(next, Records.grant("three", "claim-3", 1));

        assertThat(begin().state().volumes())
                .extracting(volume -> volume.name().value())
                .containsExactly("one", "three");
    }

    @Test
    void writesWhatABatchChangesTwiceInItsLastForm() throws Exception {
        Store store = begin().store();
        List<StoreRecord> batch = new ArrayList<>(Records.grant("orders-db", "claim-1", 1));
        Claim first = Records.claim("orders-db", "claim-1", 1);
        batch.add(Records.release(first));
        batch.add(new StoreRecord.RemoveTask(first.task()));
        batch.addAll(Records.grant("orders-db", "claim-2", 2));
        batch.add(new StoreRecord.PutGroup(new Group("/shop/data", Records.AT)));

        committed(store, batch);
        committed(store, List.of(new StoreRecord.PutClaim(Records.claim("orders-db", "claim-2", 2))));

        ClusterState expected = new ClusterState();
        batch.forEach(expected::apply);
        same(begin().state(), expected);
    }

    @Test
    void releasesAndGrantsAgainInOneBatch() throws Exception {
        Store store = begin().store();
        committed(store, Records.grant("orders-db", "claim-1", 1));
        List<StoreRecord> batch = new ArrayList<>();
        batch.add(Records.release(Records.claim("orders-db", "claim-1", 1)));
        batch.addAll(Records.grant("orders-db", "claim-2", 2));

        committed(store, batch);

        assertThat(begin().state().claims()).extracting(Claim::fence).containsExactly(2L);
    }

    @Test
    void forgetsWhatWasRemoved() throws Exception {
        Store store = begin().store();
        committed(
                store,
                List.of(
                        new StoreRecord.PutApp(Records.app("/web", "{}")),
                        new StoreRecord.PutGroup(new Group("/shop/data", Records.AT)),
                        new StoreRecord.PutTask(Records.task("task-1", List.of())),
                        new StoreRecord.PutVolume(Records.volume("one", 0))));

        committed(
                store,
                List.of(
                        new StoreRecord.RemoveTask(new TaskId("task-1")),
                        new StoreRecord.RemoveApp(new AppId("/web")),
                        new StoreRecord.RemoveGroup("/shop/data"),
                        new StoreRecord.RemoveVolume(Records.volume("one", 0).name())));

        ClusterState loaded = begin().state();
        assertThat(loaded.apps()).isEmpty();
        assertThat(loaded.groups()).isEmpty();
        assertThat(loaded.tasks()).isEmpty();
        assertThat(loaded.volumes()).isEmpty();
    }

    @Test
    void goesOnWithWhatIsThereInTheNextTerm() throws Exception {
        committed(begin().store(), Records.grant("orders-db", "claim-1", 1));
        Store next = begin().store();
        Claim claim = Records.claim("orders-db", "claim-1", 1);

        committed(next, List.of(new StoreRecord.PutClaim(claim)));
        committed(next, List.of(Records.release(claim), new StoreRecord.RemoveTask(claim.task())));

        assertThat(begin().state().claims()).isEmpty();
    }

    @Test
    void takesAnEmptyBatch() throws Exception {
        committed(begin().store(), List.of());
    }

    static void same(ClusterState loaded, ClusterState expected) {
        assertThat(loaded.framework()).isEqualTo(expected.framework());
        assertThat(List.copyOf(loaded.apps())).isEqualTo(List.copyOf(expected.apps()));
        assertThat(List.copyOf(loaded.groups())).isEqualTo(List.copyOf(expected.groups()));
        assertThat(Set.copyOf(loaded.tasks())).isEqualTo(Set.copyOf(expected.tasks()));
        assertThat(List.copyOf(loaded.volumes())).isEqualTo(List.copyOf(expected.volumes()));
        assertThat(List.copyOf(loaded.machines())).isEqualTo(List.copyOf(expected.machines()));
        assertThat(Set.copyOf(loaded.claims())).isEqualTo(Set.copyOf(expected.claims()));
        expected.volumes().forEach(volume -> assertThat(loaded.historyOf(volume.name()))
                .isEqualTo(expected.historyOf(volume.name())));
    }
}
