package io.mooring.scheduler.zookeeper;

import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.zookeeper.Operations.Operation;
import io.mooring.scheduler.zookeeper.Session.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in ZooKeeper: one multi for each batch. Its first operation checks this leadership's epoch: a later leader has
 * raised the epoch's version, so this one's writes fail as a whole from then on. Its second writes the batch's number to
 * one znode, on the version that the write before gave to it.
 *
 * <p>That number is what an unknown outcome is resolved by. When a connection breaks under a batch, a barrier, which is
 * the same write of the next number on the same version, takes the batch's place or finds it taken: so either the batch
 * is durable, or it never will be, however long it was on its way. Only then it is sent again.
 */
final class ZooKeeperStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperStore.class);
    private static final long LOOK_MILLIS = 20;
    /** A batch that breaks the connection each time, as one above the server's limit does, must not go on for ever. */
    private static final int MOST_SENDS = 5;

    private final Session session;
    private final RecordJson json;
    private final Fence fence;
    private final Map<String, Integer> versions;
    private final ExecutorService resolver = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "unknown-outcomes");
        thread.setDaemon(true);
        return thread;
    });
    private volatile String ended;

    private int markVersion;
    private long number;

    /** Under what a term writes: its epoch, and the version of the znode that holds it. */
    record Fence(long epoch, int version) {}

    /** What stands in the commit's znode: the last write of this epoch, batch or barrier. */
    record Mark(long epoch, long number) {
        @Override
        public String toString() {
            return "number " + number + " of epoch " + epoch;
        }
    }

    /** A batch on its way. */
    private static final class Batch {
        private final List<Operation> operations;
        private final Consumer<Outcome> outcome;
        private long number;
        private int sends;

        Batch(List<Operation> operations, Consumer<Outcome> outcome) {
            this.operations = operations;
            this.outcome = outcome;
        }
    }

    /**
     * @param markVersion the version of the commit's znode
     * @param versions the version of every znode that was loaded
     */
    ZooKeeperStore(Session session, RecordJson json, Fence fence, int markVersion, Map<String, Integer> versions) {
        this.session = session;
        this.json = json;
        this.fence = fence;
        this.markVersion = markVersion;
        this.versions = new HashMap<>(versions);
    }

    @Override
    public void commit(List<StoreRecord> records, Consumer<Outcome> outcome) {
        Operations batch = new Operations(json, versions::containsKey);
        records.forEach(batch::add);
        send(new Batch(batch.all(), outcome));
    }

    /**
     * Whether this leadership stands: asked of a quorum, not of memory. Blocks. False also when nobody answers; what
     * asked then has to ask again, and must do nothing until it is true.
     */
    boolean stands() {
        try {
            // A multi of nothing but the check goes through the ensemble's log like any write.
            return ended == null && session.multi(List.of(checkEpoch())).code() == Code.OK && ended == null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Nothing is sent from now on, and whatever is still on its way counts as lost. */
    void end(String why) {
        ended = why;
        resolver.shutdown();
    }

    private void send(Batch batch) {
        if (ended != null) {
            batch.outcome.accept(new Outcome.Lost(ended));
            return;
        }
        number++;
        batch.number = number;
        batch.sends++;
        try {
            session.multi(
                    multi(batch),
                    (code, path, context, results) -> answered(batch, new Verdict(Code.get(code), results)));
        } catch (IllegalStateException | IllegalArgumentException e) {
            batch.outcome.accept(new Outcome.Lost(e.toString()));
        }
    }

    private List<Op> multi(Batch batch) {
        List<Op> multi = new ArrayList<>();
        multi.add(checkEpoch());
        multi.add(mark(batch.number));
        for (Operation operation : batch.operations) {
            multi.add(
                    switch (operation.kind()) {
                        case CREATE -> session.create(operation.path(), operation.data());
                        case SET -> session.set(operation.path(), operation.data(), version(operation));
                        case DELETE -> session.delete(operation.path(), version(operation));
                    });
        }
        return multi;
    }

    private Op checkEpoch() {
        return session.check(Paths.EPOCH, fence.version());
    }

    private Op mark(long value) {
        return session.set(Paths.COMMIT, json.write(new Mark(fence.epoch(), value)), markVersion);
    }

    private int version(Operation operation) {
        Integer version = versions.get(operation.path());
        if (version == null) {
            throw new IllegalStateException(operation.kind() + " of " + operation.path() + ", which is not there");
        }
        return version;
    }

    private void answered(Batch batch, Verdict verdict) {
        if (ended != null) {
            batch.outcome.accept(new Outcome.Lost(ended));
        } else if (verdict.code() == Code.OK) {
            committed(batch, verdict.version(1));
        } else if (Session.decisive(verdict.code())) {
            batch.outcome.accept(new Outcome.Lost(why(verdict, batch.operations)));
        } else {
            LOG.warn("the outcome of write {} is unknown ({}); it is found out", batch.number, verdict.code());
            resolver.execute(() -> resolve(batch));
        }
    }

    private void committed(Batch batch, int version) {
        markVersion = version;
        batch.operations.forEach(this::remember);
        batch.outcome.accept(new Outcome.Committed());
    }

    private void remember(Operation operation) {
        switch (operation.kind()) {
            case CREATE -> versions.put(operation.path(), 0);
            case SET -> versions.merge(operation.path(), 1, Integer::sum);
            case DELETE -> versions.remove(operation.path());
        }
    }

    private void resolve(Batch batch) {
        try {
            Fate fate = Fate.UNKNOWN;
            while (fate == Fate.UNKNOWN && reachable()) {
                fate = barrier(batch);
            }
            switch (fate) {
                case DURABLE -> committed(batch, markVersion);
                case NEVER -> again(batch);
                case DEPOSED ->
                    batch.outcome.accept(new Outcome.Lost("another scheduler leads: " + Paths.EPOCH
                            + " has another version than epoch " + fence.epoch() + " gave to it"));
                case UNKNOWN ->
                    batch.outcome.accept(
                            new Outcome.Lost(ended == null ? "the session at ZooKeeper ended under a commit" : ended));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            batch.outcome.accept(new Outcome.Lost("interrupted while a commit's outcome was unknown"));
        } catch (IOException e) {
            batch.outcome.accept(new Outcome.Lost(Paths.COMMIT + " cannot be read: " + e.getMessage()));
        }
    }

    /** What a barrier shows of the batch before it. */
    private enum Fate {
        DURABLE,
        NEVER,
        DEPOSED,
        UNKNOWN
    }

    private Fate barrier(Batch batch) throws InterruptedException, IOException {
        number++;
        Verdict verdict = session.multi(List.of(checkEpoch(), mark(number)));
        if (verdict.code() == Code.OK) {
            markVersion = verdict.version(1);
            LOG.info("write {} is not durable and never will be", batch.number);
            return Fate.NEVER;
        }
        if (!Session.decisive(verdict.code())) {
            return Fate.UNKNOWN;
        }
        return verdict.of(0) == Code.OK ? last(batch) : Fate.DEPOSED;
    }

    /** Something of this epoch was written on the version that the batch was sent for: the batch, or a barrier. */
    private Fate last(Batch batch) throws InterruptedException, IOException {
        try {
            Session.Node node = session.read(Paths.COMMIT);
            Mark mark = json.read(node.data(), Mark.class);
            if (mark.epoch() != fence.epoch()) {
                return Fate.DEPOSED;
            }
            markVersion = node.version();
            LOG.info("the last durable write is {}; write {} was asked for", mark.number(), batch.number);
            return mark.number() == batch.number ? Fate.DURABLE : Fate.NEVER;
        } catch (KeeperException e) {
            LOG.atDebug().setCause(e).log("the last write cannot be read; asking again");
            return Fate.UNKNOWN;
        }
    }

    private void again(Batch batch) {
        if (batch.sends >= MOST_SENDS) {
            batch.outcome.accept(new Outcome.Lost("the connection to ZooKeeper broke " + batch.sends
                    + " times under the same commit of " + batch.operations.size() + " operations"));
        } else {
            send(batch);
        }
    }

    /** Waits for a connection; false when there will be none in this session. */
    private boolean reachable() throws InterruptedException {
        while (ended == null && session.alive() && !session.connected()) {
            Thread.sleep(LOOK_MILLIS);
        }
        return ended == null && session.alive();
    }

    private static String why(Verdict verdict, List<Operation> operations) {
        StringBuilder why = new StringBuilder("commit of " + operations.size() + " operations: " + verdict.code());
        for (int i = 0; i < operations.size() + 2; i++) {
            if (verdict.of(i) != Code.OK) {
                why.append("; ").append(path(i, operations)).append(": ").append(verdict.of(i));
            }
        }
        return why.toString();
    }

    private static String path(int index, List<Operation> operations) {
        return switch (index) {
            case 0 -> Paths.EPOCH;
            case 1 -> Paths.COMMIT;
            default -> operations.get(index - 2).path();
        };
    }
}
