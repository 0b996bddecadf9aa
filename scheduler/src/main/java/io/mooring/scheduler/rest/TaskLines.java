package io.mooring.scheduler.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mooring.scheduler.definition.App;
import io.mooring.scheduler.task.Task;
import io.mooring.scheduler.task.TaskState;
import java.util.List;
import java.util.stream.Stream;

/** Marathon's text for load balancers: a line for each port of an app, with where its running tasks are. */
final class TaskLines {
    private TaskLines() {}

    static String of(App app, List<SeenTask> tasks) {
        StringBuilder text = new StringBuilder();
        String id = app.id().path().substring(1).replace('/', '_');
        List<Task> running = tasks.stream()
                .map(SeenTask::task)
                .filter(task -> task.state() == TaskState.RUNNING)
                .toList();
        int ports = app.definition().ports().size();
        if (ports == 0) {
            text.append(id).append("\t \t");
            running.forEach(task -> text.append(task.hostname()).append(' '));
            text.append('\n');
        }
        ArrayNode numbers = servicePorts(app);
        for (int port = 0; port < ports; port++) {
            line(text.append(id).append('\t').append(numbers.get(port).asInt()).append('\t'), port, running);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, int port, List<Task> running) {
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

    /** The numbers that the app's user gave to its ports, under whichever of Marathon's names; 0 where none was given. */
    static ArrayNode servicePorts(App app) {
        JsonNode source = AppView.source(app);
        ArrayNode ports = JsonNodeFactory.instance.arrayNode();
        for (int port = 0; port < app.definition().ports().size(); port++) {
            ports.add(servicePort(source, port));
        }
        return ports;
    }

    private static int servicePort(JsonNode source, int port) {
        return Stream.of(
                        source.path("portDefinitions").path(port).path("port"),
                        source.path("ports").path(port),
                        source.at("/container/portMappings").path(port).path("servicePort"),
                        source.at("/container/docker/portMappings").path(port).path("servicePort"))
                .filter(JsonNode::isNumber)
                .findFirst()
                .map(JsonNode::asInt)
                .orElse(0);
    }
}
