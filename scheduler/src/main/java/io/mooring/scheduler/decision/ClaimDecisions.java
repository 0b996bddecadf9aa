package io.mooring.scheduler.decision;

import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.AccessMode;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.ClaimMachine;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.claim.EvidenceLadder;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.claim.Transition;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Policy.Sharing;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.volume.FenceClass;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Leads claims through their machine, and with them the volumes. */
final class ClaimDecisions {
    private final ClusterState state;
    private final Policy policy;
    private final Demand demand;
    private final SafeMode safeMode;
    private final List<TaskId> released = new ArrayList<>();
    private final List<VolumeName> writerless = new ArrayList<>();

    ClaimDecisions(ClusterState state, Policy policy, Demand demand, SafeMode safeMode) {
        this.state = state;
        this.policy = policy;
        this.demand = demand;
        this.safeMode = safeMode;
    }

    /** Feeds the claim one event and records what comes of it. */
    Transition on(Claim claim, ClaimEvent event, Decision decision) {
        Transition transition = allowed(claim, ClaimMachine.on(claim, event, decision.now()));
        if (transition instanceof Transition.Move move) {
            if (!move.to().equals(claim)) {
                decision.record(new StoreRecord.PutClaim(move.to()));
                decision.publish(
                        "claim_" + move.to().state().name().toLowerCase(java.util.Locale.ROOT), facts(move.to()));
            }
            if (move.to().state() == ClaimState.RELEASING && claim.state() != ClaimState.RELEASING) {
                writerGoes(claim);
            }
            if (move.to().state() == ClaimState.SUSPECT && claim.state() != ClaimState.SUSPECT) {
                decision.effect(new Effect.StartTimer(
                        new Timer.SuspectGrace(claim.id()),
                        decision.now().plus(policy.takeover().suspectGrace())));
            }
        } else if (transition instanceof Transition.Release release) {
            release(release, decision);
        } else if (transition instanceof Transition.Refuse refuse) {
            decision.publish(
                    "claim_event_refused",
                    facts(claim).and("event", event.kind()).and("why", refuse.why()));
        }
        return transition;
    }

    /** I4: an activated claim is only freed by evidence that the backend's class and the volume's policy admit. */
    private Transition allowed(Claim claim, Transition transition) {
        Optional<Volume> volume = state.volume(claim.volume());
        if (!(transition instanceof Transition.Release release) || !claim.activated() || volume.isEmpty()) {
            return transition;
        }
        Evidence.Code code = release.evidence().code();
        FenceClass fenceClass = policy.fenceClass(volume.get().driver(), state);
        if (code == Evidence.Code.E3 && claim.state() == ClaimState.FENCING) {
            return transition; // it was admitted when it was ordered, whatever the policy says by now
        }
        return EvidenceLadder.allowed(fenceClass, volume.get().takeover()).contains(code)
                ? transition
                : new Transition.Refuse(
                        code.word() + " does not free a volume of class " + fenceClass + " under the take-over policy "
                                + volume.get().takeover().word());
    }

    /**
     * T2: all claims of the task or none. Answered with GO if every one of them is activated for this boot, else with DENY;
     * a DENY is final for the executor, so it is only given when the claims can never be this task's any more.
     */
    void activate(ActivationRequest request, Task task, Decision decision) {
        SchedulerMessage answer = answer(request, task, decision);
        decision.effect(new Effect.SendMessage(task.id(), task.agent(), answer));
    }

    /** The same for whoever brings the answer back himself. */
    SchedulerMessage answer(ActivationRequest request, Task task, Decision decision) {
        if (request.highestEpoch() > policy.epoch()) {
            String why = "machine " + request.machine() + " has seen epoch " + request.highestEpoch()
                    + ", and this leader has " + policy.epoch() + ": the store went back in time";
            safeMode.rolledBack(why, decision);
            return deny(task, why);
        }
        long asked =
                request.claims().stream().map(ClaimToActivate::claim).distinct().count();
        if (asked != task.claims().size()) {
            return deny(
                    task,
                    "task " + task.id() + " was given " + task.claims().size() + " claims, and asks for " + asked);
        }
        List<Claim> claims = new ArrayList<>();
        for (ClaimToActivate wanted : request.claims()) {
            Optional<Claim> claim = state.claim(wanted.claim());
            Optional<String> objection = claim.isEmpty()
                    ? Optional.of(
                            "claim " + wanted.claim() + " on volume " + wanted.volume() + " does not exist any more")
                    : objection(request, wanted, claim.get(), task, decision);
            if (objection.isPresent()) {
                return deny(task, objection.get());
            }
            claims.add(claim.get());
        }
        ClaimEvent activate = new ClaimEvent.Activate(request.boot());
        for (Claim claim : claims) {
            // Asked for all before anything is recorded: all of a task's claims are activated, or none.
            if (ClaimMachine.on(claim, activate, decision.now()) instanceof Transition.Refuse refuse) {
                return deny(task, refuse.why());
            }
        }
        List<Grant> grants = new ArrayList<>();
        for (Claim claim : claims) {
            on(claim, activate, decision);
            grants.add(new Grant(claim.id(), claim.fence()));
        }
        return new Go(task.id(), policy.epoch(), grants);
    }

