package io.mooring.scheduler.cluster;

import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import io.mooring.scheduler.claim.Claim;
import io.mooring.scheduler.claim.ClaimState;
import io.mooring.scheduler.claim.CutOff;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.definition.Group;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.volume.FenceClass;
import io.mooring.scheduler.volume.Volume;
import io.mooring.scheduler.volume.VolumeState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that decisions are made from: the mirror of the store with its indexes, and what is only known for now.
 * It belongs to the engine's thread. It is changed by {@link StoreRecord}s, and a leader whose commit fails throws it
 * away, so that a change that was applied before its commit can never be seen as true.
 */
public final class ClusterState {
    private static final int HISTORY_PER_VOLUME = 100;
    private static final int HISTORY_IN_ALL = 200_000;

    private Optional<FrameworkId> framework = Optional.empty();
    private final SortedMap<AppId, App> apps = new TreeMap<>();
    private final Map<TaskId, Task> tasks = new HashMap<>();
    private final Map<AppId, SortedMap<TaskId, Task>> tasksByApp = new HashMap<>();
    private final SortedMap<TaskId, Task> operations = new TreeMap<>();
    private final Map<MachineKey, SortedMap<TaskId, Task>> tasksByMachine = new HashMap<>();
    private final ForeignTasks foreign = new ForeignTasks();
    private final SortedMap<String, Volume> volumes = new TreeMap<>();
    private final Map<VolumeState, SortedMap<String, Volume>> volumesByState = new EnumMap<>(VolumeState.class);
    private final Map<ClaimId, Claim> claims = new HashMap<>();
    private final Map<String, SortedMap<ClaimId, Claim>> claimsByVolume = new HashMap<>();
    private final Map<TaskId, SortedMap<ClaimId, Claim>> claimsByTask = new HashMap<>();
    private final Map<ClaimState, SortedMap<ClaimId, Claim>> claimsByState = new EnumMap<>(ClaimState.class);
    private final Map<String, Deque<ReleasedClaim>> history = new HashMap<>();
    private final Deque<ReleasedClaim> historyByAge = new ArrayDeque<>();
    private final SortedMap<Instant, Integer> historyHours = new TreeMap<>();
    private long fenceFloor;
    private final SortedMap<MachineKey, Machine> machines = new TreeMap<>();
    private final SortedMap<MachineKey, Machine> fencedMachines = new TreeMap<>();
    private final SortedMap<String, CutOff> cutOffs = new TreeMap<>();
    private final Map<Hold.Kind, Hold> holds = new EnumMap<>(Hold.Kind.class);

    private final Discrepancies discrepancies = new Discrepancies();
    private final SortedMap<AgentId, Agent> agents = new TreeMap<>();
    private final ReportedClasses reportedClasses = new ReportedClasses();
    private final Map<AppId, AppRuntime> runtimes = new HashMap<>();
    private final Map<TaskId, TaskHealth> healths = new HashMap<>();
    private final Map<TaskId, TaskReadiness> readiness = new HashMap<>();
    private final Map<TaskId, Instant> outOfReach = new HashMap<>();
    private final DeployingApps deployments = new DeployingApps();
    private final KnownGroups groups = new KnownGroups();
    private final TakenNames names = new TakenNames();

