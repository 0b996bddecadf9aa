package io.mooring.scheduler.deployment;

import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.App.Deployment;
import io.mooring.scheduler.definition.AppId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A change of one or several apps, in steps: first what goes, then what is new is made without tasks, then tasks come, level
 * by level. Put together from the apps' own parts of it.
 *
 * @param current which step is under way, from 1
 */
public record Plan(String id, Instant version, List<Step> steps, int current, List<AppId> apps) {
    public Plan {
        steps = List.copyOf(steps);
        apps = List.copyOf(apps);
    }

    /** What is done at once. */
    public record Step(List<Action> actions) {
        public Step {
            actions = List.copyOf(actions);
        }
    }

    /** What is done to one app, in Marathon's word. */
    public record Action(String word, AppId app) {}

    /**
     * Puts it together.
     *
     * @param apps those of one change, at least one
     */
    public static Plan of(Collection<App> apps) {
        SortedMap<Integer, List<App>> levels = new TreeMap<>();
        for (App app : apps) {
            levels.computeIfAbsent(part(app).level(), level -> new ArrayList<>())
                    .add(app);
        }
        List<Step> steps = new ArrayList<>();
        int current = 0;
        List<Action> made = apps.stream()
                .filter(app -> part(app).action() == Deployment.Action.CREATE)
                .map(app -> new Action("StartApplication", app.id()))
                .toList();
        boolean stops = levels.containsKey(0);
        for (var level : levels.entrySet()) {
            if (level.getKey() > 0 && !made.isEmpty() && steps.size() == (stops ? 1 : 0)) {
                steps.add(new Step(made));
            }
            steps.add(new Step(level.getValue().stream()
                    .map(app -> new Action(word(part(app).action()), app.id()))
                    .toList()));
            boolean open = level.getValue().stream().anyMatch(app -> !part(app).done());
            current = current == 0 && open ? steps.size() : current;
        }
        Deployment any = part(apps.iterator().next());
        return new Plan(
                any.id(),
                any.version(),
                steps,
                current == 0 ? steps.size() : current,
                apps.stream().map(App::id).sorted(Comparator.naturalOrder()).toList());
    }

    /** What is being done now. */
    public List<Action> currentActions() {
        return steps.get(current - 1).actions();
    }

    private static Deployment part(App app) {
        return app.deployment().orElseThrow();
    }

    private static String word(Deployment.Action action) {
        return switch (action) {
            case STOP -> "StopApplication";
            case CREATE, SCALE -> "ScaleApplication";
            case RESTART -> "RestartApplication";
        };
    }
}
