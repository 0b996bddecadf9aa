package io.mooring.scheduler.mesos;

import java.util.function.BooleanSupplier;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscribes at Mesos only while the leadership stands. A leader that was paused wakes with a dead stream and would
 * subscribe again at once: under the same framework id that cuts off the stream of the leader that came after it.
 */
public final class FencedScheduler implements Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(FencedScheduler.class);

    private final Scheduler inner;
    private final BooleanSupplier stands;

    /** @param stands asks the store; blocks */
    public FencedScheduler(Scheduler inner, BooleanSupplier stands) {
        this.inner = inner;
        this.stands = stands;
    }

    @Override
    public void connected(Mesos mesos) {
        if (stands.getAsBoolean()) {
            inner.connected(mesos);
        } else {
            LOG.warn("not subscribing at Mesos: ZooKeeper does not confirm this leadership");
        }
    }

    @Override
    public void disconnected(Mesos mesos) {
        inner.disconnected(mesos);
    }

    @Override
    public void received(Mesos mesos, Event event) {
        inner.received(mesos, event);
    }
}
