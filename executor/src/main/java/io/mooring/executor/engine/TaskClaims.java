package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.Status.State;
import io.mooring.executor.mount.HighWater;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.VolumeStep;
import io.mooring.executor.run.TaskEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The claims of one task before anything is touched: the journal, the high-water marks, and the request to activate. */
final class TaskClaims {
    private static final Logger log = LoggerFactory.getLogger(TaskClaims.class);

    private final Ports ports;
    private final Machine machine;
    private final Lanes lanes;
    private final TaskId task;
    private final RunWorkload order;
    private final List<ClaimToActivate> toActivate = new ArrayList<>();

    TaskClaims(Ports ports, Machine machine, Lanes lanes, TaskId task, RunWorkload order) {
        this.ports = ports;
        this.machine = machine;
        this.lanes = lanes;
        this.task = task;
        this.order = order;
    }

    /** Puts the intent to use each volume on disk; the answer is the task's next event. */
    TaskEvent journalIntent() {
        Optional<TaskEvent> stale = compareMarks();
        if (stale.isPresent()) {
            return stale.get();
        }
        for (ClaimedVolume volume : order.volumes()) {
            String name = volume.request().name().value();
            try {
                adopt(volume);
                lanes.hold(
                        volume,
                        ports.journal()
                                .open(new JournalEntry(
                                        volume,
                                        task,
                                        machine.key(),
                                        machine.boot(),
                                        VolumeStep.INTENT,
                                        Optional.empty())));
            } catch (IOException e) {
                return new TaskEvent.Unfit(
                        "the journal cannot be written for volume '" + name + "': " + e.getMessage());
            }
        }
        return new TaskEvent.Journaled();
    }

    /** What this machine acted under before; a claim that is older than that is refused. */
    private Optional<TaskEvent> compareMarks() {
        Optional<TaskEvent> objection = Optional.empty();
        for (ClaimedVolume volume : order.volumes()) {
            VolumeName name = volume.request().name();
            try {
                HighWater mark = ports.journal().highWater(name);
                toActivate.add(new ClaimToActivate(volume.claim(), name, volume.fence(), mark.fence(), mark.claim()));
                // Claims that stand beside each other come in any order; the scheduler judges their marks.
                boolean stale = !volume.request().shared() && !mark.permits(volume.claim(), volume.fence());
                if (objection.isEmpty() && stale) {
                    objection = Optional.of(new TaskEvent.Unfit("stale fence: volume '" + name
                            + "' was granted under fence " + volume.fence()
                            + ", but this machine has already acted under fence " + mark.fence()
                            + "; the scheduler's store may have been restored from an older copy"));
                }
            } catch (IOException e) {
                return Optional.of(
                        new TaskEvent.Unfit("the journal cannot be read for volume '" + name + "': " + e.getMessage()));
            }
        }
        // The scheduler has to learn what this machine has seen, although nothing comes of the launch.
        objection.ifPresent(stale -> ports.agent().send(new Status(task, State.STARTING, "", Optional.of(request()))));
        return objection;
    }

    /** Takes up what its predecessor left mounted; where there is nothing, the volume is attached as ever. */
    private void adopt(ClaimedVolume volume) throws IOException {
        Optional<JournalPort.Held> left = volume.takesOver().isPresent()
                ? ports.journal().take(volume.takesOver().get())
                : Optional.empty();
        if (left.isEmpty()) {
            return;
        }
        JournalEntry entry = left.get().entry();
        boolean fits = entry.step() == VolumeStep.HANDOVER
                && entry.facts().isPresent()
                && entry.machine().equals(machine.key())
                && entry.boot().equals(machine.boot())
                && entry.volume().request().name().equals(volume.request().name());
        if (fits) {
            lanes.inherit(volume, left.get());
        } else {
            left.get().letGo();
        }
    }

    /** Puts the right to use each volume on disk; what stands in the way, empty if nothing does. */
    Optional<String> journalGo() {
        try {
            for (ClaimedVolume volume : order.volumes()) {
                if (!JournalEntry.reads(volume)) {
                    ports.journal().raise(volume); // readers of one fence do not keep those of another out
                }
                lanes.get(volume).held().orElseThrow().append(VolumeStep.GO, Optional.empty());
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the journal cannot be written: " + e.getMessage());
        }
    }

    /** Asks for the activation, with all that this machine has seen. */
    ActivationRequest request() {
        return new ActivationRequest(task, machine.key(), machine.boot(), toActivate, highestEpoch());
    }

    /** The highest epoch that this machine has seen, as far as its journal can be read. */
    long highestEpoch() {
        try {
            return ports.journal().highestEpoch();
        } catch (IOException e) {
            log.warn("the highest epoch cannot be read from the journal: {}", e.getMessage());
            return 0;
        }
    }
}
