package io.mooring.executor.engine;

import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.executor.run.Exit;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The workload in its namespaces. At most one per process. */
public interface WorkloadPort {
    /** Why an order cannot be carried out here; empty if it can. Touches nothing. */
    Optional<String> objection(RunWorkload order);

    /** Makes the namespaces and binds and starts the workload; on failure nothing of it is left. */
    void start(Launch launch) throws WorkloadException;

    /** Waits until the workload has ended and its namespaces are gone. */
    Exit await() throws InterruptedException;

    /** SIGTERM to everything in the namespace. */
    void terminate();

    /** SIGKILL to the namespace. */
    void enforce();

    /**
     * Begins to ask the running workload, beside what it is asked already; programs in its own namespaces as its own user.
     *
     * @param answers is given each answer and the workload's age then, on any thread
     */
    void check(Probe probe, CheckRhythm rhythm, BiConsumer<Answer, Duration> answers);

    /** Ends all of that; an answer on its way may still come. */
    void stopChecking();

    /** What keeps the namespace from going away, in words. */
    String remaining();
}
