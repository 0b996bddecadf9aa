package io.mooring.scheduler.decision;

import io.mooring.common.container.PortMapping;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.definition.Definition.PortRequest;
import io.mooring.scheduler.task.Task;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
        environment.put("MARATHON_APP_ENFORCE_GROUP_ROLE", "FALSE");
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

    /**
     * Each port by its place, by the number that the app gives it (its container's port, where there are mappings) or else
     * its own, and by its name; what comes later wins. That is what {@code EnvironmentHelper.portsEnv} of Marathon does.
     */
    private static void ports(App app, List<Integer> numbers, Map<String, String> environment) {
        List<PortRequest> requests = app.definition().ports();
        List<Integer> declared = declared(app, numbers);
        for (int i = 0; i < numbers.size(); i++) {
            environment.put("PORT" + i, numbers.get(i).toString());
        }
        for (int i = 0; i < numbers.size(); i++) {
            int by = declared.get(i) == 0 ? numbers.get(i) : declared.get(i);
            environment.put("PORT_" + by, numbers.get(i).toString());
        }
        for (int i = 0; i < numbers.size(); i++) {
            String port = numbers.get(i).toString();
            requests.get(i).name().ifPresent(name -> environment.put("PORT_" + name.toUpperCase(Locale.ROOT), port));
        }
        withoutDashes(requests, numbers, environment);
        if (!numbers.isEmpty()) {
            environment.put("PORT", numbers.get(0).toString());
            environment.put("PORTS", numbers.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
    }

    /** Beside Marathon's variables: no shell can ask for one with dashes in its name. */
    private static void withoutDashes(
            List<PortRequest> requests, List<Integer> numbers, Map<String, String> environment) {
        for (int i = 0; i < numbers.size(); i++) {
            String port = numbers.get(i).toString();
            requests.get(i)
                    .name()
                    .map(name -> name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_"))
                    .ifPresent(name -> environment.putIfAbsent("PORT_" + name, port));
        }
    }

    private static List<Integer> declared(App app, List<Integer> numbers) {
        return app.definition()
                .container()
                .map(container -> container.on(numbers).ports())
                .filter(mappings -> !mappings.isEmpty())
                .map(mappings ->
                        mappings.stream().map(PortMapping::containerPort).toList())
                .orElseGet(() -> app.definition().ports().stream()
                        .map(PortRequest::declared)
                        .toList());
    }
}
