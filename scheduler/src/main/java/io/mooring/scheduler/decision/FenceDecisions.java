package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport.FenceReport;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.CutOff;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.FenceClass;
import io.mooring.scheduler.volume.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Takes volumes from holders that nobody reaches, by having the storage cut them off (T10, T11). The order is on record
 * before anybody is told; its target and number come from the claim; what frees the claim is the storage's answer that
 * the holder has no access any more (E3), never the order itself.
 */
final class FenceDecisions {
    private final ClusterState state;
    private final Policy policy;
    private final Chance chance;
    private final ClaimDecisions claims;
    private final OperationDecisions operations;
    private final Demand demand;

    FenceDecisions(
            ClusterState state,
            Policy policy,
            Chance chance,
            ClaimDecisions claims,
            OperationDecisions operations,
            Demand demand) {
        this.state = state;
        this.policy = policy;
        this.chance = chance;
        this.claims = claims;
        this.operations = operations;
        this.demand = demand;
    }

    /** Every suspect gets its time again: for a new leader, and when the brake is let go. */
    void watchSuspects(Decision decision) {
        for (Claim claim : state.claimsIn(ClaimState.SUSPECT)) {
            Instant due = decision.now().plus(policy.takeover().suspectGrace());
            decision.effect(new Effect.StartTimer(new Timer.SuspectGrace(claim.id()), due));
        }
    }

    /** The grace of a suspect is over: the volume's policy may allow to cut it off now. */
    void graceOver(ClaimId id, Decision decision) {
        Optional<Claim> claim = state.claim(id);
        if (claim.isEmpty() || !lost(claim.get())) {
            return;
        }
        if (claim.get().since().plus(policy.takeover().suspectGrace()).isAfter(decision.now())) {
            decision.effect(new Effect.StartTimer(
                    new Timer.SuspectGrace(id),
                    claim.get().since().plus(policy.takeover().suspectGrace())));
            return;
        }
        boolean wanted = state.volume(claim.get().volume())
                .filter(volume -> volume.takeover() == TakeoverPolicy.FENCE)
                .isPresent();
        if (wanted && state.hold(Hold.Kind.BRAKE).isEmpty()) {
            order(claim.get(), "policy", decision);
        }
    }

    /** Looks at all lost holders again: policies change, and machines are lost after their tasks have ended. */
    void review(Decision decision) {
        for (ClaimState waiting : List.of(ClaimState.SUSPECT, ClaimState.RELEASING)) {
            for (Claim claim : state.claimsIn(waiting)) {
                boolean over =
                        !claim.since().plus(policy.takeover().suspectGrace()).isAfter(decision.now());
                if (over && lost(claim)) {
                    graceOver(claim.id(), decision);
                }
            }
        }
    }

    /** Whether nobody reaches the holder: its task, or after the task's end its machine. */
    private boolean lost(Claim claim) {
        boolean abandoned = state.task(claim.task())
                .map(task -> task.state() == TaskState.ENDED)
                .orElse(true);
        return claim.state() == ClaimState.SUSPECT
                || (claim.state() == ClaimState.RELEASING && abandoned && !claims.machineInContact(claim.machine()));
    }

    /** The operator, or a clean-up of the machine, ends an order whose claim is gone. */
    boolean callOff(VolumeName volume, MachineKey machine, Decision decision) {
        Optional<CutOff> open = state.cutOffFrom(volume)
                .filter(cutOff -> cutOff.machine().equals(machine)
                        && state.claim(cutOff.claim()).isEmpty());
        open.ifPresent(cutOff -> {
            decision.record(new StoreRecord.RemoveCutOff(cutOff.id()));
            decision.publish("fence_called_off", Facts.of("volume", volume).and("machine", machine));
            demand.changed();
        });
        return open.isPresent();
    }

    /** T10, where the backend can do it. */
    void order(Claim claim, String by, Decision decision) {
        Optional<Volume> volume = state.volume(claim.volume());
        boolean possible = volume.isPresent()
                && policy.fenceClass(volume.get().driver(), state).cutsOff()
                && volume.get().takeover() != TakeoverPolicy.MANUAL
                && (claim.state() == ClaimState.SUSPECT || claim.state() == ClaimState.RELEASING);
        if (!possible) {
            return;
        }
        CutOff cutOff = CutOff.of(chance.newName(), claim, volume.get().driver(), decision.now());
        decision.record(new StoreRecord.PutCutOff(cutOff));
        claims.on(claim, new ClaimEvent.Fence(cutOff.id()), decision);
        decision.publish("fence_ordered", ClaimDecisions.facts(claim).and("by", by));
        demand.changed();
    }

