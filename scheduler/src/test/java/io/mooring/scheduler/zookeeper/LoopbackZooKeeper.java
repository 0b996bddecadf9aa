package io.mooring.scheduler.zookeeper;

import org.apache.curator.test.TestingServer;

/** A ZooKeeper for tests of other rooms. */
public final class LoopbackZooKeeper {
    private LoopbackZooKeeper() {}

    public static TestingServer start() throws Exception {
        return ZooKeeperFixture.server();
    }
}
