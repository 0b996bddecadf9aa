package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.ClaimId;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import io.mooring.executor.mount.VolumeEffect;
import io.mooring.executor.mount.VolumeEffect.CloseInherited;
import io.mooring.executor.mount.VolumeEffect.CloseJournal;
import io.mooring.executor.mount.VolumeEffect.Journal;
import io.mooring.executor.mount.VolumeEffect.LetGo;
import io.mooring.executor.mount.VolumeEffect.ReportFailed;
import io.mooring.executor.mount.VolumeEffect.ReportReady;
import io.mooring.executor.mount.VolumeEffect.ReportReleased;
import io.mooring.executor.mount.VolumeEffect.RetryAfter;
import io.mooring.executor.mount.VolumeEvent;
import io.mooring.executor.mount.VolumeMachine;
import io.mooring.executor.mount.VolumePhase;
import io.mooring.executor.mount.VolumeState;
import io.mooring.executor.mount.VolumeStep;
import io.mooring.executor.mount.VolumeTransition;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The volumes this process is at work on, each in its own lane: one that hangs holds up no other. */
final class Lanes {
    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    private final Ports ports;
    private final VolumeWork work;
    private final Consumer<Event> inbox;
    private final LaneReports reports;
    private final VolumeMachine machine = new VolumeMachine();
    private final Map<ClaimId, Lane> lanes = new LinkedHashMap<>();

    Lanes(Ports ports, Consumer<Event> inbox, LaneReports reports) {
        this.ports = ports;
        this.work = new VolumeWork(ports.plugins(), ports.mounts(), ports.containers());
        this.inbox = inbox;
        this.reports = reports;
    }

    void add(Lane lane) {
        lanes.put(lane.state().volume().claim(), lane);
    }

    Optional<Lane> find(ClaimId claim) {
        return Optional.ofNullable(lanes.get(claim));
    }

    Lane get(ClaimedVolume volume) {
        return lanes.get(volume.claim());
    }

    void hold(ClaimedVolume volume, JournalPort.Held entry) {
        lanes.compute(volume.claim(), (claim, lane) -> lane.holding(entry));
    }

    /** Takes up what a predecessor left mounted for this volume. */
    void inherit(ClaimedVolume volume, JournalPort.Held left) {
        JournalEntry entry = left.entry();
        MountFacts facts = entry.facts().orElseThrow();
        lanes.put(
                entry.volume().claim(),
                Lane.of(Lane.Owner.TASK, VolumeState.leftBehind(entry, VolumeState.Boot.THIS), Optional.of(left)));
        lanes.computeIfPresent(
                volume.claim(), (claim, lane) -> lane.with(lane.state().inheriting(entry.volume(), facts)));
    }

    /** A container of that name is about to be made with the volume in it: the journal first. */
    void enter(ClaimedVolume volume, String container) throws IOException {
        Lane lane = get(volume);
        lane.held().orElseThrow().container(container);
        lanes.put(volume.claim(), lane.with(lane.state().in(container)));
    }

    void own(ClaimId claim, Lane.Owner owner) {
        lanes.computeIfPresent(claim, (key, lane) -> lane.with(owner));
    }

    void happen(ClaimId claim, VolumeEvent event) {
        Lane lane = lanes.get(claim);
        if (lane == null) {
            return;
        }
        VolumeTransition transition = machine.next(lane.state(), event);
        if (transition.state().phase() != lane.state().phase()) {
            log.info(
                    "volume {} claim {}: {} -> {}{}",
                    lane.state().volume().request().name(),
                    claim,
                    lane.state().phase(),
                    transition.state().phase(),
                    transition.state().trouble().isEmpty()
                            ? ""
                            : ": " + transition.state().trouble());
        }
        lanes.put(claim, lane.with(transition.state()));
        for (VolumeEffect effect : transition.effects()) {
            if (!perform(claim, effect)) {
                return;
            }
        }
    }

    /** Whether the effects after this one may follow. */
    private boolean perform(ClaimId claim, VolumeEffect effect) {
        Lane lane = lanes.get(claim);
        if (effect instanceof Journal step) {
            return journal(lane, step);
        }
        if (effect instanceof CloseJournal) {
            close(lane);
        } else if (effect instanceof CloseInherited inherited) {
            find(inherited.from().claim()).ifPresent(this::close);
            lanes.remove(inherited.from().claim());
        } else if (effect instanceof LetGo) {
            letGo(lane);
        } else if (effect instanceof RetryAfter retry) {
            ports.timers().after(retry.pause(), new Event.OfVolume(claim, new VolumeEvent.RetryDue()));
        } else if (effect instanceof ReportReady) {
            reports.ready(claim);
        } else if (effect instanceof ReportFailed failed) {
            reports.failed(claim, failed.reason());
        } else if (effect instanceof ReportReleased released) {
            lanes.put(claim, lane.released(honest(lane, released.record())));
            reports.released(claim);
        } else {
            ClaimedVolume volume = lane.state().volume();
            ports.workers().execute(() -> inbox.accept(new Event.OfVolume(claim, work.perform(volume, effect))));
        }
        return true;
    }

    private boolean journal(Lane lane, Journal step) {
        if (lane.held().isEmpty()) {
            return true;
        }
        ClaimId claim = lane.state().volume().claim();
        try {
            lane.held().get().append(step.step(), step.facts());
            return true;
        } catch (IOException e) {
            String why = "the journal cannot be written: " + e.getMessage();
            log.error("volume {}: {}", lane.state().volume().request().name(), why);
            if (step.step() == VolumeStep.ATTACHING) {
                // Nothing may be touched that the journal does not name. To the volume it is as if the plugin had
                // refused.
                inbox.accept(new Event.OfVolume(
                        claim, new VolumeEvent.Looked(new Outcome.Refused<>(Refusal.REJECTED, why))));
                return false;
            }
            lanes.put(claim, lane.journalBehind(why));
            return true;
        }
    }

    private void letGo(Lane lane) {
        try {
            if (lane.held().isPresent()) {
                lane.held().get().letGo();
            }
        } catch (IOException e) {
            log.warn("the lock of a journal entry goes only with this process: {}", e.getMessage());
        }
    }

    private void close(Lane lane) {
        if (lane.held().isEmpty()) {
            return;
        }
        try {
            lane.held().get().close();
        } catch (IOException e) {
            lanes.put(
                    lane.state().volume().claim(),
                    lane.journalBehind("the journal entry cannot be closed: " + e.getMessage()));
        }
    }

    /** A record never says more of the journal than is true. */
    private static ReleasedVolume honest(Lane lane, ReleasedVolume record) {
        if (lane.journalTrouble().isEmpty()) {
            return record;
        }
        return new ReleasedVolume(
                record.claim(),
                record.fence(),
                record.neverAttached(),
                record.workloadGone(),
                record.unmounted(),
                record.closed(),
                record.detached(),
                false,
                Optional.of(lane.journalTrouble()));
    }

    /** What a volume waits for, in words. */
    static String waitingFor(VolumeState state) {
        String name = "volume '" + state.volume().request().name() + "': ";
        return state.trouble().isEmpty()
                ? name + "waiting for the " + (state.phase() == VolumePhase.EVICTING ? "Docker Engine" : "plugin")
                        + " (" + state.phase() + ")"
                : name + state.trouble();
    }
}
