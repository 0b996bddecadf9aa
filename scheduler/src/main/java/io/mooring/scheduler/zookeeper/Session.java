package io.mooring.scheduler.zookeeper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * The one ZooKeeper session in which a term lives. It goes past Curator on purpose: Curator sends whatever met a lost
 * connection again by itself, transactions included, and takes a new session when the old one expired. Here a question is
 * asked once, its answer may be that nobody knows, and when the session ends so does everything that was read in it.
 */
final class Session {
    /** What a server says of a request that it has looked at and refused; anything else may have happened or not. */
    private static final Set<Code> REFUSALS = Set.of(
            Code.NONODE,
            Code.NODEEXISTS,
            Code.BADVERSION,
            Code.NOTEMPTY,
            Code.NOAUTH,
            Code.INVALIDACL,
            Code.NOCHILDRENFOREPHEMERALS,
            Code.QUOTAEXCEEDED);

    private final ZooKeeper handle;
    private final String root;

    Session(ZooKeeper handle, String root) {
        this.handle = handle;
        this.root = root;
    }

    /** The session that the client has now. */
    static Session of(CuratorFramework client) throws IOException {
        try {
            return new Session(client.getZookeeperClient().getZooKeeper(), "/" + client.getNamespace());
        } catch (Exception e) { // Curator declares no narrower one
            throw new IOException("there is no session at ZooKeeper: " + e, e);
        }
    }

    /** A znode as it was read, with the number of those below it. */
    record Node(byte[] data, int version, int children) {
        Node(byte[] data, Stat stat) {
            this(data, stat.getVersion(), stat.getNumChildren());
        }
    }

    /** Whether the outcome of what was answered so is known: done, or refused as a whole. */
    static boolean decisive(Code code) {
        return code == Code.OK || REFUSALS.contains(code);
    }

    boolean alive() {
        return handle.getState().isAlive();
    }

    boolean connected() {
        return handle.getState().isConnected();
    }

    Op check(String path, int version) {
        return Op.check(root + path, version);
    }

    Op create(String path, byte[] data) {
        return Op.create(root + path, data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    Op set(String path, byte[] data, int version) {
        return Op.setData(root + path, data, version);
    }

    Op delete(String path, int version) {
        return Op.delete(root + path, version);
    }

    /** Sends a transaction, once. */
    void multi(List<Op> operations, AsyncCallback.MultiCallback answered) {
        handle.multi(operations, answered, null);
    }

    /** What came of a transaction: its code, and what each operation says of itself. */
    record Verdict(Code code, List<OpResult> results) {
        /** The code of one operation; OK for those that did not fail. */
        Code of(int index) {
            boolean failed = results != null
                    && index < results.size()
                    && results.get(index) instanceof OpResult.ErrorResult error
                    && error.getErr() != Code.RUNTIMEINCONSISTENCY.intValue();
            return failed ? Code.get(((OpResult.ErrorResult) results.get(index)).getErr()) : Code.OK;
        }

        /** The version that an operation gave to its znode. */
        int version(int index) {
            return ((OpResult.SetDataResult) results.get(index)).getStat().getVersion();
        }
    }

    /** Sends a transaction, once, and waits for what comes of it. */
    Verdict multi(List<Op> operations) throws InterruptedException {
        try {
            return new Verdict(Code.OK, handle.multi(operations));
        } catch (KeeperException e) {
            return new Verdict(e.code(), e.getResults());
        }
    }

    Node read(String path) throws KeeperException, InterruptedException {
        Stat stat = new Stat();
        byte[] data = handle.getData(root + path, false, stat);
        return new Node(data, stat);
    }

    boolean exists(String path) throws KeeperException, InterruptedException {
        return handle.exists(root + path, false) != null;
    }

    /**
     * Asks for several znodes in one request. The answer comes on a thread of ZooKeeper's, which must not be held up: a
     * result for each path, or none at all and the code says why.
     */
    void read(List<String> paths, AsyncCallback.MultiCallback answered) {
        List<Op> reads = new ArrayList<>();
        paths.forEach(path -> reads.add(Op.getData(root + path)));
        handle.multi(reads, answered, null);
    }

    /** Asks for the names below a znode. */
    void children(String path, AsyncCallback.ChildrenCallback answered) {
        handle.getChildren(root + path, false, answered, null);
    }

    /** Makes what is not there yet of the paths, parents first. Several schedulers may do so at once. */
    void ensure(List<String> paths) throws KeeperException, InterruptedException {
        List<String> all = new ArrayList<>();
        for (String path : paths) {
            for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
                all.add(root + path.substring(0, slash));
            }
            all.add(root + path);
        }
        for (int slash = root.indexOf('/', 1); slash > 0; slash = root.indexOf('/', slash + 1)) {
            make(root.substring(0, slash));
        }
        make(root);
        for (String path : all.stream().distinct().toList()) {
            make(path);
        }
    }

    private void make(String path) throws KeeperException, InterruptedException {
        try {
            if (handle.exists(path, false) == null) {
                handle.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
        } catch (KeeperException.NodeExistsException e) {
            return; // another scheduler was quicker
        }
    }
}
