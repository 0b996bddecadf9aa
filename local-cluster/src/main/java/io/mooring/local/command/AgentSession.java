package io.mooring.local.command;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.executor.Protos.Call;
import org.apache.mesos.v1.executor.Protos.Event;

/** Stays subscribed, and keeps the task and its updates until the agent has acknowledged them. */
final class AgentSession {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    private final AgentEnvironment environment;
    private final AgentConnection connection;
    private final Consumer<Event> events;
    private final Runnable lost;
    private final Map<ByteString, TaskStatus> updates = new LinkedHashMap<>();
    private TaskInfo launched;
    private boolean taskKnown;
    private volatile boolean givenUp;
    private final ExecutorService sender = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "updates");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param events is given every event
     * @param lost runs when the agent does not come back in time
     */
    AgentSession(AgentEnvironment environment, Consumer<Event> events, Runnable lost) {
        this.environment = environment;
        this.connection = new AgentConnection(environment);
        this.events = events;
        this.lost = lost;
    }

    void open() {
        Thread thread = new Thread(this::follow, "events");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        long[] lastSeen = {System.nanoTime()};
        Duration pause = SHORTEST_PAUSE;
        while (true) {
            boolean[] opened = new boolean[1];
            try {
                connection.follow(subscription(), () -> opened[0] = true, events);
            } catch (IOException e) {
                System.err.println("the agent is away: " + e.getMessage());
            }
            if (opened[0]) {
                lastSeen[0] = System.nanoTime();
                pause = SHORTEST_PAUSE;
            }
            Duration away = Duration.ofNanos(System.nanoTime() - lastSeen[0]);
            boolean patient = environment.recovery().isPresent()
                    ? away.compareTo(environment.recovery().get()) < 0
                    : !opened[0] && away.compareTo(environment.backoff()) < 0;
            if (!patient || !sleep(pause)) {
                givenUp = true;
                lost.run();
                return;
            }
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(environment.backoff()) > 0 ? environment.backoff() : doubled;
        }
    }

    private static boolean sleep(Duration longest) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(longest.toMillis() / 2, longest.toMillis() + 1));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized Call subscription() {
        Call.Subscribe.Builder subscribe = Call.Subscribe.newBuilder();
        if (launched != null && !taskKnown) {
            subscribe.addUnacknowledgedTasks(launched);
        }
        updates.values().forEach(status -> subscribe.addUnacknowledgedUpdates(update(status)));
        return call(Call.Type.SUBSCRIBE).setSubscribe(subscribe).build();
    }

    synchronized void launched(TaskInfo task) {
        if (launched == null) {
            launched = task;
        }
    }

    void send(TaskStatus status) {
        synchronized (this) {
            updates.put(status.getUuid(), status);
        }
        sender.execute(() -> {
            // An agent that comes back later does not know this executor any more; what it is told would be news to it.
            if (holds(status) && !givenUp) {
                connection.send(call(Call.Type.UPDATE).setUpdate(update(status)).build());
            }
        });
    }

    private synchronized boolean holds(TaskStatus status) {
        return updates.containsKey(status.getUuid());
    }

    /** Gives true if that was the terminal update. */
    synchronized boolean acknowledged(Event.Acknowledged event) {
        TaskStatus status = updates.remove(event.getUuid());
        taskKnown |= status != null;
        return status != null && isTerminal(status.getState());
    }

    private static boolean isTerminal(TaskState state) {
        return state == TaskState.TASK_FINISHED || state == TaskState.TASK_FAILED || state == TaskState.TASK_KILLED;
    }

    private static Call.Update.Builder update(TaskStatus status) {
        return Call.Update.newBuilder().setStatus(status);
    }

    private Call.Builder call(Call.Type type) {
        return Call.newBuilder()
                .setType(type)
                .setFrameworkId(FrameworkID.newBuilder().setValue(environment.framework()))
                .setExecutorId(ExecutorID.newBuilder().setValue(environment.executor()));
    }
}
