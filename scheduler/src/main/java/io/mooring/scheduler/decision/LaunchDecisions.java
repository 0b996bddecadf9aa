package io.mooring.scheduler.decision;

import io.mooring.common.command.TaskOrder;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.Limits;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.command.TaskOrder.Workload;
import io.mooring.common.container.PortMapping;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimEvent;
import io.mooring.scheduler.claim.Evidence;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.Definition;
import io.mooring.scheduler.definition.VolumeSpec;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.placement.Candidate;
import io.mooring.scheduler.placement.Placer.Place;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * T1: turns a place into a launch. The task, all its claims under new fences and the machine are recorded together; the
 * launch is an effect, so it leaves only when all of that is durable.
 */
final class LaunchDecisions {
    private final ClusterState state;
    private final Policy policy;
    private final Chance chance;
    private final ClaimDecisions claims;
    private final HandOvers handOvers;

    LaunchDecisions(ClusterState state, Policy policy, Chance chance, ClaimDecisions claims, HandOvers handOvers) {
        this.claims = claims;
        this.handOvers = handOvers;
        this.state = state;
        this.policy = policy;
        this.chance = chance;
    }

    /** Launches one instance of the app at the place. */
    Launch launch(App app, int instance, Place place, Decision decision) {
        Candidate candidate = place.candidate();
        TaskId id = new TaskId(app.id().flat() + "." + policy.epoch() + "-" + chance.newName());
        MachineKey machine = machineOf(candidate);
        if (!app.definition().volumes().isEmpty()) {
            remember(machine, candidate, app.definition().volumes().size(), decision);
        }
        List<ClaimedVolume> claimed = new ArrayList<>();
        for (VolumeSpec spec : app.volumes(instance)) {
            claimed.add(grant(spec, app, id, machine, candidate, decision));
        }
        Task task = new Task(
                id,
                TaskKind.RUN,
                Optional.of(app.id()),
                Optional.of(app.version()),
                instance,
                Optional.empty(),
                candidate.agent().id(),
                machine,
                candidate.agent().hostname(),
                place.ports(),
                claimed.stream().map(ClaimedVolume::claim).toList(),
                claimed.size(),
                TaskState.STAGING,
                Task.Goal.RUN,
                decision.now(),
                Optional.empty());
        decision.record(new StoreRecord.PutTask(task));
        decision.effect(new Effect.StartTimer(
                new Timer.LaunchTimeout(id), decision.now().plus(policy.timing().launchTimeout())));
        List<HealthCheck> checks = app.definition().upkeep().healthChecks().stream()
                .map(check -> check.of(listening(app, task)))
                .toList();
        TaskOrder order = new RunWorkload(
                policy.epoch(),
                workload(app, task),
                claimed,
                checks.stream().skip(1).toList());
        return new Launch(
                id,
                app.id().path(),
                app.definition().resources(),
                place.ports(),
                claimed.size(),
                order,
                app.definition().fetch(),
                app.definition().killGrace(),
                app.definition().acceptedRoles(),
                labels(app, claimed),
                checks.stream().findFirst());
    }

    /** Where the task listens: a container with a network of its own is asked there. */
    private static List<Integer> listening(App app, Task task) {
        return app.definition()
                .container()
                .map(container -> container.on(task.ports()))
                .filter(container -> !container.ports().isEmpty())
                .map(container -> container.ports().stream()
                        .map(PortMapping::containerPort)
                        .toList())
                .orElse(task.ports());
    }

