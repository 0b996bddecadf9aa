package io.mooring.simulation.executor;

import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.health.Answer;
import io.mooring.common.health.CheckRhythm;
import io.mooring.common.health.Probe;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.engine.Launch;
import io.mooring.executor.engine.WorkloadPort;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.run.Exit;
import io.mooring.simulation.check.Invariant;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.fault.Fault;
import io.mooring.simulation.storage.Kernel;
import io.mooring.simulation.storage.Kernel.Namespace;
import io.mooring.simulation.storage.Kernel.Propagation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The workload of one executor: a process in its own namespaces that writes to all of its volumes from its start to its
 * end, and sometimes a child that got away into another mount namespace and writes on.
 */
final class Workloads implements WorkloadPort {
    private final Surroundings around;
    private final Machine machine;
    private final Workers workers;
    private final TaskId task;
    private final List<Namespace> namespaces = new ArrayList<>();
    private List<String> mountIds = List.of();
    private Kernel kernel;
    private Optional<Consumer<Exit>> waiting = Optional.empty();
    private boolean runs;
    private boolean abandoned;

    Workloads(Surroundings around, Machine machine, Workers workers, TaskId task) {
        this.around = around;
        this.machine = machine;
        this.workers = workers;
        this.task = task;
    }

    @Override
    public Optional<String> objection(RunWorkload order) {
        return Optional.empty();
    }

    @Override
    public void start(Launch launch) {
        workers.<Boolean>await(answer -> around.agenda().in(around.dice().millis(20, 400), () -> {
            begin(launch);
            answer.accept(true);
        }));
    }

    private void begin(Launch launch) {
        if (abandoned) {
            return;
        }
        kernel = machine.kernel();
        runs = true;
        mountIds = launch.volumes().stream()
                .map(mounted -> JournalEntry.mountId(mounted.volume()))
                .toList();
        for (Launch.Mounted mounted : launch.volumes()) {
            String key = mounted.volume().request().name().key();
            if (!kernel.mountedFor(key, JournalEntry.mountId(mounted.volume()))) {
                around.findings().broken(Invariant.I10, task + " runs, and " + key + " is not mounted for it");
            }
            namespaces.add(kernel.enter(key, Propagation.SLAVE, mounted.volume().claim(), task.value()));
            if (around.faults().strikes(Fault.LEAKED_NAMESPACE)) {
                leak(key, mounted.volume().claim());
            }
        }
        if (around.faults().strikes(Fault.WORKLOAD_ENDS_BY_ITSELF)) {
            around.agenda()
                    .in(
                            around.dice().millis(1_000, 120_000),
                            () -> end(new Exit.Status(around.dice().between(0, 1))));
        }
    }

    /** A child that is not in the workload's PID namespace any more, with a copy of the mount of its own. */
    private void leak(String key, ClaimId claim) {
        Kernel then = kernel;
        Namespace child = then.enter(key, Propagation.PRIVATE, claim, "child of " + task);
        around.agenda().in(around.dice().millis(20_000, 600_000), () -> then.leave(child));
    }

    @Override
    public Exit await() {
        return workers.await(answer -> {
            if (runs) {
                waiting = Optional.of(answer);
            } else {
                around.agenda().in(1, () -> answer.accept(new Exit.Status(0)));
            }
        });
    }

    private void end(Exit exit) {
        if (!runs) {
            return;
        }
        runs = false;
        namespaces.forEach(kernel::leave);
        namespaces.clear();
        waiting.ifPresent(answer -> answer.accept(exit));
    }

    @Override
    public void terminate() {
        if (!around.faults().strikes(Fault.WORKLOAD_IGNORES_TERM)) {
            around.agenda().in(around.dice().millis(10, 2_000), () -> end(new Exit.Signal(15)));
        }
    }

    @Override
    public void enforce() {
        // A process in uninterruptible sleep takes its time even so.
        long dies = around.faults().strikes(Fault.WORKLOAD_IGNORES_TERM)
                ? around.dice().millis(5_000, 120_000)
                : around.dice().millis(1, 200);
        around.agenda().in(dies, () -> end(new Exit.Signal(9)));
    }

    @Override
    public void check(Probe probe, CheckRhythm rhythm, BiConsumer<Answer, Duration> answers) {
        throw new IllegalStateException("no task of the model has a health check");
    }

    @Override
    public void stopChecking() {
        throw new IllegalStateException("no task of the model has a health check");
    }

    @Override
    public String remaining() {
        return "a process that does not end";
    }

    /** Whether it is alive and writes by this mount. */
    boolean worksOn(String mountId) {
        return runs && mountIds.contains(mountId);
    }

    /** Its executor was killed: the kernel ends it, sooner or later. */
    void orphaned() {
        abandoned = true;
        waiting = Optional.empty();
        long dies = around.faults().strikes(Fault.WORKLOAD_OUTLIVES_EXECUTOR)
                ? around.dice().millis(2_000, 200_000)
                : around.dice().millis(0, 500);
        around.agenda().in(dies, () -> end(new Exit.Signal(9)));
    }

    /** Its machine went down; the kernel has closed everything. */
    void gone() {
        abandoned = true;
        runs = false;
        waiting = Optional.empty();
        namespaces.clear();
    }
}
