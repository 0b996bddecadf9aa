package io.mooring.scheduler.decision;

import io.mooring.common.command.ClaimAnswer;
import io.mooring.common.command.ClaimOrder;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.SchedulerMessage.Deny;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.ForeignTask;
import io.mooring.scheduler.task.Report;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskMachine;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of tasks that other frameworks run. Their executors say over the API what ours say by status updates; from
 * there on everything goes the same way. Mesos says nothing about them here: a heartbeat takes the place of that.
 */
public final class ForeignDecisions {
    private final ClusterState state;
    private final Policy policy;
    private final ClaimDecisions claims;
    private final UpdateDecisions updates;
    private final EndDecisions ends;
    private final ForeignGrants grants;
    private final Map<ClaimId, Instant> heard = new HashMap<>();

    ForeignDecisions(
            ClusterState state,
            Policy policy,
            ClaimDecisions claims,
            UpdateDecisions updates,
            EndDecisions ends,
            ForeignGrants grants) {
        this.state = state;
        this.policy = policy;
        this.claims = claims;
        this.updates = updates;
        this.ends = ends;
        this.grants = grants;
    }

    /** A new leader gives every holder its whole time again. */
    void start(Decision decision) {
        state.foreign().all().stream()
                .filter(foreign -> task(foreign.id())
                        .filter(task -> task.state() != TaskState.STAGING)
                        .isPresent())
                .forEach(foreign -> watch(foreign, decision.now(), decision));
    }

    /** Grants all volumes, or says why not. Asked again, the same question has the same answer for as long as it is true. */
    public Answer<ClaimAnswer> reserve(ClaimOrder order, Decision decision) {
        return reserve(order, List.of(), decision);
    }

    /**
     * The same for whoever states policies, too.
     *
     * @param stated the volumes of the order with these; for the others those on record count
     */
    public Answer<ClaimAnswer> reserve(ClaimOrder order, List<VolumeSpec> stated, Decision decision) {
        Optional<ForeignTask> known = state.foreign().find(order.id()).filter(ForeignTask::live);
        if (known.isPresent()) {
            return known.get().order().asks(order)
                    ? Answer.ok(answer(known.get()))
                    : Answer.refused(
                            Answer.Why.CONFLICT,
                            "the id " + order.id() + " is that of other claims: task "
                                    + known.get().order().task() + " on machine "
                                    + known.get().order().machine() + " has them");
        }
        Answer<ForeignTask> granted = grants.grant(order, stated, decision);
        if (granted instanceof Answer.Ok<ForeignTask> ok) {
            return Answer.ok(answer(ok.value()));
        }
        return ((Answer.Refused<ForeignTask>) granted).as();
    }

