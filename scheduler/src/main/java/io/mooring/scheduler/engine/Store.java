package io.mooring.scheduler.engine;

import io.mooring.scheduler.cluster.StoreRecord;
import java.util.List;
import java.util.function.Consumer;

/** The port to what is durable. */
public interface Store {
    /**
     * Commits the records together or not at all, under this leadership. Does not block; the outcome comes on a thread of
     * the store's. The next commit is given when the outcome of this one is known. Without records it asks, as surely as
     * with some, whether this leadership still stands.
     */
    void commit(List<StoreRecord> records, Consumer<Outcome> outcome);

    /** What became of a commit. */
    sealed interface Outcome {
        record Committed() implements Outcome {}

        /** Not committed, or nobody knows: whoever asked must stop leading and load again. */
        record Lost(String why) implements Outcome {}
    }
}
