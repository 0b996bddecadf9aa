package io.mooring.scheduler.decision;

import io.mooring.common.command.ClaimOrder;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.TaskOrder;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.CreateVolume;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.command.TaskOrder.RemoveVolume;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.CreatePolicy;
import io.mooring.common.volume.VolumeName;
import io.mooring.common.volume.VolumeRequest;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.CutOff;
import io.mooring.scheduler.cluster.Agent;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Hold;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.definition.Resources;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.placement.Candidate;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Volume operations that need an agent, each a one-shot task: inspect, create, remove, clean up. */
final class OperationDecisions {
    private static final Resources OWN = new Resources(0.01, 16, 0);
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(15);
    private static final Duration UNHEALTHY_AGAIN = Duration.ofMinutes(1);

    private final ClusterState state;
    private final Policy policy;
    private final Chance chance;
    private final HandOvers handOvers;
    private final SortedMap<String, Instant> notBefore = new TreeMap<>();
    private final TreeSet<AgentId> inspectAgain = new TreeSet<>();

    OperationDecisions(ClusterState state, Policy policy, Chance chance, HandOvers handOvers) {
        this.handOvers = handOvers;
        this.state = state;
        this.policy = policy;
        this.chance = chance;
    }

    /** The next inspection of every agent is due: what a pool holds has changed. */
    void inspectAll() {
        state.agents().forEach(agent -> inspectAgain.add(agent.id()));
    }

    /** The next inspection of this agent is due: something there was not as it had said. */
    void inspect(AgentId agent) {
        inspectAgain.add(agent);
    }

    /** A volume operation or clean-up that failed is not tried again at once. */
    void failed(String what, Decision decision) {
        notBefore.put(what, decision.now().plus(TRY_AGAIN));
        decision.effect(new Effect.StartTimer(
                new Timer.OperationDue(what), decision.now().plus(TRY_AGAIN)));
    }

    /** Whether the id is one of a task that belongs to no app. */
    static boolean oneShot(TaskId id) {
        return Arrays.stream(TaskKind.values())
                .filter(kind -> kind != TaskKind.RUN && kind != TaskKind.FOREIGN)
                .anyMatch(kind -> id.value().startsWith(prefix(kind) + "."));
    }

    private static String prefix(TaskKind kind) {
        return "mooring-" + word(kind);
    }

    private static String word(TaskKind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace("_", "");
    }

    /** What the order to cut a holder off is called when it has to wait. */
    static String fencing(CutOff cutOff) {
        return "fence " + cutOff.id();
    }

    boolean hasRoom(Candidate candidate) {
        return candidate.has(OWN.plus(policy.executor()));
    }

    /** Whether an operation waits for an offer. */
    boolean waiting(Instant now) {
        return inspectAgain.stream().anyMatch(agent -> due("inspect " + agent, now))
                || !state.claimsIn(ClaimState.SUSPECT).isEmpty()
                || volumeToWorkOn(now).isPresent()
                || !machinesToClean(now).isEmpty();
    }

    /** Launches what can be done at this candidate. */
    List<Launch> launchAt(Candidate candidate, Decision decision) {
        List<Launch> launches = new ArrayList<>();
        inspect(candidate, decision).ifPresent(launches::add);
        cleanUp(candidate, decision).ifPresent(launches::add);
        for (Volume volume : volumesToWorkOn(decision.now())) {
            workOn(volume, candidate, decision).ifPresent(launches::add);
        }
        return launches;
    }

    private Optional<Launch> inspect(Candidate candidate, Decision decision) {
        Agent agent = candidate.agent();
        boolean old = agent.inspected().isEmpty()
                || agent.inspected().get().plus(inspectEvery(agent)).isBefore(decision.now());
        boolean wanted = old || inspectAgain.contains(agent.id()) || hasSuspectSinceInspected(agent);
        if (!wanted || !due("inspect " + agent.id(), decision.now()) || running(TaskKind.INSPECT, agent.id())) {
            return Optional.empty();
        }
        Optional<Launch> launch = launch(
                TaskKind.INSPECT, Optional.empty(), List.of(), new InspectAgent(policy.epoch()), candidate, decision);
        launch.ifPresent(made -> inspectAgain.remove(agent.id()));
        return launch;
    }

    /** A plugin that failed may be back any moment, and nobody but an inspection sees it where no task uses it. */
    private Duration inspectEvery(Agent agent) {
        Duration usual = policy.timing().inspectEvery();
        boolean healthy = agent.plugins().stream().allMatch(PluginReport::healthy);
        return healthy || usual.compareTo(UNHEALTHY_AGAIN) < 0 ? usual : UNHEALTHY_AGAIN;
    }

