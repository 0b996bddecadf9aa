package io.mooring.scheduler.zookeeper;

import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.StoreRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The records of one batch as operations on znodes, at most one for each znode: what a batch writes twice is written in
 * its last form.
 */
final class Operations {
    private static final byte[] EMPTY = {};

    private final RecordJson json;
    private final Predicate<String> exists;
    private final Map<String, Operation> byPath = new LinkedHashMap<>();

    /** What is done to one znode. */
    record Operation(String path, Kind kind, byte[] data) {
        enum Kind {
            CREATE,
            SET,
            DELETE
        }
    }

    /** @param exists whether a znode is there before the batch */
    Operations(RecordJson json, Predicate<String> exists) {
        this.json = json;
        this.exists = exists;
    }

    List<Operation> all() {
        return new ArrayList<>(byPath.values());
    }

    void add(StoreRecord record) {
        if (record instanceof StoreRecord.PutFramework put) {
            put(Paths.FRAMEWORK, put.id());
        } else if (record instanceof StoreRecord.PutApp put) {
            put(Paths.app(put.app().id()), put.app());
        } else if (record instanceof StoreRecord.RemoveApp remove) {
            delete(Paths.app(remove.id()));
        } else if (record instanceof StoreRecord.KeepVersion keep) {
            create(Paths.version(keep.version().app(), keep.version().version()), keep.version());
        } else if (record instanceof StoreRecord.ForgetVersion forget) {
            delete(Paths.version(forget.app(), forget.version()));
        } else if (record instanceof StoreRecord.PutGroup put) {
            put(Paths.group(put.group().path()), put.group());
        } else if (record instanceof StoreRecord.RemoveGroup remove) {
            delete(Paths.group(remove.path()));
        } else if (record instanceof StoreRecord.PutTask put) {
            put(Paths.task(put.task().id()), put.task());
        } else if (record instanceof StoreRecord.RemoveTask remove) {
            delete(Paths.task(remove.id()));
        } else if (record instanceof StoreRecord.PutForeign put) {
            parent(Paths.foreignShard(put.foreign().id()));
            put(Paths.foreign(put.foreign().id()), put.foreign());
        } else if (record instanceof StoreRecord.RemoveForeign remove) {
            delete(Paths.foreign(remove.id()));
        } else if (record instanceof StoreRecord.PutVolume put) {
            put(Paths.volume(put.volume().name()), put.volume());
        } else if (record instanceof StoreRecord.RemoveVolume remove) {
            if (there(Paths.readers(remove.name()))) {
                delete(Paths.readers(remove.name()));
            }
            delete(Paths.volume(remove.name()));
        } else if (record instanceof StoreRecord.PutMachine put) {
            putMachine(put);
        } else if (record instanceof StoreRecord.GrantClaim grant) {
            grant(grant.claim());
        } else if (record instanceof StoreRecord.PutClaim put) {
            set(Paths.place(put.claim()), put.claim());
        } else if (record instanceof StoreRecord.ReleaseClaim release) {
            release(release.released());
        } else if (record instanceof StoreRecord.ForgetClaim forget) {
            delete(Paths.history(
                    forget.released().at(), forget.released().claim().id()));
        } else if (record instanceof StoreRecord.RemoveHistoryHour remove) {
            Paths.historyShards(remove.hour()).stream().filter(this::there).forEach(this::delete);
            delete(Paths.historyHour(remove.hour()));
        } else if (record instanceof StoreRecord.PutFenceFloor put) {
            put(Paths.FENCE_FLOOR, put.fence());
        } else if (record instanceof StoreRecord.RemoveMachine remove) {
            delete(Paths.machineClaims(remove.key()));
            delete(Paths.machine(remove.key()));
        } else if (record instanceof StoreRecord.PutCutOff put) {
            put(Paths.cutOff(put.cutOff().id()), put.cutOff());
        } else if (record instanceof StoreRecord.RemoveCutOff remove) {
            delete(Paths.cutOff(remove.id()));
        } else if (record instanceof StoreRecord.PutHold put) {
            put(Paths.hold(put.hold().kind()), put.hold());
        } else {
            throw new IllegalArgumentException("no znode for " + record.getClass());
        }
    }

    private void putMachine(StoreRecord.PutMachine put) {
        MachineKey key = put.machine().key();
        boolean known = there(Paths.machine(key));
        put(Paths.machine(key), put.machine());
        if (!known) {
            merge(new Operation(Paths.machineClaims(key), Operation.Kind.CREATE, EMPTY));
        }
    }

    private void grant(Claim claim) {
        if (claim.shared() && !there(Paths.readers(claim.volume()))) {
            merge(new Operation(Paths.readers(claim.volume()), Operation.Kind.CREATE, EMPTY));
        }
        create(Paths.place(claim), claim);
        merge(new Operation(Paths.machineClaim(claim.machine(), claim.id()), Operation.Kind.CREATE, EMPTY));
    }

    private void release(ReleasedClaim released) {
        Claim claim = released.claim();
        delete(Paths.place(claim));
        delete(Paths.machineClaim(claim.machine(), claim.id()));
        parent(Paths.historyHour(released.at()));
        parent(Paths.historyShard(released.at(), claim.id()));
        create(Paths.history(released.at(), claim.id()), released);
    }

    /** A transaction cannot make a missing parent by itself. */
    private void parent(String path) {
        if (!there(path)) {
            merge(new Operation(path, Operation.Kind.CREATE, EMPTY));
        }
    }

    private void put(String path, Object value) {
        if (there(path)) {
            set(path, value);
        } else {
            create(path, value);
        }
    }

    private void create(String path, Object value) {
        merge(new Operation(path, Operation.Kind.CREATE, json.write(value)));
    }

    private void set(String path, Object value) {
        merge(new Operation(path, Operation.Kind.SET, json.write(value)));
    }

    private void delete(String path) {
        merge(new Operation(path, Operation.Kind.DELETE, EMPTY));
    }

    /** Whether the znode is there after what this batch has done so far. */
    private boolean there(String path) {
        Operation so = byPath.get(path);
        return so == null ? exists.test(path) : so.kind() != Operation.Kind.DELETE;
    }

    private void merge(Operation next) {
        Operation before = byPath.get(next.path());
        if (before == null) {
            byPath.put(next.path(), next);
            return;
        }
        switch (next.kind()) {
            case SET -> byPath.put(next.path(), new Operation(next.path(), before.kind(), next.data()));
            case CREATE -> {
                // A second claim on a volume must not hide in the batch that makes the first (I1).
                if (before.kind() != Operation.Kind.DELETE) {
                    throw new IllegalStateException(next.path() + " is there already in this batch");
                }
                if (next.data().length == 0) {
                    // A parent that comes again is simply left: nothing is in it, and its version stays what it was.
                    byPath.remove(next.path());
                    return;
                }
                byPath.put(next.path(), new Operation(next.path(), Operation.Kind.SET, next.data()));
            }
            case DELETE -> {
                // To the end: a parent goes after its children.
                byPath.remove(next.path());
                if (before.kind() != Operation.Kind.CREATE) {
                    byPath.put(next.path(), next);
                }
            }
        }
    }
}
