package io.mooring.scheduler.decision;

import io.mooring.common.ids.MachineKey;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.claim.ReleasedClaim;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.Machine;
import io.mooring.scheduler.cluster.StoreRecord;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.Timer;
import io.mooring.scheduler.task.ForeignTask;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskKind;
import io.mooring.scheduler.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Forgets what is old, a little at a time: history, tasks that never came back, machines. A claim is never forgotten. */
final class GarbageDecisions {
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int AT_ONCE = 200;
    /** As long as Mesos' master remembers agents that it lost. */
    static final Duration LOST_TASKS = Duration.ofDays(14);

    private static final Duration IDLE_MACHINES = Duration.ofDays(14);

    private static final Duration HISTORY = Duration.ofDays(30);

    private static final Duration ENDED_TASKS = Duration.ofHours(1);

    private final ClusterState state;
    private final Map<TaskId, Instant> overSince = new HashMap<>();
    private final Map<MachineKey, Instant> idleSince = new HashMap<>();

    GarbageDecisions(ClusterState state) {
        this.state = state;
    }

    void watch(Decision decision) {
        decision.effect(
                new Effect.StartTimer(new Timer.CollectGarbage(), decision.now().plus(EVERY)));
    }

    void collect(Decision decision) {
        int room = history(decision.now().minus(HISTORY), decision);
        room -= lostTasks(decision.now().minus(LOST_TASKS), room, decision);
        room -= foreign(decision.now().minus(ENDED_TASKS), room, decision);
        machines(decision.now().minus(IDLE_MACHINES), room, decision);
        Duration pause = room < AT_ONCE / 2 ? SOON : EVERY;
        decision.effect(
                new Effect.StartTimer(new Timer.CollectGarbage(), decision.now().plus(pause)));
    }

    private int history(Instant before, Decision decision) {
        List<ReleasedClaim> old = state.oldHistory(before, AT_ONCE);
        long floor = state.fenceFloor();
        for (ReleasedClaim released : old) {
            // The volume may be removed and made again one day, and machines remember what they acted under.
            floor = Math.max(floor, released.claim().fence());
            decision.record(new StoreRecord.ForgetClaim(released));
        }
        if (floor > state.fenceFloor()) {
            decision.record(new StoreRecord.PutFenceFloor(floor));
        }
        state.emptyHistoryHours().forEach(hour -> decision.record(new StoreRecord.RemoveHistoryHour(hour)));
        return AT_ONCE - old.size();
    }

    private int lostTasks(Instant before, int room, Decision decision) {
        List<Task> over = state.tasks().stream()
                .filter(task -> task.kind() != TaskKind.FOREIGN && AppDecisions.givenUp(task, state))
                .toList();
        overSince.keySet().retainAll(over.stream().map(Task::id).collect(Collectors.toCollection(TreeSet::new)));
        List<Task> old = over.stream()
                .filter(task -> overSince(task, decision.now()).isBefore(before)
                        || (task.state() == TaskState.ENDED
                                && overSince(task, decision.now())
                                        .plus(ENDED_TASKS)
                                        .isBefore(decision.now())))
                .limit(Math.max(0, room))
                .toList();
        old.forEach(task -> decision.record(new StoreRecord.RemoveTask(task.id())));
        return old.size();
    }

    /** Tasks of other frameworks that hold nothing; by then nobody asks again what became of them. */
    private int foreign(Instant before, int room, Decision decision) {
        List<ForeignTask> old = state.foreign().all().stream()
                .filter(task ->
                        task.over().filter(over -> over.isBefore(before)).isPresent())
                .limit(Math.max(0, room))
                .toList();
        old.forEach(task -> decision.record(new StoreRecord.RemoveForeign(task.id())));
        return old.size();
    }

    /** When it was lost or ended is not on record; it counts from when it was seen here first. */
    private Instant overSince(Task task, Instant now) {
        return overSince.computeIfAbsent(task.id(), first -> now);
    }

    /**
     * Machines that no agent was known on for long, that hold nothing and have nothing against them. When an agent was
     * seen last is not on record; it counts from when this leader missed it first.
     */
    private void machines(Instant before, int room, Decision decision) {
        Set<MachineKey> known = state.agents().stream()
                .flatMap(agent -> agent.machine().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        state.cutOffs().forEach(cutOff -> known.add(cutOff.machine()));
        Set<MachineKey> idle = state.machines().stream()
                .filter(machine ->
                        machine.fenced().isEmpty() && machine.quarantine().isEmpty())
                .map(Machine::key)
                .filter(machine ->
                        !known.contains(machine) && state.tasksOn(machine).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        idleSince.keySet().retainAll(idle);
        idle.stream()
                .filter(machine -> idleSince
                        .computeIfAbsent(machine, first -> decision.now())
                        .isBefore(before))
                .limit(Math.max(0, room))
                .forEach(machine -> decision.record(new StoreRecord.RemoveMachine(machine)));
    }
}
