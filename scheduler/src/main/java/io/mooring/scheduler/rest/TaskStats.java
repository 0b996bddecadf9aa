package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mooring.scheduler.cluster.TaskHealth.Verdict;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** Marathon's statistics of an app's tasks: how many, and how long they have run, in seconds. */
final class TaskStats {
    private TaskStats() {}

    /** A group without tasks is left out. */
    static ObjectNode of(App app, List<SeenTask> tasks, Instant now) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        Predicate<Task> latest = task -> task.appVersion()
                .filter(version -> !version.isBefore(app.lastConfigChange()))
                .isPresent();
        put(view, "startedAfterLastScaling", tasks, task -> !task.stagedAt().isBefore(app.lastScaling()), now);
        put(view, "withLatestConfig", tasks, latest, now);
        put(view, "withOutdatedConfig", tasks, latest.negate(), now);
        put(view, "totalSummary", tasks, task -> true, now);
        return view;
    }

    private static void put(ObjectNode view, String name, List<SeenTask> tasks, Predicate<Task> belongs, Instant now) {
        List<SeenTask> group =
                tasks.stream().filter(seen -> belongs.test(seen.task())).toList();
        if (group.isEmpty()) {
            return;
        }
        ObjectNode stats = view.putObject(name).putObject("stats");
        long running = group.stream()
                .filter(seen -> seen.task().state() == TaskState.RUNNING)
                .count();
        long staged = group.stream()
                .map(seen -> seen.task().state())
                .filter(state -> state == TaskState.STAGING || state == TaskState.STARTING)
                .count();
        stats.putObject("counts")
                .put("staged", staged)
                .put("running", running)
                .put("healthy", HealthView.count(group, Verdict.HEALTHY))
                .put("unhealthy", HealthView.count(group, Verdict.UNHEALTHY));
        double[] lives = group.stream()
                .flatMap(seen -> seen.task().startedAt().stream())
                .mapToDouble(start -> Duration.between(start, now).toMillis() / 1000.0)
                .sorted()
                .toArray();
        if (lives.length > 0) {
            double sum = 0;
            for (double life : lives) {
                sum += life;
            }
            int middle = lives.length / 2;
            double median = lives.length % 2 == 1 ? lives[middle] : (lives[middle - 1] + lives[middle]) / 2;
            stats.putObject("lifeTime")
                    .put("averageSeconds", sum / lives.length)
                    .put("medianSeconds", median);
        }
    }
}
