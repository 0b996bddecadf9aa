package io.mooring.executor.app;

import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.executor.engine.Launch;
import io.mooring.executor.engine.WorkloadException;
import io.mooring.executor.engine.WorkloadPort;
import io.mooring.executor.run.Exit;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Processes or a container, as the order says; what the order does not need is never loaded. */
final class ChosenWorkload implements WorkloadPort {
    private final Supplier<WorkloadPort> processes;
    private final Supplier<WorkloadPort> container;
    private volatile WorkloadPort chosen;

    ChosenWorkload(Supplier<WorkloadPort> processes, Supplier<WorkloadPort> container) {
        this.processes = processes;
        this.container = container;
    }

    @Override
    public Optional<String> objection(RunWorkload order) {
        chosen = order.workload().container().isPresent() ? container.get() : processes.get();
        return chosen.objection(order);
    }

    @Override
    public void start(Launch launch) throws WorkloadException {
        chosen.start(launch);
    }

    @Override
    public Exit await() throws InterruptedException {
        return chosen.await();
    }

    @Override
    public void terminate() {
        chosen.terminate();
    }

    @Override
    public void enforce() {
        chosen.enforce();
    }

    @Override
    public void check(Probe probe, CheckRhythm rhythm, BiConsumer<Answer, Duration> answers) {
        chosen.check(probe, rhythm, answers);
    }

    @Override
    public void stopChecking() {
        chosen.stopChecking();
    }

    @Override
    public String remaining() {
        return chosen.remaining();
    }
}
