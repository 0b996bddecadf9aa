package io.mooring.scheduler.decision;

import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.decision.AppRequests.Accepted;
import io.mooring.scheduler.decision.AppRequests.Force;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.AppId;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.util.List;
import java.util.Optional;
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
     * @param change of the app's scale
     */
    public record Killed(List<Task> tasks, Optional<Accepted> change) {
        public Killed {
            tasks = List.copyOf(tasks);
        }
    }

    /** Ends those of the app's tasks that are meant; none is an answer, too. */
    public Answer<Killed> kill(AppId id, Predicate<Task> meant, Scale scale, Force force, Decision decision) {
        Optional<App> app = state.app(id);
        if (app.isEmpty()) {
            return Answer.refused(Answer.Why.NOT_FOUND, "App '" + id + "' does not exist");
        }
        List<Task> tasks = state.tasksOf(id).stream()
                .filter(task -> task.state() != TaskState.ENDED)
                .filter(meant)
                .toList();
        if (scale == Scale.KEEP) {
            stop(tasks, decision);
            apps.converge(id, decision);
            return Answer.ok(new Killed(tasks, Optional.empty()));
        }
        if (app.get().numbered() && !tasks.isEmpty()) {
            return Answer.refused(
                    Answer.Why.CONFLICT,
                    "each instance of App '" + id
                            + "' has volumes of its own, and the highest numbers go first; scale the" + " app instead");
        }
        long wanted =
                tasks.stream().filter(task -> task.goal() == Task.Goal.RUN).count();
        int left = (int) Math.max(0, app.get().wantedInstances() - wanted);
        Answer<Accepted> scaled =
                requests.scale(List.of(new Wanted.Scale(id, left)), force, decision, () -> stop(tasks, decision));
        return scaled instanceof Answer.Ok<Accepted> done
                ? Answer.ok(new Killed(tasks, Optional.of(done.value())))
                : ((Answer.Refused<Accepted>) scaled).as();
    }

    private void stop(List<Task> tasks, Decision decision) {
        tasks.forEach(task -> apps.stop(task, decision));
    }
}
