package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.scheduler.cluster.ClusterState;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.util.Collection;
import java.util.List;

/** Marathon's text for load balancers: a line for each port of an app, with where its running tasks are. */
final class TaskLines {
    private TaskLines() {}

    static String of(Collection<App> apps, ClusterState state) {
        StringBuilder text = new StringBuilder();
        for (App app : apps) {
            String id = app.id().path().substring(1).replace('/', '_');
            List<Task> running = state.tasksOf(app.id()).stream()
                    .filter(task -> task.state() == TaskState.RUNNING)
                    .toList();
            int ports = app.definition().ports().size();
            if (ports == 0) {
                text.append(id).append("\t \t");
                running.forEach(task -> text.append(task.hostname()).append(' '));
                text.append('\n');
            }
            for (int port = 0; port < ports; port++) {
                line(text, id, app, port, running);
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String id, App app, int port, List<Task> running) {
        text.append(id).append('\t').append(servicePort(app, port)).append('\t');
        for (Task task : running) {
            if (port < task.ports().size()) {
                text.append(task.hostname())
                        .append(':')
                        .append(task.ports().get(port))
                        .append('\t');
            }
        }
        text.append('\n');
    }

    /** The number that the app's user gave to the port, under whichever of Marathon's names. */
    private static int servicePort(App app, int port) {
        JsonNode source = AppView.source(app);
        JsonNode given = source.path("portDefinitions").path(port).path("port");
        return given.isMissingNode() ? source.path("ports").path(port).asInt() : given.asInt();
    }
}
