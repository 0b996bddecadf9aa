package io.mooring.simulation.executor;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.Existence;
import io.mooring.common.command.ExecutorReport.FenceOutcome;
import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.common.command.TaskOrder;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.AgentPort;
import io.mooring.executor.engine.Status;
import io.mooring.executor.engine.Status.State;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.Outcome;
import io.mooring.simulation.check.Surroundings;
import java.util.List;
import java.util.Optional;

/** What an agent does on behalf of the storage: cuts another machine off, says what is attached where, lifts a fence. */
final class StorageOrders {
    private final Surroundings around;
    private final Machine machine;
    private final TaskId task;
    private final AgentPort agent;
    private boolean working;

    StorageOrders(Surroundings around, Machine machine, TaskId task, AgentPort agent) {
        this.around = around;
        this.machine = machine;
        this.task = task;
        this.agent = agent;
    }

    /** Whether this process is for such an order. */
    boolean working() {
        return working;
    }

    void carryOut(TaskOrder order) {
        working = true;
        agent.send(new Status(task, State.STARTING, "", Optional.empty()));
        if (order instanceof FenceHolder fence) {
            machine.plugin().fence(fence, outcome -> done(report(fence, outcome)));
        } else if (order instanceof ObserveVolumes observe) {
            around.agenda().in(around.dice().millis(10, 500), () -> done(report(observe)));
        }
    }

    private void done(ExecutorReport report) {
        agent.send(new Status(task, State.FINISHED, "", Optional.of(report)));
    }

    private static FenceReport report(FenceHolder order, Outcome<Acknowledged> outcome) {
        FenceOutcome became = FenceOutcome.UNKNOWN;
        if (outcome instanceof Outcome.Done<Acknowledged>) {
            became = FenceOutcome.CUT_OFF;
        } else if (outcome instanceof Outcome.Refused<Acknowledged>) {
            became = FenceOutcome.REFUSED;
        }
        return new FenceReport(
                order.operation(), order.volume(), order.holder(), order.fence(), became, outcome.reason());
    }

    private VolumesObserved report(ObserveVolumes order) {
        List<VolumeObserved> seen = order.volumes().stream()
                .map(volume -> new VolumeObserved(
                        volume,
                        machine.plugin().has(volume) ? Existence.EXISTS : Existence.MISSING,
                        machine.plugin().view(volume)))
                .toList();
        return new VolumesObserved(
                machine.key(), order.driver(), around.agenda().instant(), seen);
    }

    /** A clean-up's report with the fences that could be lifted. */
    Status withUnfenced(Status status, Optional<TaskOrder> order) {
        boolean fenced = order.orElse(null) instanceof CleanUp cleanUp
                && !cleanUp.fenced().isEmpty();
        if (!fenced || !(status.report().orElse(null) instanceof ReleaseRecord record)) {
            return status;
        }
        List<VolumeName> lifted = ((CleanUp) order.get())
                .fenced().stream()
                        .filter(volume -> machine.plugin().unfence(volume))
                        .toList();
        return new Status(
                status.task(),
                status.state(),
                status.message(),
                Optional.of(new ReleaseRecord(record.machine(), record.boot(), record.volumes(), lifted)));
    }
}
