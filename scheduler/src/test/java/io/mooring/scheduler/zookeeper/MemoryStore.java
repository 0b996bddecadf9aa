package io.mooring.scheduler.zookeeper;

import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.engine.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A store that lasts as long as the test, with the rules of the real one. */
final class MemoryStore {
    private final List<StoreRecord> durable = new ArrayList<>();
    private int epoch;

    /** Everything that is durable. */
    ClusterState load() {
        ClusterState state = new ClusterState();
        durable.forEach(state::apply);
        return state;
    }

    /** A store under a new term. */
    Store begin() {
        int own = ++epoch;
        return (records, outcome) -> commit(own, records, outcome);
    }

    private void commit(int own, List<StoreRecord> records, Consumer<Store.Outcome> outcome) {
        if (own != epoch) {
            outcome.accept(new Store.Outcome.Lost("another term began"));
            return;
        }
        ClusterState state = load();
        for (StoreRecord change : records) {
            if (change instanceof StoreRecord.GrantClaim grant && held(state, grant.claim())) {
                outcome.accept(new Store.Outcome.Lost(grant.claim().volume() + " has a claim"));
                return;
            }
            state.apply(change);
        }
        durable.addAll(records);
        outcome.accept(new Store.Outcome.Committed());
    }

    private static boolean held(ClusterState state, Claim claim) {
        return state.claimsOn(claim.volume()).stream()
                .anyMatch(other ->
                        (!claim.shared() && !other.shared()) || other.id().equals(claim.id()));
    }
}
