package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.engine.Lane.Owner;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.VolumeEvent;
import io.mooring.executor.mount.VolumeState;
import io.mooring.executor.mount.VolumeState.Boot;
import io.mooring.executor.mount.VolumeStep;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes what dead executors of this machine left. It acts only on entries whose lock it gets,
 * and through the plugin: a pid in a journal would mean nothing across PID namespaces.
 */
final class Reaper {
    private static final Logger log = LoggerFactory.getLogger(Reaper.class);

    /** How long a volume stays mounted for a successor. */
    private static final Duration SUCCESSION = Duration.ofSeconds(30);

    private final JournalPort journal;
    private final Machine machine;
    private final Lanes lanes;
    private final Set<ClaimId> heldByOthers = new HashSet<>();

    Reaper(JournalPort journal, Machine machine, Lanes lanes) {
        this.journal = journal;
        this.machine = machine;
        this.lanes = lanes;
    }

    /** Takes every entry that nobody holds. */
    void sweep() {
        try {
            journal.open().forEach(this::sweep);
        } catch (IOException e) {
            log.warn("the journal cannot be swept: {}", e.getMessage());
        }
    }

    private void sweep(ClaimId claim) {
        try {
            Optional<JournalPort.Held> held = journal.take(claim);
            if (held.isPresent()
                    && held.get().entry().machine().equals(machine.key())
                    && !awaitsSuccessor(held.get())) {
                begin(held.get(), Owner.REAPER);
            } else if (held.isPresent()) {
                held.get().letGo();
            }
        } catch (IOException e) {
            log.warn("the journal entry of claim {} cannot be swept: {}", claim, e.getMessage());
        }
    }

    /** A successor that comes later than that finds nothing and attaches as ever. */
    private boolean awaitsSuccessor(JournalPort.Held held) throws IOException {
        return held.entry().step() == VolumeStep.HANDOVER
                && held.entry().boot().equals(machine.boot())
                && held.age().compareTo(SUCCESSION) < 0;
    }

    /**
     * Begins to clean up one claim for an order; the lane reports when it is released.
     *
     * @return what is to be reported at once instead: a live executor holds it, or the journal is out of order
     */
    Optional<ReleasedVolume> cleanUp(ClaimedVolume volume, TaskId task) {
        Optional<Lane> swept = lanes.find(volume.claim());
        heldByOthers.remove(volume.claim());
        if (swept.isPresent()) {
            lanes.own(volume.claim(), Owner.CLEAN_UP);
            return swept.get().record();
        }
        try {
            Optional<JournalPort.Held> held = journal.take(volume.claim());
            if (held.isPresent()) {
                begin(held.get(), Owner.CLEAN_UP);
                return Optional.empty();
            }
            if (journal.look(volume.claim()).isPresent()) {
                heldByOthers.add(volume.claim());
                return Optional.of(unproven(volume, "a live executor of this machine holds the claim"));
            }
            // No entry proves nothing, so it is looked for as if the executor had died while it attached.
            JournalPort.Held fresh = journal.open(
                    new JournalEntry(volume, task, machine.key(), machine.boot(), VolumeStep.INTENT, Optional.empty()));
            fresh.append(VolumeStep.ATTACHING, Optional.empty());
            begin(fresh, Owner.CLEAN_UP);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(unproven(volume, "the journal: " + e.getMessage()));
        }
    }

    /** Whether the last attempt to clean up this claim found its entry in another executor's hands. */
    boolean heldByAnother(ClaimId claim) {
        return heldByOthers.contains(claim);
    }

    private void begin(JournalPort.Held held, Owner owner) {
        JournalEntry entry = held.entry();
        Boot boot = entry.boot().equals(machine.boot()) ? Boot.THIS : Boot.EARLIER;
        VolumeState left = VolumeState.leftBehind(entry, boot);
        log.info(
                "cleaning up volume {} of dead task {}: its journal ends at {}",
                entry.volume().request().name(),
                entry.task(),
                entry.step());
        lanes.add(Lane.of(owner, left, Optional.of(held)));
        lanes.happen(entry.volume().claim(), new VolumeEvent.ReleaseWanted());
    }

    private static ReleasedVolume unproven(ClaimedVolume volume, String why) {
        return new ReleasedVolume(
                volume.claim(), volume.fence(), false, false, false, false, false, false, Optional.of(why));
    }
}