    /** T2. */
    public Answer<ClaimAnswer> activate(ClaimId id, ActivationRequest request, Decision decision) {
        Optional<Task> task = task(id);
        if (task.isEmpty()) {
            return notHeld(id);
        }
        if (!task.get().id().equals(request.task())) {
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "the claims " + id + " are those of task " + task.get().id());
        }
        SchedulerMessage answer = claims.answer(request, task.get(), decision);
        if (answer instanceof Deny deny) {
            return Answer.refused(Answer.Why.CONFLICT, deny.reason());
        }
        follow(task.get(), Report.STARTING, decision);
        ForeignTask foreign = state.foreign().find(id).orElseThrow();
        watch(foreign, decision.now(), decision);
        return Answer.ok(answer(foreign));
    }

    /** The holder is alive; told with it, what it has mounted. */
    public Answer<ClaimAnswer> heartbeat(ClaimId id, Optional<MountReport> mounts, Decision decision) {
        Optional<Task> task = task(id);
        if (task.isEmpty()) {
            state.foreign().find(id).ifPresent(over -> decision.publish("zombie_returned", facts(over)));
            return notHeld(id);
        }
        List<Claim> held = state.claimsOf(task.get().id());
        if (held.size() < task.get().claims().size()
                || held.stream().anyMatch(claim -> claim.state() == ClaimState.FENCING)) {
            return Answer.refused(
                    Answer.Why.CONFLICT, "a volume of " + id + " was taken over, or is being taken: end the workload");
        }
        if (held.stream().anyMatch(claim -> claim.state() == ClaimState.RESERVED)) {
            return Answer.refused(Answer.Why.CONFLICT, "the claims " + id + " are not activated");
        }
        heard.put(id, decision.now());
        regained(task.get(), held, decision);
        mounts.ifPresent(report -> {
            state.task(task.get().id()).ifPresent(now -> follow(now, Report.RUNNING, decision));
            state.task(task.get().id()).ifPresent(now -> updates.heard(now, report, decision));
        });
        return Answer.ok(answer(state.foreign().find(id).orElseThrow()));
    }

    /** The holder let go, or tried to: its record frees what it proves. */
    public Answer<ClaimAnswer> release(ClaimId id, ReleaseRecord record, Decision decision) {
        Optional<ForeignTask> foreign = state.foreign().find(id);
        if (foreign.isEmpty()) {
            return notHeld(id);
        }
        state.task(foreign.get().order().task())
                .filter(task -> foreign.get().live())
                .ifPresent(task -> {
                    follow(task, Report.FINISHED, decision);
                    ends.ended(state.task(task.id()).orElseThrow(), update(task, record), decision);
                    settle(task.id(), decision);
                });
        return Answer.ok(answer(state.foreign().find(id).orElseThrow()));
    }

    /** Silence makes suspect, and nothing else. */
    void due(ClaimId id, Decision decision) {
        Optional<ForeignTask> foreign = state.foreign().find(id).filter(ForeignTask::live);
        Instant last = heard.get(id);
        if (foreign.isEmpty() || last == null) {
            return;
        }
        if (last.plus(policy.foreign().suspectAfter()).isAfter(decision.now())) {
            remind(id, last, decision);
            return;
        }
        heard.remove(id);
        lost(foreign.get(), "no heartbeat since " + last, decision);
    }

    /** Mesos lost the agent of that machine: who holds without heartbeats cannot be asked any more. */
    void machineLost(MachineKey machine, Decision decision) {
        byMachine(machine).forEach(foreign -> lost(foreign, "the agent of machine " + machine + " is lost", decision));
    }

    /** The machine was looked at: who holds without heartbeats holds on, unless it is another boot. */
    void machineSeen(MachineKey machine, BootId boot, Decision decision) {
        for (ForeignTask foreign : byMachine(machine)) {
            Task task = state.task(foreign.order().task()).orElseThrow();
            List<Claim> held = state.claimsOf(task.id());
            boolean same = held.stream().allMatch(claim -> claim.boot().equals(Optional.of(boot)));
            if (same) {
                regained(task, held, decision);
            } else {
                lost(foreign, "machine " + machine + " runs another boot than the claims were activated on", decision);
            }
        }
    }

    /** Whoever has no claim any more is not on record as a task any more; what was asked stays for a while. */
    void settle(TaskId id, Decision decision) {
        Optional<ForeignTask> foreign = state.foreign().of(id);
        if (foreign.isPresent() && state.claimsOf(id).isEmpty()) {
            state.task(id).ifPresent(task -> decision.record(new StoreRecord.RemoveTask(id)));
            heard.remove(foreign.get().id());
            decision.record(new StoreRecord.PutForeign(foreign.get().over(decision.now())));
            decision.publish("foreign_task_settled", facts(foreign.get()));
        }
    }

    private List<ForeignTask> byMachine(MachineKey machine) {
        return state.foreign().all().stream()
                .filter(ForeignTask::live)
                .filter(foreign -> foreign.order().contact() == ClaimOrder.Contact.MACHINE
                        && foreign.order().machine().equals(machine))
                .filter(foreign -> state.task(foreign.order().task())
                        .filter(task -> task.state() != TaskState.ENDED && task.state() != TaskState.STAGING)
                        .isPresent())
                .toList();
    }

    private void lost(ForeignTask foreign, String why, Decision decision) {
        Optional<Task> task = state.task(foreign.order().task()).filter(known -> known.state() != TaskState.ENDED);
        if (task.isPresent()) {
            follow(task.get(), Report.UNREACHABLE, decision);
            state.claimsOf(task.get().id())
                    .forEach(claim -> claims.on(claim, new ClaimEvent.ContactLost(why), decision));
            decision.publish("foreign_task_lost", facts(foreign).and("why", why));
        }
    }

    /** T9. */
    private void regained(Task task, List<Claim> held, Decision decision) {
        if (task.state() != TaskState.UNREACHABLE) {
            return;
        }
        follow(task, Report.RUNNING, decision);
        for (Claim claim : held) {
            ClaimState before = task.goal() == Task.Goal.STOP
                    ? ClaimState.RELEASING
                    : claim.before().orElse(ClaimState.MOUNTED);
            claims.on(claim, new ClaimEvent.ContactRegained(before), decision);
        }
        state.foreign().of(task.id()).ifPresent(foreign -> watch(foreign, decision.now(), decision));
    }

    private void watch(ForeignTask foreign, Instant now, Decision decision) {
        if (foreign.order().contact() == ClaimOrder.Contact.HEARTBEATS) {
            heard.put(foreign.id(), now);
            remind(foreign.id(), now, decision);
        }
    }

    private void remind(ClaimId id, Instant last, Decision decision) {
        decision.effect(new Effect.StartTimer(
                new Timer.HeartbeatDue(id), last.plus(policy.foreign().suspectAfter())));
    }

    private static void follow(Task task, Report report, Decision decision) {
        TaskMachine.on(task.state(), report)
                .ifPresent(next -> decision.record(new StoreRecord.PutTask(task.in(next, decision.now()))));
    }

    private Optional<Task> task(ClaimId id) {
        return state.foreign()
                .find(id)
                .filter(ForeignTask::live)
                .flatMap(foreign -> state.task(foreign.order().task()))
                .filter(task -> task.state() != TaskState.ENDED);
    }

    private <T> Answer<T> notHeld(ClaimId id) {
        return state.foreign()
                .find(id)
                .<Answer<T>>map(foreign -> Answer.refused(
                        Answer.Why.CONFLICT, "the claims " + id + " are over, or on their way to be: touch nothing"))
                .orElseGet(() -> Answer.refused(Answer.Why.NOT_FOUND, "no claims are known under the id " + id));
    }

    private static StatusUpdate update(Task task, ReleaseRecord record) {
        return new StatusUpdate(
                task.id(),
                Optional.of(task.agent()),
                Report.FINISHED,
                StatusUpdate.Source.EXECUTOR,
                "",
                "",
                Optional.empty(),
                Optional.of(record));
    }

    private static Facts facts(ForeignTask foreign) {
        return Facts.of("id", foreign.id())
                .and("task", foreign.order().task())
                .and("framework", foreign.order().framework())
                .and("machine", foreign.order().machine());
    }

    private ClaimAnswer answer(ForeignTask foreign) {
        List<Claim> held = foreign.live() ? state.claimsOf(foreign.order().task()) : List.<Claim>of();
        Optional<Task> task = foreign.live() ? state.task(foreign.order().task()) : Optional.empty();
        return new ClaimAnswer(
                foreign.id(),
                policy.epoch(),
                state(held),
                task.map(Task::goal).orElse(Task.Goal.STOP) == Task.Goal.RUN
                        ? ClaimAnswer.Goal.RUN
                        : ClaimAnswer.Goal.STOP,
                claimed(foreign, held),
                policy.foreign().heartbeatEvery(),
                policy.foreign().suspectAfter());
    }

    private static ClaimAnswer.State state(List<Claim> held) {
        ClaimAnswer.State furthest = held.isEmpty() ? ClaimAnswer.State.RELEASED : ClaimAnswer.State.RESERVED;
        for (Claim claim : held) {
            ClaimAnswer.State one =
                    switch (claim.state()) {
                        case RESERVED -> ClaimAnswer.State.RESERVED;
                        case ACTIVATED, MOUNTED -> ClaimAnswer.State.ACTIVE;
                        case RELEASING -> ClaimAnswer.State.RELEASING;
                        case SUSPECT, FENCING -> ClaimAnswer.State.SUSPECT;
                    };
            furthest = one.compareTo(furthest) > 0 ? one : furthest;
        }
        return furthest;
    }

    /** In the order in which they were asked for, with the driver and the options that are on record. */
    private List<ClaimedVolume> claimed(ForeignTask foreign, List<Claim> held) {
        List<ClaimedVolume> claimed = new ArrayList<>();
        for (VolumeRequest asked : foreign.order().volumes()) {
            for (Claim claim : held) {
                if (claim.volume().key().equals(asked.name().key())) {
                    Volume volume = state.volume(claim.volume()).orElseThrow();
                    claimed.add(new ClaimedVolume(
                            claim.id(), claim.fence(), LaunchDecisions.asCreated(asked, volume), claim.takesOver()));
                }
            }
        }
        return claimed;
    }
}