    /** Makes one change. */
    public void apply(StoreRecord change) {
        if (change instanceof StoreRecord.PutFramework put) {
            framework = Optional.of(put.id());
        } else if (change instanceof StoreRecord.PutApp put) {
            App before = apps.put(put.app().id(), put.app());
            deployments.replace(before, put.app());
            names.replace(before, put.app());
        } else if (change instanceof StoreRecord.RemoveApp remove) {
            App before = apps.remove(remove.id());
            deployments.remove(before);
            names.remove(before);
            runtimes.remove(remove.id());
        } else if (change instanceof StoreRecord.KeepVersion || change instanceof StoreRecord.ForgetVersion) {
            return; // the store's alone: nothing is decided from what was
        } else if (change instanceof StoreRecord.PutGroup put) {
            groups.put(put.group());
        } else if (change instanceof StoreRecord.RemoveGroup remove) {
            groups.remove(remove.path());
        } else if (change instanceof StoreRecord.PutTask put) {
            putTask(put.task());
        } else if (change instanceof StoreRecord.RemoveTask remove) {
            removeTask(remove.id());
        } else if (change instanceof StoreRecord.PutForeign put) {
            foreign.put(put.foreign());
        } else if (change instanceof StoreRecord.RemoveForeign remove) {
            foreign.remove(remove.id());
        } else if (change instanceof StoreRecord.PutVolume put) {
            putVolume(put.volume());
        } else if (change instanceof StoreRecord.RemoveVolume remove) {
            removeVolume(remove.name().key());
        } else if (change instanceof StoreRecord.PutMachine put) {
            putMachine(put.machine());
        } else if (change instanceof StoreRecord.GrantClaim grant) {
            putClaim(grant.claim());
        } else if (change instanceof StoreRecord.PutClaim put) {
            putClaim(put.claim());
        } else if (change instanceof StoreRecord.ReleaseClaim release) {
            release(release.released());
        } else if (change instanceof StoreRecord.ForgetClaim forget) {
            forget(forget.released());
        } else if (change instanceof StoreRecord.RemoveHistoryHour remove) {
            historyHours.remove(remove.hour());
        } else if (change instanceof StoreRecord.PutFenceFloor put) {
            fenceFloor = put.fence();
        } else if (change instanceof StoreRecord.RemoveMachine remove) {
            machines.remove(remove.key());
        } else if (change instanceof StoreRecord.PutCutOff put) {
            cutOffs.put(put.cutOff().id(), put.cutOff());
        } else if (change instanceof StoreRecord.RemoveCutOff remove) {
            cutOffs.remove(remove.id());
        } else if (change instanceof StoreRecord.PutHold put) {
            holds.put(put.hold().kind(), put.hold());
        } else {
            throw new IllegalArgumentException("no way to apply " + change.getClass());
        }
    }

    public Optional<FrameworkId> framework() {
        return framework;
    }

    public Collection<App> apps() {
        return Collections.unmodifiableCollection(apps.values());
    }

    public Optional<App> app(AppId id) {
        return Optional.ofNullable(apps.get(id));
    }

    /** Whether the path is a group's, or an app is above it. */
    public boolean nested(AppId id) {
        return names.nested(id) || groups.at(id.path());
    }

    /** The groups that were asked for, by path. */
    public Collection<Group> groups() {
        return groups.all();
    }

    /** The apps of which some instance has the volume, by id. */
    public List<App> appsNaming(VolumeName volume) {
        return names.naming(volume);
    }

    public Optional<Task> task(TaskId id) {
        return Optional.ofNullable(tasks.get(id));
    }

    public Collection<Task> tasks() {
        return Collections.unmodifiableCollection(tasks.values());
    }

    /** The app's tasks, by id. */
    public Collection<Task> tasksOf(AppId app) {
        SortedMap<TaskId, Task> found = tasksByApp.get(app);
        return found == null ? List.of() : Collections.unmodifiableCollection(found.values());
    }

    /** The tasks whose agent is on that machine, by id. */
    public Collection<Task> tasksOn(MachineKey machine) {
        SortedMap<TaskId, Task> found = tasksByMachine.get(machine);
        return found == null ? List.of() : Collections.unmodifiableCollection(found.values());
    }

    /** Tasks that belong to no app: inspections, volume operations, clean-ups. */
    public Collection<Task> operations() {
        return Collections.unmodifiableCollection(operations.values());
    }

    /** The tasks that other frameworks run, as far as they hold claims. */
    public ForeignTasks foreign() {
        return foreign;
    }

    public Collection<Volume> volumes() {
        return Collections.unmodifiableCollection(volumes.values());
    }

    public List<Volume> volumesIn(VolumeState wanted) {
        SortedMap<String, Volume> found = volumesByState.get(wanted);
        return found == null ? List.of() : List.copyOf(found.values());
    }

    public Optional<Volume> volume(VolumeName name) {
        return Optional.ofNullable(volumes.get(name.key()));
    }

    public Optional<Claim> claim(ClaimId id) {
        return Optional.ofNullable(claims.get(id));
    }

    public Collection<Claim> claims() {
        return Collections.unmodifiableCollection(claims.values());
    }

    public List<Claim> claimsIn(ClaimState wanted) {
        SortedMap<ClaimId, Claim> found = claimsByState.get(wanted);
        return found == null ? List.of() : List.copyOf(found.values());
    }

    public List<Claim> claimsOn(VolumeName volume) {
        SortedMap<ClaimId, Claim> found = claimsByVolume.get(volume.key());
        return found == null ? List.of() : List.copyOf(found.values());
    }

    public List<Claim> claimsOf(TaskId task) {
        SortedMap<ClaimId, Claim> found = claimsByTask.get(task);
        return found == null ? List.of() : List.copyOf(found.values());
    }

