package io.mooring.scheduler.decision;

import io.mooring.common.command.ClaimOrder;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.ReclaimPolicy;
import io.mooring.common.volume.TakeoverPolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.decision.Answer.FieldError;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.placement.Veto;
import io.mooring.scheduler.task.ForeignTask;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * T1 for a task that another framework has placed: all its volumes are granted where it is, or none. What Mooring would
 * have kept from an offer it has to refuse here.
 */
final class ForeignGrants {
    private final ClusterState state;
    private final Policy policy;
    private final Chance chance;
    private final StorageGate gate;
    private final VolumeRules rules;
    private final SafeMode safeMode;

    ForeignGrants(
            ClusterState state, Policy policy, Chance chance, StorageGate gate, VolumeRules rules, SafeMode safeMode) {
        this.state = state;
        this.policy = policy;
        this.chance = chance;
        this.gate = gate;
        this.rules = rules;
        this.safeMode = safeMode;
    }

    Answer<ForeignTask> grant(ClaimOrder order, List<VolumeSpec> stated, Decision decision) {
        List<VolumeSpec> specs =
                order.volumes().stream().map(request -> spec(request, stated)).toList();
        List<FieldError> errors = errors(specs);
        if (!errors.isEmpty()) {
            return Answer.invalid(errors);
        }
        Optional<String> objection =
                taken(order).or(() -> rolledBack(order, decision)).or(() -> inTheWay(order, specs, decision));
        if (objection.isPresent()) {
            return Answer.refused(Answer.Why.CONFLICT, objection.get());
        }
        return Answer.ok(record(order, specs, decision));
    }

    /** Policies that nobody states: those on record, or the usual ones. */
    private VolumeSpec spec(VolumeRequest request, List<VolumeSpec> stated) {
        Optional<VolumeSpec> said =
                stated.stream().filter(spec -> spec.request().equals(request)).findFirst();
        if (said.isPresent()) {
            return new VolumeSpec(
                    request.on(policy.resolve(request.driver())),
                    said.get().takeover(),
                    said.get().reclaim());
        }
        Optional<Volume> known = state.volume(request.name());
        return new VolumeSpec(
                request.on(policy.resolve(request.driver())),
                known.map(Volume::takeover).orElse(TakeoverPolicy.EVIDENCE),
                known.map(Volume::reclaim).orElse(ReclaimPolicy.RETAIN));
    }

