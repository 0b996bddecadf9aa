package io.mooring.local.agent;

import io.mooring.local.link.Registration;
import io.mooring.local.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Task;

/** The agent as the master sees it: registered, asked for its life again and again, registered anew when it is forgotten. */
final class Presence {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final AgentParts parts;
    private final TaskViews views;
    private boolean announced;
    private boolean registered;
    private Duration silence = RETRY;
    private EventLoop.Timer silenceTimer = () -> {};

    Presence(AgentParts parts) {
        this.parts = parts;
        this.views = new TaskViews(parts.updates());
    }

    boolean announced() {
        return announced;
    }

    /** Registers, and again until the master has answered. */
    void announce() {
        announced = true;
        registered = false;
        Registration registration = registration();
        parts.link().toMaster(master -> master.register(registration, parts.link()));
        silenceTimer.cancel();
        silenceTimer = parts.loop().after(RETRY, () -> {
            if (!registered) {
                announce();
            }
        });
    }

    private Registration registration() {
        List<FrameworkInfo> frameworks = new ArrayList<>();
        List<ExecutorInfo> infos = new ArrayList<>();
        List<Task> tasks = new ArrayList<>();
        for (ExecutorRun run : parts.state().all()) {
            if (!frameworks.contains(run.framework)) {
                frameworks.add(run.framework);
            }
            run.queued.values().forEach(task -> tasks.add(views.of(run, task)));
            run.launched.values().forEach(task -> tasks.add(views.of(run, task)));
        }
        for (ExecutorRun run : parts.state().running()) {
            if (run.kind == ExecutorRun.Kind.CUSTOM) {
                infos.add(run.executor.toBuilder()
                        .setFrameworkId(run.framework.getId())
                        .build());
            }
        }
        return new Registration(
                parts.state().info,
                frameworks,
                infos,
                tasks,
                parts.operations().total(),
                parts.operations().unacknowledged());
    }

    void registered(AgentID id, Duration pingTimeout) {
        registered = true;
        pinged(pingTimeout);
        parts.state().info = parts.state().info.toBuilder().setId(id).build();
        parts.updates().registered(id);
        parts.operations().registered(id);
        parts.checkpoint().agentId(id);
    }

    void ping() {
        pinged(silence);
        AgentID id = parts.state().info.getId();
        parts.link().toMaster(master -> master.pong(id));
    }

    /** Without the next ping in time the master has given this agent up, so it has to register again. */
    private void pinged(Duration timeout) {
        silence = timeout;
        silenceTimer.cancel();
        silenceTimer = parts.loop().after(timeout, this::announce);
    }

    /** Real agents spread their registrations over a second, so that the new master is not overrun. */
    void masterChanged() {
        registered = false;
        silenceTimer.cancel();
        if (announced) {
            Duration apart = Duration.ofMillis(ThreadLocalRandom.current().nextLong(RETRY.toMillis()));
            silenceTimer = parts.loop().after(apart, this::announce);
        }
    }

    /** The master does not want this agent: nothing is said to it any more. */
    void fallSilent() {
        silenceTimer.cancel();
    }
}
