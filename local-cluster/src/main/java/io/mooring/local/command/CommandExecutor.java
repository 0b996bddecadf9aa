package io.mooring.local.command;

import io.mooring.common.probe.HostProber;
import io.mooring.local.loop.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.executor.Protos.Event;

/** Puts the task, the agent and the processes together. */
final class CommandExecutor implements Surroundings {
    private final AgentEnvironment environment;
    private final EventLoop loop;
    private final Runnable over;
    private final AgentSession agent;
    private final CommandTask task;
    private boolean reportsKilling;

    CommandExecutor(AgentEnvironment environment, EventLoop loop, Runnable over) {
        this.environment = environment;
        this.loop = loop;
        this.over = over;
        this.agent =
                new AgentSession(environment, event -> loop.post(() -> happened(event)), () -> loop.post(this::lost));
        this.task = new CommandTask(
                this,
                new StatusForm(
                        ExecutorID.newBuilder().setValue(environment.executor()).build()));
    }

    void open() {
        agent.open();
    }

    private void happened(Event event) {
        switch (event.getType()) {
            case SUBSCRIBED ->
                reportsKilling = event.getSubscribed().getFrameworkInfo().getCapabilitiesList().stream()
                        .anyMatch(each -> each.getType() == FrameworkInfo.Capability.Type.TASK_KILLING_STATE);
            case LAUNCH -> {
                agent.launched(event.getLaunch().getTask());
                task.launch(event.getLaunch().getTask());
            }
            case KILL -> task.kill(event.getKill().getTaskId(), policy(event.getKill()));
            case ACKNOWLEDGED -> {
                if (agent.acknowledged(event.getAcknowledged())) {
                    leave();
                }
            }
            // A task group is never sent to an executor that takes one task.
            case SHUTDOWN, LAUNCH_GROUP -> task.shutdown(environment.shutdownGrace());
            case MESSAGE, ERROR, HEARTBEAT, UNKNOWN -> {}
        }
    }

    private static Optional<KillPolicy> policy(Event.Kill kill) {
        return kill.hasKillPolicy() ? Optional.of(kill.getKillPolicy()) : Optional.empty();
    }

    /** Nobody will take the updates, so only the processes matter now. */
    private void lost() {
        task.shutdown(environment.shutdownGrace());
        loop.after(environment.shutdownGrace(), this::leave);
    }

    @Override
    public void send(TaskStatus status) {
        agent.send(status);
    }

    @Override
    public Runnable after(Duration delay, Runnable action) {
        EventLoop.Timer timer = loop.after(delay, action);
        return timer::cancel;
    }

    @Override
    public Running start(TaskInfo given, IntConsumer ended) throws IOException {
        return CommandProcess.start(given, exit -> loop.post(() -> ended.accept(exit)));
    }

    @Override
    public TaskChecks check(TaskInfo given, TaskChecks.Listener listener) {
        HostProber prober = new HostProber(program -> {
            Map<String, String> variables = CommandProcess.environment(given);
            variables.putAll(program.environment());
            return CommandProcess.builder(program.argv(), variables).start();
        });
        return new TaskChecks(given, prober, loop::post, listener);
    }

    @Override
    public double now() {
        return System.currentTimeMillis() / 1000.0;
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public boolean reportsKilling() {
        return reportsKilling;
    }

    @Override
    public void leave() {
        over.run();
    }
}
