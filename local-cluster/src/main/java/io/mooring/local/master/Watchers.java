package io.mooring.local.master;

import io.mooring.local.loop.EventLoop;
import io.mooring.local.wire.EventSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.master.Protos.Event;
import org.apache.mesos.v1.master.Protos.Response;

/** Operators that subscribed to what happens in the cluster. */
final class Watchers {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final List<EventSink> sinks = new CopyOnWriteArrayList<>();

    /** One more: it gets the state of now, then everything that changes it. */
    void add(EventSink sink, Response.GetState state, EventLoop loop) {
        sinks.add(sink);
        sink.send(Event.newBuilder()
                .setType(Event.Type.SUBSCRIBED)
                .setSubscribed(Event.Subscribed.newBuilder().setGetState(state).setHeartbeatIntervalSeconds((double)
                        HEARTBEAT.toSeconds()))
                .build());
        Event heartbeat = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();
        sink.send(heartbeat);
        EventLoop.Timer timer = loop.every(HEARTBEAT, () -> sink.send(heartbeat));
        sink.onClose(() -> {
            timer.cancel();
            sinks.remove(sink);
        });
    }

    /** Cuts every stream, as the end of the process would. */
    void cut() {
        sinks.forEach(EventSink::cut);
    }

    void taskAdded(Task task) {
        send(Event.newBuilder()
                .setType(Event.Type.TASK_ADDED)
                .setTaskAdded(Event.TaskAdded.newBuilder().setTask(task)));
    }

    /** @param state the newest one, which may be ahead of the status */
    void taskUpdated(FrameworkID framework, TaskStatus status, TaskState state) {
        send(Event.newBuilder()
                .setType(Event.Type.TASK_UPDATED)
                .setTaskUpdated(Event.TaskUpdated.newBuilder()
                        .setFrameworkId(framework)
                        .setStatus(status)
                        .setState(state)));
    }

    void frameworkAdded(Response.GetFrameworks.Framework framework) {
        send(Event.newBuilder()
                .setType(Event.Type.FRAMEWORK_ADDED)
                .setFrameworkAdded(Event.FrameworkAdded.newBuilder().setFramework(framework)));
    }

    void frameworkUpdated(Response.GetFrameworks.Framework framework) {
        send(Event.newBuilder()
                .setType(Event.Type.FRAMEWORK_UPDATED)
                .setFrameworkUpdated(Event.FrameworkUpdated.newBuilder().setFramework(framework)));
    }

    void frameworkRemoved(FrameworkInfo framework) {
        send(Event.newBuilder()
                .setType(Event.Type.FRAMEWORK_REMOVED)
                .setFrameworkRemoved(Event.FrameworkRemoved.newBuilder().setFrameworkInfo(framework)));
    }

    void agentAdded(Response.GetAgents.Agent agent) {
        send(Event.newBuilder()
                .setType(Event.Type.AGENT_ADDED)
                .setAgentAdded(Event.AgentAdded.newBuilder().setAgent(agent)));
    }

    void agentRemoved(AgentID agent) {
        send(Event.newBuilder()
                .setType(Event.Type.AGENT_REMOVED)
                .setAgentRemoved(Event.AgentRemoved.newBuilder().setAgentId(agent)));
    }

    private void send(Event.Builder event) {
        if (!sinks.isEmpty()) {
            Event built = event.build();
            sinks.forEach(sink -> sink.send(built));
        }
    }
}
