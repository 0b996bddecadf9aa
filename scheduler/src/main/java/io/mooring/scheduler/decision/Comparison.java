package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport.AttachmentSeen;
import io.mooring.common.command.ExecutorReport.AttachmentView;
import io.mooring.common.command.ExecutorReport.Existence;
import io.mooring.common.command.ExecutorReport.VolumeObserved;
import io.mooring.common.ids.MachineKey;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies;
import io.mooring.scheduler.cluster.Discrepancies.Name;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Three-way reconciliation: what is on record, what Mesos runs, and what the backend has attached. Each disagreement has
 * a name; the dangerous ones put the volume into quarantine; nothing is ever detached on a list's word alone.
 */
final class Comparison {
    private static final Duration STUCK = Duration.ofMinutes(5);
    /** Quarantines with this beginning end by themselves when the backend shows the attachment gone. */
    private static final String ATTACHED = "attached to machine ";

    private final ClusterState state;
    private final Policy policy;
    private final AppDecisions apps;
    private final SafeMode safeMode;

    Comparison(ClusterState state, Policy policy, AppDecisions apps, SafeMode safeMode) {
        this.safeMode = safeMode;
        this.state = state;
        this.policy = policy;
        this.apps = apps;
    }

    /** What can be said without asking a backend. */
    void begin(Decision decision) {
        Discrepancies found = state.discrepancies();
        found.clear(Name.CLAIM_STUCK);
        for (ClaimState waiting : List.of(ClaimState.RELEASING, ClaimState.SUSPECT, ClaimState.FENCING)) {
            for (Claim claim : state.claimsIn(waiting)) {
                if (claim.since().plus(STUCK).isBefore(decision.now())) {
                    found.put(
                            Name.CLAIM_STUCK,
                            claim.id().value(),
                            "volume " + claim.volume() + " is " + claim.state() + " on machine " + claim.machine()
                                    + " since " + claim.since(),
                            decision.now());
                }
            }
        }
    }

    /** One volume as the backend told it to that task. */
    void observed(VolumeObserved seen, Task task, Decision decision) {
        Optional<Volume> known = state.volume(seen.volume());
        if (known.isEmpty() || seen.attachment() instanceof AttachmentView.NotTold) {
            return;
        }
        Volume volume = known.get();
        String key = volume.name().key();
        List<Claim> claims = state.claimsOn(volume.name());
        List<AttachmentSeen> attachments =
                seen.attachment() instanceof AttachmentView.At at ? at.attachments() : List.<AttachmentSeen>of();
        if (neverGranted(volume, attachments, decision)) {
            return;
        }
        missing(volume, seen.existence(), claims, decision);
        if (claims.stream().anyMatch(claim -> !task.stagedAt().isAfter(claim.since()))) {
            return; // the backend was asked before the claim came to where it is
        }
        if (claims.isEmpty()) {
            state.discrepancies().clear(Name.ATTACHED_ELSEWHERE, key);
            state.discrepancies().retain(Name.ATTACHMENT_MISSING, key + " ", List.of());
            unclaimed(volume, attachments, decision);
        } else {
            state.discrepancies().clear(Name.LEAKED_ATTACHMENT, key);
            claims.forEach(claim -> claimed(volume, claim, claims, attachments, decision));
        }
    }

    /** A fence is on record before anybody can use it, so one that is above the record's was lost from there. */
    private boolean neverGranted(Volume volume, List<AttachmentSeen> attachments, Decision decision) {
        Optional<AttachmentSeen> newest = attachments.stream()
                .filter(seen -> ours(seen.machine()) && seen.fence().orElse(0) > volume.fence())
                .max(Comparator.comparingLong(seen -> seen.fence().orElse(0)));
        newest.ifPresent(seen -> safeMode.rolledBack(
                volume.name(),
                seen.fence().orElse(0),
                "volume " + volume.name() + " is attached to machine " + seen.machine() + " under fence "
                        + seen.fence().orElse(0) + ", and the highest on record is " + volume.fence(),
                decision));
        return newest.isPresent();
    }

    private void missing(Volume volume, Existence existence, List<Claim> claims, Decision decision) {
        String key = volume.name().key();
        if (existence == Existence.MISSING && volume.exists() && claims.isEmpty()) {
            state.discrepancies()
                    .put(
                            Name.VOLUME_MISSING,
                            key,
                            "volume " + volume.name() + " of " + volume.driver() + " is not in the backend any more",
                            decision.now());
        } else {
            state.discrepancies().clear(Name.VOLUME_MISSING, key);
        }
    }