    private Optional<String> objection(
            ActivationRequest request, ClaimToActivate wanted, Claim claim, Task task, Decision decision) {
        if (!claim.task().equals(task.id())) {
            return Optional.of("claim " + claim.id() + " belongs to task " + claim.task());
        }
        if (!claim.machine().equals(request.machine())) {
            return Optional.of(
                    "claim " + claim.id() + " is for machine " + claim.machine() + ", not " + request.machine());
        }
        if (claim.fence() != wanted.fence()) {
            return Optional.of("claim " + claim.id() + " has fence " + claim.fence() + ", not " + wanted.fence());
        }
        if (claim.shared()) {
            return sharedObjection(request, wanted, claim, decision);
        }
        boolean sameHolder =
                wanted.highWater() == claim.fence() && wanted.highWaterClaim().equals(Optional.of(claim.id()));
        if (wanted.highWater() >= claim.fence() && !sameHolder) {
            String why = "machine " + request.machine() + " has acted under fence " + wanted.highWater() + " of volume "
                    + claim.volume() + " before, and this claim has " + claim.fence();
            safeMode.rolledBack(claim.volume(), wanted.highWater(), why, decision);
            return Optional.of(why);
        }
        return safeMode.reason();
    }

    /** Claims that stand beside each other are activated in any order; only what was never granted is a contradiction. */
    private Optional<String> sharedObjection(
            ActivationRequest request, ClaimToActivate wanted, Claim claim, Decision decision) {
        long granted = state.volume(claim.volume()).map(Volume::fence).orElse(0L);
        if (wanted.highWater() > granted) {
            String why = "machine " + request.machine() + " has acted under fence " + wanted.highWater() + " of volume "
                    + claim.volume() + ", and the highest on record is " + granted;
            safeMode.rolledBack(claim.volume(), wanted.highWater(), why, decision);
            return Optional.of(why);
        }
        return safeMode.reason();
    }

    /** Says no to an executor whose task or claims are not known (any more). */
    private SchedulerMessage deny(Task task, String why) {
        return new Deny(task.id(), policy.epoch(), why);
    }

    private void release(Transition.Release release, Decision decision) {
        Claim last = release.last().with(release.evidence());
        decision.record(new StoreRecord.ReleaseClaim(new ReleasedClaim(last, release.evidence(), decision.now())));
        decision.publish(
                "claim_released",
                facts(last)
                        .and("evidence", release.evidence().code().word())
                        .and("by", release.evidence().by()));
        Optional<Volume> volume = state.volume(last.volume());
        if (volume.isPresent()
                && volume.get().state() == VolumeState.IN_USE
                && state.claimsOn(last.volume()).isEmpty()) {
            decision.record(new StoreRecord.PutVolume(volume.get().in(VolumeState.AVAILABLE, decision.now())));
        }
        released.add(last.task());
        writerGoes(last);
        demand.changed();
    }

    /** The tasks that lost a claim since this was asked last: some of them can be forgotten now. */
    List<TaskId> drainReleased() {
        List<TaskId> tasks = List.copyOf(released);
        released.clear();
        return tasks;
    }

    private void writerGoes(Claim claim) {
        boolean hasReaders = state.volume(claim.volume())
                .filter(volume -> volume.access() == AccessMode.SINGLE_WRITER_READERS
                        && policy.sharing(volume.driver()) == Sharing.EXCLUSIVE)
                .isPresent();
        if (hasReaders && !claim.shared()) {
            writerless.add(claim.volume());
        }
    }

    /** The volumes whose writer began to let go since this was asked last. */
    List<VolumeName> drainWriterless() {
        List<VolumeName> volumes = List.copyOf(writerless);
        writerless.clear();
        return volumes;
    }

    static Facts facts(Claim claim) {
        Facts facts = Facts.of("claim", claim.id())
                .and("volume", claim.volume())
                .and("fence", claim.fence())
                .and("task", claim.task())
                .and("machine", claim.machine());
        claim.app().ifPresent(app -> facts.and("app", app));
        claim.framework().ifPresent(framework -> facts.and("framework", framework));
        return facts;
    }

    /** The claims that a task has or, for a clean-up, works on. */
    List<Claim> claims(Task task) {
        List<Claim> found = new ArrayList<>();
        for (ClaimId id : task.claims()) {
            state.claim(id).ifPresent(found::add);
        }
        return found;
    }

    /**
     * What speaks against E4: the holder's task, or another agent on the claim's boot, is in contact. Then two machines go
     * by one name, and the boot of the one says nothing about the other.
     */
    boolean holderInContact(Claim claim, AgentId reporter, Decision decision) {
        boolean taskLives =
                state.task(claim.task()).filter(task -> task.state().live()).isPresent();
        boolean bootLives = state.agents().stream()
                .anyMatch(agent -> agent.state() == Agent.State.ACTIVE
                        && !agent.id().equals(reporter)
                        && agent.machine().equals(Optional.of(claim.machine()))
                        && agent.boot().equals(claim.boot()));
        if (taskLives || bootLives) {
            decision.publish("two_boots_of_one_machine", facts(claim));
        }
        return taskLives || bootLives;
    }

    /** Whether Mesos is in contact with an agent on that machine, so that the machine itself can be asked. */
    boolean machineInContact(MachineKey machine) {
        return state.agents().stream()
                .anyMatch(agent ->
                        agent.state() == Agent.State.ACTIVE && agent.machine().equals(Optional.of(machine)));
    }

    static Evidence evidence(Evidence.Code code, String by, String what, Decision decision) {
        return new Evidence(code, decision.now(), by, what);
    }
}