    /** A machine that a holder was lost on may run another boot now, which is evidence (E4). */
    private boolean hasSuspectSinceInspected(Agent agent) {
        return state.claimsIn(ClaimState.SUSPECT).stream()
                .anyMatch(claim -> agent.machine().equals(Optional.of(claim.machine()))
                        && agent.inspected()
                                .filter(at -> !at.isAfter(claim.since()))
                                .isPresent());
    }

    private boolean running(TaskKind kind, AgentId agent) {
        return state.operations().stream()
                .anyMatch(task -> task.kind() == kind
                        && task.agent().equals(agent)
                        && task.state().live());
    }

    private Optional<Launch> cleanUp(Candidate candidate, Decision decision) {
        Optional<MachineKey> machine = candidate.agent().machine();
        if (machine.isEmpty()
                || cleaning(machine.get())
                || !machinesToClean(decision.now()).contains(machine.get())) {
            return Optional.empty();
        }
        List<ClaimedVolume> volumes = new ArrayList<>();
        List<ClaimId> ids = new ArrayList<>();
        for (Claim claim : toClean()) {
            if (claim.machine().equals(machine.get())) {
                volumes.add(claimed(claim));
                ids.add(claim.id());
            }
        }
        List<VolumeName> fenced =
                state.machine(machine.get()).map(Machine::fenced).orElse(List.of());
        return launch(
                TaskKind.CLEAN_UP,
                Optional.empty(),
                ids,
                new CleanUp(policy.epoch(), volumes, fenced),
                candidate,
                decision);
    }

    /**
     * What a clean-up may find let go. A suspect of another framework is among it, although its executor may be alive: that
     * one holds its journal, and then nothing is touched; nobody else would ask the machine.
     */
    private List<Claim> toClean() {
        return Stream.concat(
                        state.claimsIn(ClaimState.RELEASING).stream().filter(this::abandoned),
                        state.claimsIn(ClaimState.SUSPECT).stream().filter(this::silent))
                .toList();
    }

    /** A holder without heartbeats has no journal to hold either: a clean-up could not tell that it is there. */
    private boolean silent(Claim claim) {
        return claim.foreign()
                && state.foreign()
                        .of(claim.task())
                        .filter(foreign -> foreign.order().contact() == ClaimOrder.Contact.HEARTBEATS)
                        .isPresent();
    }

    private SortedSet<MachineKey> machinesToClean(Instant now) {
        TreeSet<MachineKey> machines = new TreeSet<>();
        for (Claim claim : toClean()) {
            if (due("clean " + claim.machine(), now) && !cleaning(claim.machine())) {
                machines.add(claim.machine());
            }
        }
        for (Machine machine : state.fencedMachines()) {
            if (due("clean " + machine.key(), now) && !cleaning(machine.key()) && inContact(machine)) {
                machines.add(machine.key());
            }
        }
        return machines;
    }

    private boolean inContact(Machine machine) {
        return state.agents().stream()
                .anyMatch(agent ->
                        agent.state() == Agent.State.ACTIVE && agent.machine().equals(Optional.of(machine.key())));
    }

    private boolean cleaning(MachineKey machine) {
        return state.operations().stream()
                .anyMatch(task -> task.kind() == TaskKind.CLEAN_UP
                        && task.machine().equals(machine)
                        && task.state().live());
    }

    /** A releasing claim whose own task cannot bring the evidence any more. */
    private boolean abandoned(Claim claim) {
        Optional<Task> task = state.task(claim.task());
        if (handOvers.waiting(claim)) {
            return false;
        }
        return task.isEmpty() || task.get().state() == TaskState.ENDED;
    }

    private ClaimedVolume claimed(Claim claim) {
        Volume volume = state.volume(claim.volume()).orElseThrow();
        return new ClaimedVolume(
                claim.id(),
                claim.fence(),
                new VolumeRequest(
                        volume.driver(),
                        volume.name(),
                        volume.options(),
                        Optional.empty(),
                        claim.mode(),
                        volume.access(),
                        CreatePolicy.NEVER),
                claim.takesOver());
    }

    private Optional<Volume> volumeToWorkOn(Instant now) {
        return volumesToWorkOn(now).stream().findFirst();
    }

    private List<Volume> volumesToWorkOn(Instant now) {
        return Stream.concat(
                        state.volumesIn(VolumeState.PROVISIONING).stream(),
                        state.volumesIn(VolumeState.DELETING).stream())
                .filter(volume -> state.hold(Hold.Kind.SAFE_MODE).isEmpty())
                .filter(volume -> due("volume " + volume.name().key(), now) && !worked(volume.name()))
                .toList();
    }

    /** A removal out of contact may still come; a creation does no harm when it comes late. */
    private boolean worked(VolumeName name) {
        return state.operations().stream()
                .anyMatch(task -> (harmlessWhenLate(task) ? task.state().live() : task.state() != TaskState.ENDED)
                        && task.target().map(VolumeName::key).equals(Optional.of(name.key())));
    }

