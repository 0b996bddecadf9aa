package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.cluster.TaskReadiness;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.App.Deployment.Action;
import io.mooring.scheduler.definition.KillSelection;
import io.mooring.scheduler.deployment.Rolling;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What has to become of an app's tasks next: which ones go, and how many come. */
final class Rollout {
    private final ClusterState state;

    Rollout(ClusterState state) {
        this.state = state;
    }

    /**
     * The next move.
     *
     * @param stops tasks to be stopped now
     * @param starts tasks that are missing now
     */
    record Move(List<Task> stops, int starts) {
        Move {
            stops = List.copyOf(stops);
        }
    }

    /** As many tasks as are wanted, of whichever version. */
    Move scale(App app, Instant now) {
        List<Task> tasks = tasks(app, task -> true);
        int live = (int) tasks.stream().filter(task -> counts(app, task, now)).count();
        return new Move(surplus(app, tasks, now), Math.max(0, app.wantedInstances() - live));
    }

    /** New tasks for old ones, within the bounds of the app's upgrade strategy. */
    Move replace(App app, Instant now) {
        Rolling rolling = Rolling.of(app);
        List<Task> fresh = tasks(app, task -> !outdated(app, task));
        List<Task> old = new ArrayList<>(tasks(app, task -> outdated(app, task) && task.goal() == Task.Goal.RUN));
        old.sort(Comparator.comparing((Task task) -> well(task) ? 1 : 0).thenComparing(leavingFirst(app)));
        int wellOld = (int) old.stream().filter(this::well).count();
        int ready = (int) fresh.stream().filter(task -> ready(app, task)).count();
        int sick = old.size() - wellOld;
        List<Task> stops =
                new ArrayList<>(old.subList(0, Math.min(old.size(), sick + rolling.mayStop(wellOld, ready))));
        stops.addAll(surplus(app, fresh, now));
        int all = tasks(app, task -> counts(app, task, now)).size();
        int started =
                (int) fresh.stream().filter(task -> counts(app, task, now)).count();
        return new Move(stops, rolling.mayStart(started, all));
    }

    /** Whether the tasks are what the app says, and as well as the change wants them. */
    boolean complete(App app) {
        Action action = app.deployment().map(App.Deployment::action).orElse(Action.SCALE);
        List<Task> tasks = state.tasksOf(app.id()).stream()
                .filter(task -> !AppDecisions.givenUp(task, state))
                .filter(task ->
                        task.state() != TaskState.UNREACHABLE || !task.claims().isEmpty())
                .toList();
        return tasks.size() == app.wantedInstances()
                && tasks.stream().allMatch(task -> task.goal() == Task.Goal.RUN && healthy(app, task))
                && (action == Action.SCALE
                        || tasks.stream().allMatch(task -> !outdated(app, task) && ready(app, task)));
    }

    /**
     * Whether the task stands for an instance: one that lost its volumes does not, though it may run a while yet, and one
     * that nobody reaches does for as long as the app says, unless it has a volume of its own: then evidence decides.
     */
    boolean counts(App app, Task task, Instant now) {
        boolean dispossessed =
                !task.claims().isEmpty() && state.claimsOf(task.id()).isEmpty();
        return (task.state().live() && !dispossessed)
                || awaited(app, task, app.definition().upkeep().unreachable().inactiveAfter(), now);
    }

    private boolean awaited(App app, Task task, Optional<Duration> patience, Instant now) {
        return task.state() == TaskState.UNREACHABLE
                && task.goal() == Task.Goal.RUN
                && (task.claims().isEmpty() || !app.exclusive())
                && patience.map(longest -> now.isBefore(
                                state.outOfReachSince(task.id()).orElse(now).plus(longest)))
                        .orElse(true);
    }

    private List<Task> tasks(App app, Predicate<Task> meant) {
        return state.tasksOf(app.id()).stream()
                .filter(task -> task.state() != TaskState.ENDED)
                .filter(meant)
                .toList();
    }

    private static boolean outdated(App app, Task task) {
        return task.appVersion()
                .filter(version -> version.isBefore(app.lastConfigChange()))
                .isPresent();
    }

    private boolean well(Task task) {
        return task.state() == TaskState.RUNNING && state.health(task.id()).verdict() != Verdict.UNHEALTHY;
    }

    private boolean healthy(App app, Task task) {
        boolean unasked = app.definition().upkeep().health().isEmpty();
        return task.state() == TaskState.RUNNING
                && (unasked || state.health(task.id()).verdict() == Verdict.HEALTHY);
    }

    /** Whether a new task can take an old one's place. */
    private boolean ready(App app, Task task) {
        boolean unasked = app.definition().upkeep().readiness().isEmpty();
        return healthy(app, task)
                && task.goal() == Task.Goal.RUN
                && (unasked
                        || state.readiness(task.id())
                                .filter(TaskReadiness::ready)
                                .isPresent());
    }

    private List<Task> surplus(App app, List<Task> tasks, Instant now) {
        Optional<Duration> patience = app.definition().upkeep().unreachable().expungeAfter();
        List<Task> wanted = new ArrayList<>(tasks.stream()
                .filter(task -> task.goal() == Task.Goal.RUN)
                .filter(task -> app.wantedInstances() == 0 || !awaited(app, task, patience, now))
                .toList());
        // Numbers that are not wanted any more go first, then those that nobody reaches, then as the user selects.
        wanted.sort(Comparator.comparing((Task task) -> task.instance() < app.wantedInstances() ? 0 : 1)
                .thenComparing(task -> task.state() == TaskState.UNREACHABLE ? 1 : 0)
                .thenComparing(task -> app.numbered() ? task.instance() : 0)
                .thenComparing(leavingFirst(app).reversed()));
        long live = state.tasksOf(app.id()).stream()
                .filter(task -> task.state().live())
                .count();
        // A task out of contact is left in peace while no other stands for it: it may come back.
        return wanted.stream()
                .skip(app.wantedInstances())
                .filter(task -> task.state() != TaskState.UNREACHABLE || app.wantedInstances() == 0 || live > 0)
                .toList();
    }

    private static Comparator<Task> leavingFirst(App app) {
        Comparator<Task> oldest = Comparator.comparing(Task::stagedAt).thenComparing(Task::id);
        KillSelection selection = app.definition().upkeep().killSelection();
        return switch (selection) {
            case OLDEST_FIRST -> oldest;
            case YOUNGEST_FIRST -> oldest.reversed();
        };
    }
}
