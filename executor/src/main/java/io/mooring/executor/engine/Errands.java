package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.Failure;
import io.mooring.common.command.ExecutorReport.FenceOutcome;
import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.command.ExecutorReport.VolumeOperationDone;
import io.mooring.common.command.ExecutorReport.VolumesObserved;
import io.mooring.common.command.TaskOrder.CreateVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.command.TaskOrder.RemoveVolume;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.Event.ErrandDone;
import io.mooring.executor.engine.Status.State;
import io.mooring.executor.mount.Acknowledged;
import io.mooring.executor.mount.CutState;
import io.mooring.executor.mount.Existence;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The one-shot orders that hold no claim. Each blocks and ends in the task's terminal update. */
final class Errands {
    private final Ports ports;
    private final Machine machine;

    Errands(Ports ports, Machine machine) {
        this.ports = ports;
        this.machine = machine;
    }

    ErrandDone inspect() {
        try {
            AgentReport report = new AgentReport(
                    machine.key(),
                    machine.boot(),
                    ports.survey().take(),
                    unclean(),
                    Optional.of(ports.containers().look()));
            return done("inspected " + report.plugins().size() + " plugins", report);
        } catch (IOException e) {
            return failed("the journal cannot be read: " + e.getMessage());
        }
    }

    /** Volumes that a dead executor left something of: nobody holds their entries. */
    private List<VolumeName> unclean() throws IOException {
        List<VolumeName> unclean = new ArrayList<>();
        for (ClaimId claim : ports.journal().open()) {
            Optional<JournalPort.Held> held = ports.journal().take(claim);
            if (held.isPresent()) {
                JournalEntry entry = held.get().entry();
                held.get().letGo();
                if (entry.step().mayBeAttached()) {
                    unclean.add(entry.volume().request().name());
                }
            }
        }
        return unclean;
    }

    ErrandDone create(CreateVolume order) {
        Outcome<Existence> before = ports.plugins().look(order.driver(), order.volume());
        if (!(before instanceof Outcome.Done<Existence> looked)) {
            return failed("volume '" + order.volume() + "' was not created: " + before.reason());
        }
        if (looked.value() == Existence.PRESENT) {
            return done("volume '" + order.volume() + "' is there already", new VolumeOperationDone(order.volume()));
        }
        Outcome<Acknowledged> outcome = ports.plugins().create(order.driver(), order.volume(), order.options());
        if (outcome instanceof Outcome.Done<Acknowledged>) {
            return done("volume '" + order.volume() + "' created", new VolumeOperationDone(order.volume()));
        }
        boolean there = ports.plugins().look(order.driver(), order.volume()) instanceof Outcome.Done<Existence> after
                && after.value() == Existence.PRESENT;
        return there
                ? done("volume '" + order.volume() + "' is there", new VolumeOperationDone(order.volume()))
                : failed("volume '" + order.volume() + "' was not created: " + outcome.reason());
    }

    /**
     * A plugin whose removal is disabled answers success all the same, and one that lost its answer may have removed it: what
     * a Get finds afterwards decides.
     */
    ErrandDone remove(RemoveVolume order) {
        Outcome<Acknowledged> outcome = ports.plugins().remove(order.driver(), order.volume());
        Outcome<Existence> looked = ports.plugins().look(order.driver(), order.volume());
        if (looked instanceof Outcome.Done<Existence> after && after.value() == Existence.ABSENT) {
            return done("volume '" + order.volume() + "' removed", new VolumeOperationDone(order.volume()));
        }
        if (outcome instanceof Outcome.Done<Acknowledged>) {
            return failed("volume '" + order.volume() + "' was not removed: the plugin answered success, "
                    + (looked instanceof Outcome.Done<Existence>
                            ? "and still has it; its removal is disabled (remove.disable), or it takes longer than it says"
                            : "and could not be asked afterwards whether it is gone: " + looked.reason()));
        }
        return failed("volume '" + order.volume() + "' was not removed: " + outcome.reason());
    }

    /** What the plugin refused was not done; of anything else nobody knows, unless the storage says that it is cut off. */
    ErrandDone fence(FenceHolder order) {
        Outcome<CutState> outcome = ports.plugins().cutOff(order);
        boolean cutOff =
                outcome instanceof Outcome.Done<CutState> done && done.value().cutOff();
        boolean refused = outcome instanceof Outcome.Refused<CutState> && !outcome.refusedAs(Refusal.NOT_REACHED);
        String what = cutOff
                ? "machine '" + order.holder() + "' is cut off from volume '" + order.volume() + "'"
                : "machine '" + order.holder() + "' " + (refused ? "was not" : "may not be") + " cut off from volume '"
                        + order.volume() + "': "
                        + (outcome instanceof Outcome.Done<CutState> done
                                ? "the plugin says afterwards: " + done.value()
                                : outcome.reason());
        FenceOutcome word = cutOff ? FenceOutcome.CUT_OFF : refused ? FenceOutcome.REFUSED : FenceOutcome.UNKNOWN;
        return new ErrandDone(
                cutOff ? State.FINISHED : State.FAILED,
                what,
                new FenceReport(order.operation(), order.volume(), order.holder(), order.fence(), word, what));
    }

    ErrandDone observe(ObserveVolumes order) {
        return done(
                "observed " + order.volumes().size() + " volumes",
                new VolumesObserved(
                        machine.key(),
                        order.driver(),
                        ports.clock().instant(),
                        ports.plugins().observe(order.driver(), order.volumes())));
    }

    private static ErrandDone done(String message, ExecutorReport report) {
        return new ErrandDone(State.FINISHED, message, report);
    }

    private static ErrandDone failed(String message) {
        return new ErrandDone(State.FAILED, message, new Failure(message));
    }
}
