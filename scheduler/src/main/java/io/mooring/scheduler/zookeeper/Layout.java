package io.mooring.scheduler.zookeeper;

import io.mooring.scheduler.zookeeper.Session.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store's parents, which a transaction cannot make by itself, and whose store it is. */
final class Layout {
    private static final Logger LOG = LoggerFactory.getLogger(Layout.class);
    private static final int SCHEMA = 1;

    private final Session session;
    private final RecordJson json;

    Layout(Session session, RecordJson json) {
        this.session = session;
        this.json = json;
    }

    /**
     * What the whole store is.
     *
     * @param schema the version of its layout
     * @param cluster a name for the cluster, given once
     * @param framework the name of the Mesos framework that it belongs to; empty in a store of an earlier version
     */
    record Meta(int schema, String cluster, Optional<String> framework, Optional<String> principal) {
        Meta {
            framework = framework == null ? Optional.empty() : framework;
            principal = principal == null ? Optional.empty() : principal;
        }
    }

    /** Makes what is missing, and checks that this framework may use it. */
    Meta prepare(Owner owner, Instant now)
            throws KeeperException, InterruptedException, IOException, UnusableStoreException {
        session.ensure(List.of("/leader"));
        if (!session.exists(Paths.META)) {
            create(owner, now);
        }
        session.ensure(List.of(Paths.COMMIT, Paths.FOREIGN, Paths.GROUPS));
        if (!session.exists(Paths.VERSIONS + "/ff")) {
            session.ensure(Paths.shards(Paths.VERSIONS)); // a store of an earlier version
        }
        Session.Node node = session.read(Paths.META);
        Meta meta = json.read(node.data(), Meta.class);
        if (meta.schema() != SCHEMA) {
            throw new UnusableStoreException("the store in ZooKeeper has layout " + meta.schema() + ", and this version"
                    + " knows layout " + SCHEMA + "; start the version that wrote it");
        }
        return meta.framework().isEmpty() ? adopted(meta, node.version(), owner) : checked(meta, owner);
    }

    private void create(Owner owner, Instant now) throws KeeperException, InterruptedException {
        List<String> parents = new ArrayList<>(
                List.of(Paths.APPS, Paths.TASKS, Paths.VOLUMES, Paths.MACHINES, Paths.HISTORY, Paths.OPERATIONS));
        parents.addAll(Paths.shards(Paths.TASKS));
        parents.addAll(Paths.shards(Paths.VOLUMES));
        parents.add(Paths.VERSIONS);
        parents.addAll(Paths.shards(Paths.VERSIONS));
        parents.add(Paths.COMMIT);
        List<Op> creations = new ArrayList<>();
        parents.forEach(parent -> creations.add(session.create(parent, new byte[0])));
        creations.add(session.create(Paths.EPOCH, json.write(new Leadership.Epoch(0, "nobody", now))));
        Meta meta = new Meta(SCHEMA, UUID.randomUUID().toString(), Optional.of(owner.framework()), owner.principal());
        creations.add(session.create(Paths.META, json.write(meta)));
        Verdict verdict = session.multi(creations);
        if (verdict.code() == Code.NODEEXISTS) {
            LOG.info("another scheduler made the store's layout");
        } else if (verdict.code() != Code.OK) {
            throw KeeperException.create(verdict.code(), Paths.META);
        }
    }

    private Meta adopted(Meta meta, int version, Owner owner)
            throws KeeperException, InterruptedException, UnusableStoreException, IOException {
        Meta named = new Meta(meta.schema(), meta.cluster(), Optional.of(owner.framework()), owner.principal());
        Verdict verdict = session.multi(List.of(session.set(Paths.META, json.write(named), version)));
        if (verdict.code() == Code.BADVERSION) {
            return checked(json.read(session.read(Paths.META).data(), Meta.class), owner);
        }
        if (verdict.code() != Code.OK) {
            throw KeeperException.create(verdict.code(), Paths.META);
        }
        return named;
    }

    private static Meta checked(Meta meta, Owner owner) throws UnusableStoreException {
        String other = meta.framework().orElse("");
        if (!other.equals(owner.framework()) || !meta.principal().equals(owner.principal())) {
            throw new UnusableStoreException("this root in ZooKeeper belongs to the framework '" + other
                    + "' with principal " + words(meta.principal()) + ", and this scheduler is '" + owner.framework()
                    + "' with principal " + words(owner.principal())
                    + "; give each framework a root of its own (zookeeper.connect), or correct framework.name and"
                    + " framework.principal");
        }
        return meta;
    }

    private static String words(Optional<String> principal) {
        return principal.map(name -> "'" + name + "'").orElse("none");
    }
}