    /** The volumes that were taken from this task by evidence of others; their fence is higher than the task's by now. */
    public List<Volume> takenFrom(TaskId task) {
        Task known = tasks.get(task);
        if (known == null) {
            return List.of();
        }
        return known.claims().stream()
                .filter(claim -> !claims.containsKey(claim))
                .flatMap(claim -> history.values().stream()
                        .flatMap(Deque::stream)
                        .filter(past -> past.claim().id().equals(claim))
                        .limit(1))
                .flatMap(past -> volume(past.claim().volume()).stream())
                .filter(volume -> !claimsOn(volume.name()).isEmpty())
                .toList();
    }

    /** The volume's released claims, the newest first. */
    public List<ReleasedClaim> historyOf(VolumeName volume) {
        Deque<ReleasedClaim> found = history.get(volume.key());
        return found == null ? List.of() : List.copyOf(new ArrayList<>(found));
    }

    /**
     * The highest fence that was ever granted on a volume of that name, 0 if none: a volume that is made again under an
     * old name goes on from there, because machines remember what they have acted under (I2).
     */
    public long lastFence(VolumeName volume) {
        Deque<ReleasedClaim> past = history.get(volume.key());
        return past == null
                ? fenceFloor
                : Math.max(fenceFloor, past.getFirst().claim().fence());
    }

    /** What {@link #lastFence} says of names that nothing is remembered of. */
    public long fenceFloor() {
        return fenceFloor;
    }

    /** The oldest released claims: those from before that time, and those beyond what is kept at most. */
    public List<ReleasedClaim> oldHistory(Instant before, int most) {
        int surplus = Math.max(0, historyByAge.size() - HISTORY_IN_ALL);
        List<ReleasedClaim> old = new ArrayList<>();
        for (ReleasedClaim released : historyByAge) {
            if (old.size() >= most || (old.size() >= surplus && !released.at().isBefore(before))) {
                break;
            }
            old.add(released);
        }
        return old;
    }

