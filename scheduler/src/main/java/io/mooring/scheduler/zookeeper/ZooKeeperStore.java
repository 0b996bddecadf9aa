package io.mooring.scheduler.zookeeper;

import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.engine.Store;
import io.mooring.scheduler.zookeeper.Operations.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;

/**
 * Records in ZooKeeper: one multi for each batch, with the check of this leadership's epoch as its first operation.
 * A later leader has raised the epoch's version, so this one's writes fail as a whole from then on.
 */
final class ZooKeeperStore implements Store {
    private final CuratorFramework client;
    private final RecordJson json;
    private final int epochVersion;
    private final Map<String, Integer> versions;

    /** @param versions the version of every znode that was loaded */
    ZooKeeperStore(CuratorFramework client, RecordJson json, int epochVersion, Map<String, Integer> versions) {
        this.client = client;
        this.json = json;
        this.epochVersion = epochVersion;
        this.versions = new HashMap<>(versions);
    }

    @Override
    public void commit(List<StoreRecord> records, Consumer<Outcome> outcome) {
        Operations batch = new Operations(json, versions::containsKey);
        records.forEach(batch::add);
        List<Operation> operations = batch.all();
        try {
            client.transaction()
                    .inBackground((ignored, event) -> answered(event, operations, outcome))
                    .forOperations(multi(operations));
        } catch (Exception e) { // Curator declares no narrower one
            outcome.accept(new Outcome.Lost(e.toString()));
        }
    }

    private List<CuratorOp> multi(List<Operation> operations) throws Exception {
        List<CuratorOp> multi = new ArrayList<>();
        multi.add(client.transactionOp().check().withVersion(epochVersion).forPath(Paths.EPOCH));
        for (Operation operation : operations) {
            multi.add(
                    switch (operation.kind()) {
                        case CREATE -> client.transactionOp().create().forPath(operation.path(), operation.data());
                        case SET ->
                            client.transactionOp()
                                    .setData()
                                    .withVersion(version(operation))
                                    .forPath(operation.path(), operation.data());
                        case DELETE ->
                            client.transactionOp()
                                    .delete()
                                    .withVersion(version(operation))
                                    .forPath(operation.path());
                    });
        }
        return multi;
    }

    private int version(Operation operation) {
        Integer version = versions.get(operation.path());
        if (version == null) {
            throw new IllegalStateException(operation.kind() + " of " + operation.path() + ", which is not there");
        }
        return version;
    }

    private void answered(CuratorEvent event, List<Operation> operations, Consumer<Outcome> outcome) {
        if (event.getResultCode() == KeeperException.Code.OK.intValue()) {
            operations.forEach(this::remember);
            outcome.accept(new Outcome.Committed());
        } else {
            outcome.accept(new Outcome.Lost(why(event, operations)));
        }
    }

    private void remember(Operation operation) {
        switch (operation.kind()) {
            case CREATE -> versions.put(operation.path(), 0);
            case SET -> versions.merge(operation.path(), 1, Integer::sum);
            case DELETE -> versions.remove(operation.path());
        }
    }

    private static String why(CuratorEvent event, List<Operation> operations) {
        KeeperException.Code code = KeeperException.Code.get(event.getResultCode());
        StringBuilder why = new StringBuilder("commit of " + operations.size() + " operations: " + code);
        if (event.getOpResults() != null) {
            for (int i = 0; i < event.getOpResults().size(); i++) {
                int error = event.getOpResults().get(i).getError();
                if (error != 0 && error != KeeperException.Code.RUNTIMEINCONSISTENCY.intValue()) {
                    String path = i == 0 ? Paths.EPOCH : operations.get(i - 1).path();
                    why.append("; ").append(path).append(": ").append(KeeperException.Code.get(error));
                }
            }
        }
        return why.toString();
    }
}
