package io.mooring.scheduler.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.AppVersion;
import io.mooring.scheduler.definition.Group;
import io.mooring.scheduler.zookeeper.Operations.Operation.Kind;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a batch comes to, znode by znode. */
class OperationsTest {
    private final Set<String> there = new HashSet<>();

    private Operations batch(List<StoreRecord> records) {
        Operations operations = new Operations(new RecordJson(), there::contains);
        records.forEach(operations::add);
        return operations;
    }

    private static List<String> words(Operations operations) {
        return operations.all().stream()
                .map(operation -> operation.kind() + " " + operation.path())
                .toList();
    }

    @Test
    void writesAGrantWithItsParentsFirst() {
        assertThat(words(batch(Records.grant("orders-db", "claim-1", 1))))
                .containsExactly(
                        "CREATE /machines/machine-1",
                        "CREATE /machines/machine-1/claims",
                        "CREATE /volumes/2a/orders-db",
                        "CREATE /volumes/2a/orders-db/claim",
                        "CREATE /machines/machine-1/claims/claim-1",
                        "CREATE "
                                + Paths.task(
                                        Records.task("task-claim-1", List.of()).id()));
    }

    @Test
    void leavesAParentThatGoesAndComesAgainAsItIs() {
        there.add(Paths.machine(Records.MACHINE));
        there.add(Paths.machineClaims(Records.MACHINE));

        assertThat(words(batch(List.of(
                        new StoreRecord.RemoveMachine(Records.MACHINE),
                        new StoreRecord.PutMachine(Records.machine())))))
                .containsExactly("SET /machines/machine-1");
    }

    @Test
    void writesTheParentsBeforeTheFirstReleaseOfAnHour() {
        Claim claim = Records.claim("orders-db", "claim-1", 1);
        there.add(Paths.claim(claim.volume()));
        there.add(Paths.machineClaim(claim.machine(), claim.id()));

        assertThat(words(batch(List.of(Records.release(claim)))))
                .containsExactly(
                        "DELETE /volumes/2a/orders-db/claim",
                        "DELETE /machines/machine-1/claims/claim-1",
                        "CREATE /history/2026030405",
                        "CREATE /history/2026030405/4",
                        "CREATE /history/2026030405/4/claim-1");
    }

    @Test
    void writesNothingThatABatchMakesAndRemoves() {
        assertThat(words(batch(List.of(
                        new StoreRecord.PutTask(Records.task("task-1", List.of())),
                        new StoreRecord.RemoveTask(
                                Records.task("task-1", List.of()).id())))))
                .isEmpty();
    }

    @Test
    void replacesWhatABatchRemovesAndMakesAgain() {
        there.add(Paths.volume(Records.volume("orders-db", 0).name()));

        Operations operations = batch(List.of(
                new StoreRecord.RemoveVolume(Records.volume("orders-db", 0).name()),
                new StoreRecord.PutVolume(Records.volume("orders-db", 0))));

        assertThat(operations.all()).singleElement().satisfies(operation -> assertThat(operation.kind())
                .isEqualTo(Kind.SET));
    }

    @Test
    void doesNotLetOneGrantOverwriteAnother() {
        List<StoreRecord> twice = new ArrayList<>(Records.grant("orders-db", "claim-1", 1));
        twice.add(new StoreRecord.GrantClaim(Records.claim("orders-db", "claim-2", 2)));

        assertThatThrownBy(() -> batch(twice)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void doesNotLetAGrantOverwriteAClaimThatWasChangedBeforeIt() {
        Claim claim = Records.claim("orders-db", "claim-1", 1);
        there.add(Paths.claim(claim.volume()));

        assertThatThrownBy(() -> batch(List.of(
                        new StoreRecord.PutClaim(claim),
                        new StoreRecord.GrantClaim(Records.claim("orders-db", "claim-2", 2)))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsAnAppWhoseIdHasSlashesInOneZnode() {
        assertThat(Paths.app(Records.app("/shop/orders", "{}").id())).isEqualTo("/apps/shop%2Forders");
    }

    /** Every kind of record has its znode: one that is new and has none fails here. */
    @Test
    void knowsAZnodeForEveryKindOfRecord() {
        List<String> kinds = new ArrayList<>();
        for (Class<?> kind : StoreRecord.class.getPermittedSubclasses()) {
            kinds.add(kind.getSimpleName());
            for (Constructor<?> constructor : kind.getDeclaredConstructors()) {
                assertThat(constructor.getParameterCount()).isPositive();
            }
        }
        List<StoreRecord> one = examples();
        assertThat(one.stream().map(record -> record.getClass().getSimpleName()))
                .containsExactlyInAnyOrderElementsOf(kinds);
        for (StoreRecord record : one) {
            there.add(Paths.claim(Records.claim("orders-db", "claim-1", 1).volume()));
            assertThat(batch(List.of(record)).all()).as("%s", record).isNotEmpty();
        }
    }

    static List<StoreRecord> examples() {
        Claim claim = Records.claim("orders-db", "claim-1", 1);
        return List.of(
                new StoreRecord.PutFramework(new io.mooring.common.ids.FrameworkId("f")),
                new StoreRecord.PutApp(Records.app("/web", "{}")),
                new StoreRecord.RemoveApp(Records.app("/web", "{}").id()),
                new StoreRecord.KeepVersion(AppVersion.of(Records.app("/web", "{}"))),
                new StoreRecord.ForgetVersion(Records.app("/web", "{}").id(), Records.AT),
                new StoreRecord.PutGroup(new Group("/shop/data", Records.AT)),
                new StoreRecord.RemoveGroup("/shop/data"),
                new StoreRecord.PutTask(Records.task("task-1", List.of())),
                new StoreRecord.RemoveTask(Records.task("task-1", List.of()).id()),
                new StoreRecord.PutForeign(Records.foreign("foreign-1")),
                new StoreRecord.RemoveForeign(Records.foreign("foreign-1").id()),
                new StoreRecord.PutVolume(Records.volume("orders-db", 0)),
                new StoreRecord.RemoveVolume(Records.volume("orders-db", 0).name()),
                new StoreRecord.PutMachine(Records.machine()),
                new StoreRecord.GrantClaim(claim),
                new StoreRecord.PutClaim(claim),
                Records.release(claim),
                new StoreRecord.ForgetClaim(((StoreRecord.ReleaseClaim) Records.release(claim)).released()),
                new StoreRecord.RemoveHistoryHour(Records.AT),
                new StoreRecord.PutFenceFloor(7),
                new StoreRecord.RemoveMachine(Records.MACHINE),
                new StoreRecord.PutCutOff(Records.cutOff(claim)),
                new StoreRecord.RemoveCutOff("op-1"),
                new StoreRecord.PutHold(Records.brake()));
    }
}