    private void unclaimed(Volume volume, List<AttachmentSeen> attachments, Decision decision) {
        String key = volume.name().key();
        Optional<AttachmentSeen> foreign =
                attachments.stream().filter(seen -> !ours(seen.machine())).findFirst();
        if (foreign.isPresent()) {
            String why = ATTACHED + foreign.get().machine() + ", which is none of this cluster's";
            state.discrepancies()
                    .put(Name.FOREIGN_ATTACHMENT, key, "volume " + volume.name() + " is " + why, decision.now());
            quarantine(volume, why, decision);
            return;
        }
        state.discrepancies().clear(Name.FOREIGN_ATTACHMENT, key);
        if (!attachments.isEmpty()) {
            AttachmentSeen seen = attachments.get(0);
            state.discrepancies()
                    .put(
                            Name.LEAKED_ATTACHMENT,
                            key,
                            "volume " + volume.name() + " has no claim and is attached to machine " + seen.machine()
                                    + " since " + seen.since(),
                            decision.now());
            return;
        }
        state.discrepancies().clear(Name.LEAKED_ATTACHMENT, key);
        boolean overBy = volume.state() == VolumeState.QUARANTINED
                && volume.trouble().filter(why -> why.startsWith(ATTACHED)).isPresent();
        if (overBy) {
            decision.record(new StoreRecord.PutVolume(volume.cleared(VolumeState.AVAILABLE, decision.now())));
            decision.publish("volume_quarantine_ended", Facts.of("volume", volume.name()));
        }
    }

    private void claimed(
            Volume volume, Claim claim, List<Claim> claims, List<AttachmentSeen> attachments, Decision decision) {
        boolean cutting = policy.fenceClass(volume.driver(), state).cutsOff();
        if (claim.state() == ClaimState.RESERVED || !cutting) {
            return;
        }
        Optional<AttachmentSeen> elsewhere = attachments.stream()
                .filter(seen ->
                        claims.stream().noneMatch(holder -> holder.machine().equals(seen.machine())))
                .filter(seen -> !cutOffFrom(volume, seen.machine()))
                .findFirst();
        String key = volume.name().key();
        if (elsewhere.isPresent()) {
            String why = ATTACHED + elsewhere.get().machine() + " while task " + claim.task() + " on machine "
                    + claim.machine() + " has the claim";
            state.discrepancies()
                    .put(Name.ATTACHED_ELSEWHERE, key, "volume " + volume.name() + " is " + why, decision.now());
            quarantine(volume, why, decision);
            return;
        }
        state.discrepancies().clear(Name.ATTACHED_ELSEWHERE, key);
        lost(volume, claim, attachments, decision);
    }

    /** The second look in a row that shows a running task's volume nowhere ends the task: its writes go nowhere. */
    private void lost(Volume volume, Claim claim, List<AttachmentSeen> attachments, Decision decision) {
        String key = volume.name().key() + " " + claim.id();
        Optional<Task> running = state.task(claim.task()).filter(task -> task.state() == TaskState.RUNNING);
        boolean gone = claim.state() == ClaimState.MOUNTED && attachments.isEmpty() && running.isPresent();
        if (!gone) {
            state.discrepancies().clear(Name.ATTACHMENT_MISSING, key);
            return;
        }
        boolean again = state.discrepancies().find(Name.ATTACHMENT_MISSING, key).isPresent();
        state.discrepancies()
                .put(
                        Name.ATTACHMENT_MISSING,
                        key,
                        "task " + claim.task() + " runs on volume " + volume.name()
                                + ", which the backend says is not attached",
                        decision.now());
        if (again) {
            decision.publish("attachment_lost", ClaimDecisions.facts(claim));
            apps.stop(running.get(), decision);
        }
    }

    private void quarantine(Volume volume, String why, Decision decision) {
        if (volume.state() != VolumeState.QUARANTINED && volume.state() != VolumeState.DELETING) {
            decision.record(new StoreRecord.PutVolume(volume.failed(VolumeState.QUARANTINED, why, decision.now())));
            decision.publish(
                    "volume_quarantined", Facts.of("volume", volume.name()).and("why", why));
        }
    }

    /** A backend may list a machine that has no access any more. */
    private boolean cutOffFrom(Volume volume, MachineKey machine) {
        return state.machine(machine)
                .filter(known -> known.fenced().contains(volume.name()))
                .isPresent();
    }

    private boolean ours(MachineKey machine) {
        return state.machine(machine).isPresent()
                || state.agents().stream().anyMatch(agent -> agent.machine().equals(Optional.of(machine)));
    }
}
