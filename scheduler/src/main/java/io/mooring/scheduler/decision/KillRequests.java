package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.AppRequests.Accepted;
import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/** What users ask of single tasks: that they end, with others in their place or without. */
public final class KillRequests {
    private final ClusterState state;
    private final AppDecisions apps;
    private final AppRequests requests;

    KillRequests(ClusterState state, AppDecisions apps, AppRequests requests) {
        this.state = state;
        this.apps = apps;
        this.requests = requests;
    }

    /** What comes in the place of tasks that are killed. */
    public enum Scale {
        /** As many others. */
        KEEP,
        /** Nothing: the app gets fewer instances. */
        DOWN
    }

    /**
     * Tasks that are told to end.
     *
     * @param tasks as they were before
     * @param change of the apps' scale
     */
    public record Killed(List<Task> tasks, Optional<Accepted> change) {
        public Killed {
            tasks = List.copyOf(tasks);
        }
    }

    /** Ends those of the apps' tasks that are meant; none is an answer, too. Apps that get smaller do so in one change. */
    public Answer<Killed> kill(SortedMap<AppId, Predicate<Task>> meant, Scale scale, Force force, Decision decision) {
        List<Task> tasks = new ArrayList<>();
        List<Wanted> smaller = new ArrayList<>();
        for (Map.Entry<AppId, Predicate<Task>> each : meant.entrySet()) {
            Optional<App> app = state.app(each.getKey());
            if (app.isEmpty()) {
                return Answer.refused(Answer.Why.NOT_FOUND, "App '" + each.getKey() + "' does not exist");
            }
            List<Task> its = state.tasksOf(each.getKey()).stream()
                    .filter(task -> task.state() != TaskState.ENDED)
                    .filter(each.getValue())
                    .toList();
            if (scale == Scale.DOWN && app.get().numbered() && !its.isEmpty()) {
                return Answer.refused(
                        Answer.Why.CONFLICT,
                        "each instance of App '" + each.getKey()
                                + "' has volumes of its own, and the highest numbers go"
                                + " first; scale the app instead");
            }
            tasks.addAll(its);
            smaller.add(new Wanted.Scale(each.getKey(), left(app.get(), its)));
        }
        return scale == Scale.KEEP || smaller.isEmpty()
                ? Answer.ok(end(meant.keySet(), tasks, decision))
                : scaled(smaller, tasks, force, decision);
    }

    private static int left(App app, List<Task> leaving) {
        long wanted =
                leaving.stream().filter(task -> task.goal() == Task.Goal.RUN).count();
        return (int) Math.max(0, app.wantedInstances() - wanted);
    }

    private Killed end(Collection<AppId> meant, List<Task> tasks, Decision decision) {
        stop(tasks, decision);
        meant.forEach(app -> apps.converge(app, decision));
        return new Killed(tasks, Optional.empty());
    }

    private Answer<Killed> scaled(List<Wanted> smaller, List<Task> tasks, Force force, Decision decision) {
        Answer<Accepted> answer = requests.scale(smaller, force, decision, () -> stop(tasks, decision));
        return answer instanceof Answer.Ok<Accepted> done
                ? Answer.ok(new Killed(tasks, Optional.of(done.value())))
                : ((Answer.Refused<Accepted>) answer).as();
    }

    private void stop(List<Task> tasks, Decision decision) {
        tasks.forEach(task -> apps.stop(task, decision));
    }
}
