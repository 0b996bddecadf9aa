package io.mooring.scheduler.decision;

import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.task.Task;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The variables that Marathon gives its tasks; the app's own win. */
final class TaskEnvironment {
    private static final String LABEL = "MARATHON_APP_LABEL_";
    /** Marathon leaves longer variables out, with the names of labels or without. */
    private static final int LONGEST = 512;

    private TaskEnvironment() {}

    static Map<String, String> of(App app, Task task) {
        Map<String, String> environment = new TreeMap<>();
        about(app, environment);
        labels(app.definition().labels(), environment);
        environment.put("MESOS_TASK_ID", task.id().value());
        environment.put("HOST", task.hostname());
        if (app.numbered()) {
            environment.put("MOORING_INSTANCE", Integer.toString(task.instance()));
        }
        ports(app, task.ports(), environment);
        environment.putAll(app.definition().environment());
        return environment;
    }

    private static void about(App app, Map<String, String> environment) {
        environment.put("MARATHON_APP_ID", app.id().path());
        environment.put("MARATHON_APP_VERSION", app.version().toString());
        environment.put(
                "MARATHON_APP_RESOURCE_CPUS",
                Double.toString(app.definition().resources().cpus()));
        environment.put(
                "MARATHON_APP_RESOURCE_MEM",
                Double.toString(app.definition().resources().memMb()));
        environment.put(
                "MARATHON_APP_RESOURCE_DISK",
                Double.toString(app.definition().resources().diskMb()));
        environment.put("MARATHON_APP_RESOURCE_GPUS", "0");
        app.definition()
                .container()
                .ifPresent(container -> environment.put("MARATHON_APP_DOCKER_IMAGE", container.image()));
    }

    private static void labels(Map<String, String> labels, Map<String, String> environment) {
        TreeSet<String> names = new TreeSet<>();
        labels.forEach((label, value) -> {
            if (label.length() < LONGEST - LABEL.length() && value.length() < LONGEST) {
                String name = label.replaceAll("[^a-zA-Z0-9_]+", "_").toUpperCase(Locale.ROOT);
                names.add(name);
                environment.put(LABEL + name, value);
            }
        });
        environment.put("MARATHON_APP_LABELS", String.join(" ", names));
    }

    /** Each port by its place, by its number and by its name. */
    private static void ports(App app, List<Integer> numbers, Map<String, String> environment) {
        List<String> ports = numbers.stream().map(String::valueOf).toList();
        boolean mapped = app.definition()
                .container()
                .filter(container -> !container.ports().isEmpty())
                .isPresent();
        for (int i = 0; i < ports.size(); i++) {
            String port = ports.get(i);
            environment.put("PORT" + i, port);
            if (!mapped) {
                environment.put("PORT_" + port, port);
            }
            app.definition()
                    .ports()
                    .get(i)
                    .name()
                    .ifPresent(name -> environment.put(
                            "PORT_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_"), port));
        }
        app.definition().container().ifPresent(container -> container
                .on(numbers)
                .ports()
                .forEach(port -> environment.put("PORT_" + port.containerPort(), Integer.toString(port.hostPort()))));
        if (!ports.isEmpty()) {
            environment.put("PORT", ports.get(0));
            environment.put("PORTS", String.join(",", ports));
        }
    }
}