    /** What the creation or removal of a volume waits for, in words; empty when neither is wanted. */
    Optional<String> waitsFor(Volume volume, Instant now) {
        if (volume.state() != VolumeState.PROVISIONING && volume.state() != VolumeState.DELETING) {
            return Optional.empty();
        }
        Optional<Hold> safeMode = state.hold(Hold.Kind.SAFE_MODE);
        if (safeMode.isPresent()) {
            return Optional.of("nothing is created or removed in safe mode, since "
                    + safeMode.get().since());
        }
        String work = "volume " + volume.name().key();
        return state.operations().stream()
                .filter(task -> task.state() != TaskState.ENDED
                        && task.target()
                                .map(VolumeName::key)
                                .equals(Optional.of(volume.name().key())))
                .findFirst()
                .map(OperationDecisions::waitsFor)
                .or(() -> due(work, now)
                        ? Optional.empty()
                        : Optional.of("it failed; tried again at " + notBefore.get(work)))
                .or(() -> Optional.of("an offer of an agent with a healthy plugin " + volume.driver()
                        + volume.home().map(home -> " on machine " + home).orElse("")));
    }

    private static String waitsFor(Task task) {
        String where = "agent " + task.agent() + " (" + task.hostname() + ")";
        return task.state().live() || harmlessWhenLate(task)
                ? "task " + task.id() + " at " + where
                : where + ", which nobody reaches and which may still carry the removal out: until it answers, or"
                        + " Mesos says how its task ended, at most " + GarbageDecisions.LOST_TASKS.toDays()
                        + " days";
    }

    private static boolean harmlessWhenLate(Task task) {
        return task.kind() == TaskKind.CREATE || task.kind() == TaskKind.OBSERVE;
    }

    private Optional<Launch> workOn(Volume volume, Candidate candidate, Decision decision) {
        boolean hasPlugin = candidate
                .agent()
                .plugin(volume.driver())
                .filter(plugin -> plugin.healthy())
                .isPresent();
        boolean rightPlace = volume.home().isEmpty()
                || volume.home().equals(candidate.agent().machine());
        if (!hasPlugin || !rightPlace) {
            return Optional.empty();
        }
        if (volume.state() == VolumeState.PROVISIONING && volume.create() == CreatePolicy.NEVER) {
            return launch(
                    TaskKind.OBSERVE,
                    Optional.of(volume.name()),
                    List.of(),
                    new ObserveVolumes(policy.epoch(), volume.driver(), List.of(volume.name())),
                    candidate,
                    decision);
        }
        boolean creating = volume.state() == VolumeState.PROVISIONING;
        TaskOrder order = creating
                ? new CreateVolume(policy.epoch(), volume.driver(), volume.name(), volume.options())
                : new RemoveVolume(policy.epoch(), volume.driver(), volume.name());
        return launch(
                creating ? TaskKind.CREATE : TaskKind.REMOVE,
                Optional.of(volume.name()),
                List.of(),
                order,
                candidate,
                decision);
    }

    Optional<Launch> launch(
            TaskKind kind,
            Optional<VolumeName> target,
            List<ClaimId> claims,
            TaskOrder order,
            Candidate candidate,
            Decision decision) {
        Resources needed = OWN.plus(policy.executor());
        if (!candidate.has(needed)) {
            return Optional.empty();
        }
        candidate.take(needed, List.of(), 0);
        String word = word(kind);
        TaskId id = new TaskId(prefix(kind) + "." + policy.epoch() + "-" + chance.newName());
        decision.record(new StoreRecord.PutTask(new Task(
                id,
                kind,
                Optional.empty(),
                Optional.empty(),
                0,
                target,
                candidate.agent().id(),
                candidate
                        .agent()
                        .machine()
                        .orElseGet(() -> new MachineKey(candidate.agent().id().value())),
                candidate.agent().hostname(),
                List.of(),
                claims,
                0,
                TaskState.STAGING,
                Task.Goal.RUN,
                decision.now(),
                Optional.empty())));
        decision.effect(new Effect.StartTimer(
                new Timer.LaunchTimeout(id), decision.now().plus(policy.timing().launchTimeout())));
        Map<String, String> labels = new TreeMap<>();
        labels.put("mooring.operation", word);
        labels.put("mooring.epoch", Long.toString(policy.epoch()));
        return Optional.of(new Launch(id, "mooring " + word, OWN, List.of(), 0, order, List.of(), GRACE, labels));
    }

    boolean due(String what, Instant now) {
        Instant until = notBefore.get(what);
        return until == null || !now.isBefore(until);
    }
}