    /**
     * After the operator's word (E5) the storage is told, too, where it can be: the machine may be alive all the same. The
     * volume waits for the answer, and an answer that it cannot be done lets it go.
     */
    void afterRelease(Claim released, Decision decision) {
        Optional<Volume> volume = state.volume(released.volume());
        FenceClass fenceClass =
                volume.map(known -> policy.fenceClass(known.driver(), state)).orElse(FenceClass.D);
        distrust(released, decision);
        if (volume.isPresent()
                && fenceClass.cutsOff()
                && released.cutOff().flatMap(state::cutOff).isEmpty()) {
            decision.record(new StoreRecord.PutCutOff(
                    CutOff.of(chance.newName(), released, volume.get().driver(), decision.now())));
            demand.changed();
        }
    }

    /** What an agent's plugin made of the order. */
    void ended(Task task, Optional<FenceReport> report, Decision decision) {
        Optional<CutOff> open = state.cutOffs().stream()
                .filter(cutOff -> task.claims().contains(cutOff.claim()))
                .findFirst();
        if (open.isEmpty()) {
            return;
        }
        CutOff cutOff = open.get();
        Optional<FenceReport> fits = report.filter(answer -> answer.operation().equals(cutOff.id())
                && answer.fence() == cutOff.fence()
                && answer.holder().equals(cutOff.machine()));
        if (fits.isEmpty()) {
            again(cutOff, "no answer came from the plugin on " + task.hostname(), decision);
            return;
        }
        switch (fits.get().outcome()) {
            case CUT_OFF -> done(cutOff, task, fits.get(), decision);
            case REFUSED -> refused(cutOff, task, fits.get(), decision);
            case UNKNOWN -> again(cutOff, fits.get().what(), decision);
        }
    }

    /** T11. */
    private void done(CutOff cutOff, Task task, FenceReport report, Decision decision) {
        Optional<Claim> claim = state.claim(cutOff.claim());
        decision.record(new StoreRecord.RemoveCutOff(cutOff.id()));
        if (claim.isPresent()) {
            distrust(claim.get(), decision);
            Evidence evidence = ClaimDecisions.evidence(
                    Evidence.Code.E3,
                    "plugin " + cutOff.driver() + " on " + task.hostname(),
                    "machine " + cutOff.machine() + " was cut off from fence " + cutOff.fence() + ": " + report.what(),
                    decision);
            claims.on(claim.get(), new ClaimEvent.Fenced(evidence), decision);
        } else {
            fencedFrom(cutOff.machine(), cutOff.volume(), decision);
        }
        demand.changed();
    }

    private void refused(CutOff cutOff, Task task, FenceReport report, Decision decision) {
        decision.publish(
                "fence_refused",
                Facts.of("volume", cutOff.volume())
                        .and("machine", cutOff.machine())
                        .and("fence", cutOff.fence())
                        .and("why", report.what()));
        if (state.claim(cutOff.claim()).isEmpty()) {
            decision.record(new StoreRecord.RemoveCutOff(cutOff.id()));
            demand.changed();
            return;
        }
        again(cutOff, "the plugin on " + task.hostname() + " refused to cut it off: " + report.what(), decision);
    }

    private void again(CutOff cutOff, String why, Decision decision) {
        state.claim(cutOff.claim())
                .filter(claim -> !claim.trouble().equals(Optional.of(why)))
                .ifPresent(claim -> decision.record(new StoreRecord.PutClaim(claim.troubled(why))));
        operations.failed(OperationDecisions.fencing(cutOff), decision);
    }

    /** An order whose claim was freed by other evidence is not needed any more, unless an agent works on it now. */
    void dropNeedless(Decision decision) {
        for (CutOff cutOff : List.copyOf(state.cutOffs())) {
            boolean byOperator = state.historyOf(cutOff.volume()).stream()
                    .anyMatch(past -> past.claim().id().equals(cutOff.claim())
                            && past.freedBy().code() == Evidence.Code.E5);
            if (state.claim(cutOff.claim()).isEmpty() && !byOperator && !worked(cutOff)) {
                decision.record(new StoreRecord.RemoveCutOff(cutOff.id()));
                demand.changed();
            }
        }
    }

    private boolean worked(CutOff cutOff) {
        return state.operations().stream()
                .anyMatch(task -> task.kind() == TaskKind.FENCE
                        && task.state() != TaskState.ENDED
                        && task.claims().contains(cutOff.claim()));
    }

    /** A holder that was not seen to let go: before its machine gets the volume again, the machine is cleaned. */
    private void distrust(Claim claim, Decision decision) {
        fencedFrom(claim.machine(), claim.volume(), decision);
        state.volume(claim.volume())
                .filter(volume -> !volume.needsFsck())
                .ifPresent(volume -> decision.record(new StoreRecord.PutVolume(volume.distrusted())));
    }

    private void fencedFrom(MachineKey key, VolumeName volume, Decision decision) {
        state.machine(key)
                .filter(machine -> !machine.fenced().contains(volume))
                .ifPresent(machine -> decision.record(new StoreRecord.PutMachine(machine.fencedFrom(volume))));
    }
}