    /** Hours of which no released claim is left. */
    public List<Instant> emptyHistoryHours() {
        return historyHours.entrySet().stream()
                .filter(hour -> hour.getValue() <= 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    public Optional<Machine> machine(MachineKey key) {
        return Optional.ofNullable(machines.get(key));
    }

    public Collection<Machine> machines() {
        return Collections.unmodifiableCollection(machines.values());
    }

    /** The machines that were cut off from a volume and not cleaned since. */
    public List<Machine> fencedMachines() {
        return List.copyOf(fencedMachines.values());
    }

    /** Orders to cut a machine off that are not done yet. */
    public Collection<CutOff> cutOffs() {
        return Collections.unmodifiableCollection(cutOffs.values());
    }

    public Optional<CutOff> cutOff(String id) {
        return Optional.ofNullable(cutOffs.get(id));
    }

    /** The order that is open for the volume; there are few, so they are looked through. */
    public Optional<CutOff> cutOffFrom(VolumeName volume) {
        return cutOffs.values().stream()
                .filter(cutOff -> cutOff.volume().key().equals(volume.key()))
                .findFirst();
    }

    /** What was said last about this hold, on or off; empty if nobody ever pulled it. */
    public Optional<Hold> lastHold(Hold.Kind kind) {
        return Optional.ofNullable(holds.get(kind));
    }

    /** The hold, if it is on. */
    public Optional<Hold> hold(Hold.Kind kind) {
        return lastHold(kind).filter(Hold::on);
    }

    /** Where claims, tasks and attachments were found to disagree. */
    public Discrepancies discrepancies() {
        return discrepancies;
    }

    /** The worst class that a plugin of this driver reports; empty when none does. */
    public Optional<FenceClass> reportedClass(DriverName driver) {
        return reportedClasses.worst(driver);
    }

    public Collection<Agent> agents() {
        return Collections.unmodifiableCollection(agents.values());
    }

    public Optional<Agent> agent(AgentId id) {
        return Optional.ofNullable(agents.get(id));
    }

    public void putAgent(Agent agent) {
        Agent before = agents.put(agent.id(), agent);
        if (before != null) {
            reportedClasses.remove(before);
        }
        reportedClasses.add(agent);
    }

    public AppRuntime runtime(AppId app) {
        return runtimes.getOrDefault(app, AppRuntime.fresh());
    }

    public void putRuntime(AppId app, AppRuntime runtime) {
        runtimes.put(app, runtime);
    }

    /** What was said last of the task's health. */
    public TaskHealth health(TaskId task) {
        return healths.getOrDefault(task, TaskHealth.UNKNOWN);
    }

    public void putHealth(TaskId task, TaskHealth health) {
        healths.put(task, health);
    }

    /** Since when nobody reaches the task, as far as this leader knows; empty if it does not. */
    public Optional<Instant> outOfReachSince(TaskId task) {
        return Optional.ofNullable(outOfReach.get(task));
    }

    public void putOutOfReach(TaskId task, Instant since) {
        outOfReach.put(task, since);
    }

    public void reached(TaskId task) {
        outOfReach.remove(task);
    }

    /** What is known of whether the task is ready; empty if it was not asked. */
    public Optional<TaskReadiness> readiness(TaskId task) {
        return Optional.ofNullable(readiness.get(task));
    }

    public void putReadiness(TaskId task, TaskReadiness known) {
        readiness.put(task, known);
    }

    /** The apps that are part of the change, by id; none when there is no such change. */
    public Collection<App> deploying(String deployment) {
        return deployments.of(deployment);
    }

    /** How many changes are on their way. */
    public int changesUnderWay() {
        return deployments.count();
    }

    /** The changes that are on their way. */
    public List<String> deployments() {
        return deployments.ids();
    }

    private void putMachine(Machine machine) {
        machines.put(machine.key(), machine);
        if (machine.fenced().isEmpty()) {
            fencedMachines.remove(machine.key());
        } else {
            fencedMachines.put(machine.key(), machine);
        }
    }

    private void putTask(Task task) {
        tasks.put(task.id(), task);
        tasksByMachine
                .computeIfAbsent(task.machine(), machine -> new TreeMap<>())
                .put(task.id(), task);
        if (task.app().isPresent()) {
            tasksByApp.computeIfAbsent(task.app().get(), app -> new TreeMap<>()).put(task.id(), task);
        } else {
            operations.put(task.id(), task);
        }
    }

    private void removeTask(TaskId id) {
        healths.remove(id);
        readiness.remove(id);
        outOfReach.remove(id);
        Task removed = tasks.remove(id);
        if (removed == null) {
            return;
        }
        operations.remove(id);
        removeFrom(tasksByMachine, removed.machine(), id);
        removed.app().ifPresent(app -> removeFrom(tasksByApp, app, id));
    }

    private void putVolume(Volume volume) {
        String key = volume.name().key();
        Volume before = volumes.put(key, volume);
        if (before != null) {
            removeFrom(volumesByState, before.state(), key);
        }
        volumesByState.computeIfAbsent(volume.state(), state -> new TreeMap<>()).put(key, volume);
    }

    private void removeVolume(String key) {
        Volume before = volumes.remove(key);
        if (before != null) {
            removeFrom(volumesByState, before.state(), key);
        }
    }

    private void putClaim(Claim claim) {
        Claim before = claims.put(claim.id(), claim);
        if (before != null) {
            removeFrom(claimsByState, before.state(), claim.id());
        }
        claimsByState.computeIfAbsent(claim.state(), state -> new TreeMap<>()).put(claim.id(), claim);
        claimsByVolume
                .computeIfAbsent(claim.volume().key(), volume -> new TreeMap<>())
                .put(claim.id(), claim);
        claimsByTask.computeIfAbsent(claim.task(), task -> new TreeMap<>()).put(claim.id(), claim);
    }

    private void release(ReleasedClaim released) {
        Claim claim = released.claim();
        Claim before = claims.remove(claim.id());
        if (before != null) {
            removeFrom(claimsByState, before.state(), claim.id());
            removeFrom(claimsByVolume, claim.volume().key(), claim.id());
            removeFrom(claimsByTask, claim.task(), claim.id());
        }
        Deque<ReleasedClaim> past = history.computeIfAbsent(claim.volume().key(), volume -> new ArrayDeque<>());
        past.addFirst(released);
        historyByAge.addLast(released);
        historyHours.merge(released.at().truncatedTo(ChronoUnit.HOURS), 1, Integer::sum);
        if (past.size() > HISTORY_PER_VOLUME) {
            past.removeLast();
        }
    }

    private void forget(ReleasedClaim released) {
        if (released.equals(historyByAge.peekFirst())) {
            historyByAge.removeFirst();
        } else {
            historyByAge.remove(released);
        }
        historyHours.merge(released.at().truncatedTo(ChronoUnit.HOURS), -1, Integer::sum);
        String volume = released.claim().volume().key();
        Deque<ReleasedClaim> past = history.get(volume);
        if (past != null) {
            past.remove(released);
            if (past.isEmpty()) {
                history.remove(volume);
            }
        }
    }

    private static <K, I, V> void removeFrom(Map<K, SortedMap<I, V>> index, K key, I id) {
        SortedMap<I, V> found = index.get(key);
        if (found != null) {
            found.remove(id);
            if (found.isEmpty()) {
                index.remove(key);
            }
        }
    }
}
