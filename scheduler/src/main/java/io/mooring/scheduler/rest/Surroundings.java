package io.mooring.scheduler.rest;

import io.mooring.scheduler.decision.Survivors.LabelledTask;
import io.mooring.scheduler.marathon.ContainerPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What the API tells of the process and its connections. */
public interface Surroundings {
    String version();

    /** The address under which this scheduler serves its API. */
    String self();

    Optional<String> leader();

    /** The master of the running subscription. */
    Optional<String> master();

    /**
     * The framework's tasks as the master has them. Blocks.
     *
     * @throws IOException if there is no master, or it does not answer
     */
    List<LabelledTask> tasksAtTheMaster(String framework) throws IOException;

    /** Ends this scheduler, which leads, soon: the answer to who asked leaves first. */
    void abdicate();

    boolean zooKeeperConnected();

    /** What containers may do beside what every container may. */
    ContainerPolicy containerPolicy();

    /** What the operator set. */
    Settings settings();
}
