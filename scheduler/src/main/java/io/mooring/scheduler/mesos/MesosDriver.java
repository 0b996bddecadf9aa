package io.mooring.scheduler.mesos;

/** A way to reach Mesos: events come to the scheduler it was made with, calls go through what that is connected with. */
public interface MesosDriver extends AutoCloseable {
    /** Begins to subscribe, and subscribes again after whatever ended the subscription. */
    void start();

    @Override
    void close();
}
