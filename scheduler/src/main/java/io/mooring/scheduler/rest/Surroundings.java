package io.mooring.scheduler.rest;

import java.util.Optional;

/** What the API tells of the process and its connections. */
public interface Surroundings {
    String version();

    /** The address under which this scheduler serves its API. */
    String self();

    Optional<String> leader();

    /** The master of the running subscription. */
    Optional<String> master();

    boolean zooKeeperConnected();

    int httpPort();
}
