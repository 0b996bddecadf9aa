package io.mooring.scheduler.decision;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.claim.Transition;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Discrepancies;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The operator's hand: their word for a dead holder, the brake, and the way out of safe mode and quarantine. */
final class OperatorDecisions {
    /** Agents that are lost within this time were lost together. */
    private static final Duration TOGETHER = Duration.ofMinutes(5);

    private static final int FEWEST = 2;

    private final ClusterState state;
    private final Policy policy;
    private final ClaimDecisions claims;
    private final FenceDecisions fences;
    private final Demand demand;
    private final Map<AgentId, Instant> lost = new TreeMap<>();

    OperatorDecisions(ClusterState state, Policy policy, ClaimDecisions claims, FenceDecisions fences, Demand demand) {
        this.state = state;
        this.policy = policy;
        this.claims = claims;
        this.fences = fences;
        this.demand = demand;
    }

    /**
     * T12: the operator states that this machine does not write to the volume any more (E5).
     *
     * @param machine has to be the holder's: whoever names another one has another volume in mind
     * @param by who says so, for the audit
     */
    Answer<ReleasedClaim> release(VolumeName name, MachineKey machine, String reason, String by, Decision decision) {
        List<Claim> held = state.claimsOn(name);
        if (held.isEmpty() && fences.callOff(name, machine, decision)) {
            decision.publish(
                    "operator_released",
                    Facts.of("volume", name)
                            .and("machine", machine)
                            .and("by", by)
                            .and("reason", reason));
            return state.historyOf(name).isEmpty()
                    ? Answer.refused(Answer.Why.NOT_FOUND, "volume " + name + " has no claim any more; it is free")
                    : Answer.ok(state.historyOf(name).get(0));
        }
        if (held.isEmpty()) {
            return Answer.refused(Answer.Why.NOT_FOUND, "volume " + name + " has no claim that could be released");
        }
        Optional<Claim> claim =
                held.stream().filter(one -> one.machine().equals(machine)).min(Comparator.comparing(this::alive));
        if (claim.isEmpty()) {
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "volume " + name + " is held on machine " + held.get(0).machine() + ", not on " + machine);
        }
        return release(claim.get(), reason, by, decision);
    }

    private Answer<ReleasedClaim> release(Claim claim, String reason, String by, Decision decision) {
        if (alive(claim)) {
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "the holder is alive: Mesos is in contact with task " + claim.task() + " on machine "
                            + claim.machine()
                            + "; stop its app, or scale it down, and the volume is released with proof");
        }
        Evidence word = ClaimDecisions.evidence(Evidence.Code.E5, by, reason, decision);
        Transition transition = claims.on(claim, new ClaimEvent.Confirm(word), decision);
        if (!(transition instanceof Transition.Release)) {
            String why = transition instanceof Transition.Refuse refuse ? refuse.why() : "nothing to release";
            return Answer.refused(Answer.Why.CONFLICT, "volume " + claim.volume() + ": " + why);
        }
        fences.afterRelease(claim, decision);
        decision.publish(
                "operator_released", ClaimDecisions.facts(claim).and("by", by).and("reason", reason));
        return Answer.ok(state.historyOf(claim.volume()).get(0));
    }

    private boolean alive(Claim claim) {
        return state.task(claim.task()).filter(task -> task.state().live()).isPresent();
    }

    /** Puts a hold on, or takes it off. */
    Hold hold(Hold.Kind kind, boolean on, String by, String reason, Decision decision) {
        Hold next = new Hold(kind, on, decision.now(), by, reason);
        decision.record(new StoreRecord.PutHold(next));
        decision.publish(
                kind.word().replace('-', '_') + (on ? "_on" : "_off"),
                Facts.of("by", by).and("reason", reason));
        if (kind == Hold.Kind.SAFE_MODE && !on) {
            state.discrepancies().clear(Discrepancies.Name.ROLLED_BACK);
            state.discrepancies().clear(Discrepancies.Name.UNKNOWN_TASK);
        }
        if (kind == Hold.Kind.BRAKE && !on) {
            lost.clear();
            fences.watchSuspects(decision);
        }
        demand.changed();
        return next;
    }

    /** Ends a quarantine on the operator's word. */
    Answer<Volume> clear(VolumeName name, String by, String reason, Decision decision) {
        Optional<Volume> volume = state.volume(name);
        if (volume.isEmpty()) {
            return Answer.refused(Answer.Why.NOT_FOUND, "volume " + name + " is not known");
        }
        if (volume.get().state() != VolumeState.QUARANTINED && volume.get().state() != VolumeState.FAILED) {
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "volume " + name + " is " + volume.get().state() + "; only a volume in quarantine, or one that"
                            + " failed, has to be let go");
        }
        VolumeState next = state.claimsOn(name).isEmpty() ? VolumeState.AVAILABLE : VolumeState.IN_USE;
        Volume cleared = volume.get().cleared(next, decision.now());
        decision.record(new StoreRecord.PutVolume(cleared));
        decision.publish("volume_let_go", Facts.of("volume", name).and("by", by).and("reason", reason));
        demand.changed();
        return Answer.ok(cleared);
    }

    /** Counts agents that are lost about the same time; too many of them pull the brake. */
    void agentLost(AgentId agent, Decision decision) {
        lost.values().removeIf(at -> at.plus(TOGETHER).isBefore(decision.now()));
        if (lost.putIfAbsent(agent, decision.now()) != null) {
            return;
        }
        // A new leader knows agents from its tasks before it knows them from offers.
        Set<AgentId> others = new TreeSet<>();
        state.agents().stream()
                .filter(other -> other.state() == Agent.State.ACTIVE)
                .forEach(other -> others.add(other.id()));
        state.tasks().stream()
                .filter(task -> task.state().live() && task.kind() != TaskKind.FOREIGN)
                .forEach(task -> others.add(task.agent()));
        others.removeAll(lost.keySet());
        int active = others.size();
        double share = (double) lost.size() / (lost.size() + active);
        if (lost.size() >= FEWEST
                && share >= policy.takeover().brakeShare()
                && state.hold(Hold.Kind.BRAKE).isEmpty()) {
            hold(
                    Hold.Kind.BRAKE,
                    true,
                    "scheduler",
                    lost.size() + " of " + (lost.size() + active) + " agents were lost within " + TOGETHER.toMinutes()
                            + " minutes: the network or the master may be ill, not the agents",
                    decision);
        }
    }

    void agentSeen(Agent agent) {
        lost.remove(agent.id());
    }
}