    private List<FieldError> errors(List<VolumeSpec> specs) {
        List<FieldError> errors = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < specs.size(); i++) {
            String path = "/volumes(" + i + ")";
            VolumeName name = specs.get(i).request().name();
            if (!names.add(name.key())) {
                errors.add(new FieldError(path + "/volume", "'" + name + "' is asked for twice", "each volume once"));
            }
            errors.addAll(rules.sharing(path, specs.get(i)));
            errors.addAll(rules.known(path, specs.get(i)));
        }
        return errors;
    }

    /** What speaks against the task itself. */
    private Optional<String> taken(ClaimOrder order) {
        if (state.foreign().live() >= policy.foreign().most()) {
            return Optional.of("tasks of other frameworks hold claims under "
                    + state.foreign().live() + " ids, as many as are admitted (claims.most)");
        }
        Optional<ClaimId> other = state.foreign().of(order.task()).map(ForeignTask::id);
        if (other.isPresent()) {
            return Optional.of("task " + order.task() + " holds claims under the id " + other.get() + " already");
        }
        return state.task(order.task()).map(task -> "task " + order.task() + " is one of Mooring's own");
    }

    /** A machine that has seen more than is on record proves that the store went back in time. */
    private Optional<String> rolledBack(ClaimOrder order, Decision decision) {
        if (order.highestEpoch() > policy.epoch()) {
            String why = "machine " + order.machine() + " has seen epoch " + order.highestEpoch()
                    + ", and this leader has " + policy.epoch() + ": the store went back in time";
            safeMode.rolledBack(why, decision);
            return Optional.of(why);
        }
        for (VolumeRequest request : order.volumes()) {
            long seen = order.highWater().getOrDefault(request.name(), 0L);
            long granted =
                    state.volume(request.name()).map(Volume::fence).orElseGet(() -> state.lastFence(request.name()));
            if (seen > granted) {
                String why = "machine " + order.machine() + " has acted under fence " + seen + " of volume "
                        + request.name() + ", and the highest on record is " + granted;
                safeMode.rolledBack(request.name(), seen, why, decision);
                return Optional.of(why);
            }
        }
        return Optional.empty();
    }

    private Optional<String> inTheWay(ClaimOrder order, List<VolumeSpec> specs, Decision decision) {
        Optional<Machine> machine = state.machine(order.machine());
        Optional<String> quarantine = machine.flatMap(Machine::quarantine);
        if (quarantine.isPresent()) {
            return quarantine;
        }
        return specs.stream()
                .flatMap(spec ->
                        usedByApp(spec)
                                .or(() -> declared(spec, decision))
                                .or(() -> elsewhere(spec, order, machine))
                                .stream())
                .findFirst();
    }

    private Optional<String> usedByApp(VolumeSpec spec) {
        return state.appsNaming(spec.request().name()).stream()
                .filter(app -> !VolumeRules.together(app, spec))
                .findFirst()
                .map(app -> "volume " + spec.request().name() + " belongs to app " + app.id()
                        + " of Mooring; delete that app first, or use another name");
    }

    /** The gate asks about volumes that are known; one that is not yet is in nobody's way. */
    private Optional<String> declared(VolumeSpec spec, Decision decision) {
        boolean known = state.volume(spec.request().name()).isPresent();
        return known
                ? gate.check(spec, decision.now()).map(Veto::reason)
                : gate.closed(decision.now()).map(Veto::reason);
    }

    private Optional<String> elsewhere(VolumeSpec spec, ClaimOrder order, Optional<Machine> machine) {
        VolumeName name = spec.request().name();
        if (machine.filter(known -> known.fenced().contains(name)).isPresent()) {
            return Optional.of("machine " + order.machine() + " was cut off from volume " + name
                    + "; a clean-up there has to end first");
        }
        Optional<MachineKey> only = state.volume(name).flatMap(Volume::home).or(() -> gate.onlyMachine(spec));
        return only.filter(there -> !there.equals(order.machine()))
                .map(there -> "volume " + name + " can be had on machine " + there + " only");
    }

    private ForeignTask record(ClaimOrder order, List<VolumeSpec> specs, Decision decision) {
        AgentId agent = order.agent().orElseGet(() -> agentOn(order.machine()));
        rememberMachine(order, agent, decision);
        List<ClaimId> claims = new ArrayList<>();
        for (VolumeSpec spec : specs) {
            claims.add(claim(spec, order, agent, decision));
        }
        TaskId id = order.task();
        decision.record(new StoreRecord.PutTask(new Task(
                id,
                TaskKind.FOREIGN,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                agent,
                order.machine(),
                state.agent(agent).map(Agent::hostname).orElse(order.machine().value()),
                List.of(),
                claims,
                0,
                TaskState.STAGING,
                Task.Goal.RUN,
                decision.now(),
                Optional.empty())));
        ForeignTask foreign = new ForeignTask(order, Optional.empty());
        decision.record(new StoreRecord.PutForeign(foreign));
        decision.effect(new Effect.StartTimer(
                new Timer.LaunchTimeout(id), decision.now().plus(policy.timing().launchTimeout())));
        return foreign;
    }

    private AgentId agentOn(MachineKey machine) {
        return state.agents().stream()
                .filter(agent ->
                        agent.state() == Agent.State.ACTIVE && agent.machine().equals(Optional.of(machine)))
                .map(Agent::id)
                .findFirst()
                .orElseGet(() -> new AgentId(machine.value()));
    }

    private void rememberMachine(ClaimOrder order, AgentId agent, Decision decision) {
        if (state.machine(order.machine()).isEmpty()) {
            decision.record(new StoreRecord.PutMachine(
                    Machine.seen(order.machine(), List.of(agent), Optional.of(order.boot()), Optional.empty())));
        }
    }

    private ClaimId claim(VolumeSpec spec, ClaimOrder order, AgentId agent, Decision decision) {
        VolumeName name = spec.request().name();
        Volume volume = state.volume(name)
                .map(known -> known.under(spec))
                .orElseGet(() -> Volume.declared(spec, VolumeState.AVAILABLE, state.lastFence(name), decision.now()))
                .granted(decision.now());
        Claim claim = Claim.reserved(
                        new ClaimId(chance.newName()),
                        volume.name(),
                        spec.request().mode(),
                        volume.fence(),
                        spec.request().shared(),
                        policy.epoch(),
                        Optional.empty(),
                        order.task(),
                        agent,
                        order.machine(),
                        Optional.empty(),
                        decision.now())
                .of(order.framework());
        decision.record(new StoreRecord.PutVolume(volume));
        decision.record(new StoreRecord.GrantClaim(claim));
        decision.publish("claim_reserved", ClaimDecisions.facts(claim));
        return claim.id();
    }
}