    private ClaimedVolume grant(
            VolumeSpec spec, App app, TaskId task, MachineKey machine, Candidate candidate, Decision decision) {
        Optional<Claim> leaving = handOvers.leaving(spec.request().name(), app.id());
        leaving.ifPresent(claim -> takeOver(claim, task, decision));
        Volume volume = state.volume(spec.request().name()).orElseThrow().granted(decision.now());
        Claim claim = Claim.reserved(
                new ClaimId(chance.newName()),
                volume.name(),
                spec.request().mode(),
                volume.fence(),
                spec.request().shared(),
                policy.epoch(),
                Optional.of(app.id()),
                task,
                candidate.agent().id(),
                machine,
                leaving,
                decision.now());
        decision.record(new StoreRecord.PutVolume(volume));
        decision.record(new StoreRecord.GrantClaim(claim));
        decision.publish("claim_reserved", ClaimDecisions.facts(claim));
        return new ClaimedVolume(claim.id(), claim.fence(), asCreated(spec.request(), volume), claim.takesOver());
    }

    /** T16: the claim before ends in the very transaction that makes the next one. */
    private void takeOver(Claim leaving, TaskId successor, Decision decision) {
        Evidence evidence = ClaimDecisions.evidence(
                Evidence.Code.E1,
                "executor of task " + leaving.task(),
                "the workload's PID namespace is gone; the volume stays mounted on machine " + leaving.machine()
                        + " for task " + successor,
                decision);
        claims.on(leaving, new ClaimEvent.RecordComplete(evidence), decision);
    }

    /** The executor creates a missing volume with the options on record, and knows the plugin by its real name. */
    static VolumeRequest asCreated(VolumeRequest asked, Volume volume) {
        return new VolumeRequest(
                volume.driver(),
                volume.name(),
                volume.options(),
                asked.containerPath(),
                asked.mode(),
                asked.access(),
                asked.create(),
                asked.root());
    }

    /** Records the machine before the first claim on it names it. */
    private void remember(MachineKey key, Candidate candidate, int taken, Decision decision) {
        Optional<Machine> known = state.machine(key);
        List<io.mooring.common.ids.AgentId> agents =
                new ArrayList<>(known.map(Machine::agents).orElse(List.of()));
        agents.remove(candidate.agent().id());
        agents.add(candidate.agent().id());
        Optional<Integer> slots = candidate.slotsLeft().map(left -> slotsOf(key, left + taken));
        Optional<BootId> boot = candidate.agent().boot();
        Machine machine = known.map(before -> before.seenAgain(agents, boot, slots))
                .orElseGet(() -> Machine.seen(key, agents, boot, slots));
        if (!known.equals(Optional.of(machine))) {
            decision.record(new StoreRecord.PutMachine(machine));
        }
    }

    /** What the agent has in all: the most that was ever seen offered and used together. */
    private int slotsOf(MachineKey key, int offered) {
        int used = state.tasksOn(key).stream()
                .filter(task -> task.state() != TaskState.ENDED)
                .mapToInt(Task::slots)
                .sum();
        int seen = used + offered;
        return Math.max(seen, state.machine(key).flatMap(Machine::slots).orElse(0));
    }

    private static MachineKey machineOf(Candidate candidate) {
        return candidate
                .agent()
                .machine()
                .orElseGet(() -> new MachineKey(candidate.agent().id().value()));
    }

    private Workload workload(App app, Task task) {
        Definition definition = app.definition();
        return new Workload(
                definition.command(),
                definition.arguments(),
                definition.user(),
                TaskEnvironment.of(app, task),
                policy.defaultVolumePath(),
                definition.killGrace(),
                definition.container().map(container -> container.on(task.ports())),
                Optional.of(new Limits(
                        definition.resources().cpus(), definition.resources().memMb())));
    }

    private Map<String, String> labels(App app, List<ClaimedVolume> claimed) {
        Map<String, String> labels = new TreeMap<>(app.definition().labels());
        labels.put("mooring.app", app.id().path());
        labels.put("mooring.epoch", Long.toString(policy.epoch()));
        for (int i = 0; i < claimed.size(); i++) {
            ClaimedVolume volume = claimed.get(i);
            labels.put(
                    "mooring.claim." + i,
                    volume.claim() + " " + volume.fence() + " "
                            + volume.request().driver() + " " + volume.request().name());
        }
        return labels;
    }
}
