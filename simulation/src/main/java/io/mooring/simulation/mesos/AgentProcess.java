package io.mooring.simulation.mesos;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.engine.Status;
import io.mooring.scheduler.decision.StatusUpdate;
import io.mooring.scheduler.effect.Launch;
import io.mooring.scheduler.task.Report;
import io.mooring.simulation.check.Surroundings;
import io.mooring.simulation.executor.AgentSide;
import io.mooring.simulation.executor.ExecutorProcess;
import io.mooring.simulation.executor.Machine;
import io.mooring.simulation.fault.Fault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Mesos agent: starts executors, keeps each task's updates on its disk and sends the first of them until it is
 * acknowledged. It can be away from the master while everything on its machine goes on.
 */
public final class AgentProcess implements AgentSide {
    private static final long FIRST_RETRY = 10_000;
    private static final long EXECUTORS_WAIT = 60_000;

    private final AgentId id;
    private final Machine machine;
    private final Surroundings around;
    private final ExecutorProcess.Circumstances circumstances;
    private final Master master;
    private final Map<TaskId, Running> tasks = new TreeMap<>();
    private boolean up = true;
    private boolean partitioned;
    private boolean retired;
    private boolean leaving;
    private boolean dark;
    private long lastForward;
    private int updates;
    private int lives;

    /** A task as its agent has it on disk. */
    private static final class Running {
        private final Launch launch;
        private final FrameworkId framework;
        private final Deque<StatusUpdate> unacknowledged = new ArrayDeque<>();
        private final List<Status> undelivered = new ArrayList<>();
        private Optional<ExecutorProcess> executor = Optional.empty();
        private Report last = Report.STAGING;
        private long retry = FIRST_RETRY;

        private Running(Launch launch, FrameworkId framework) {
            this.launch = launch;
            this.framework = framework;
        }

        private boolean ended() {
            return last.meaning() == Report.Meaning.ENDED;
        }
    }

    /** A task as the agent tells the master. */
    record Told(TaskId task, Report state, int slots) {}

    AgentProcess(
            AgentId id,
            Machine machine,
            Surroundings around,
            ExecutorProcess.Circumstances circumstances,
            Master master) {
        this.id = id;
        this.machine = machine;
        this.around = around;
        this.circumstances = circumstances;
        this.master = master;
    }

    public AgentId id() {
        return id;
    }

    public Machine machine() {
        return machine;
    }

    /** Whether master and agent hear each other. */
    public boolean reachable() {
        return up && !partitioned && !retired;
    }

    /** It is given up, and will be shut down or is off already. */
    public void leave() {
        leaving = true;
    }

    /** Whether it goes on as it is, as far as anybody knows. */
    public boolean stays() {
        return !retired && !leaving;
    }

    /** Whether this agent will never be heard of again. */
    public boolean retired() {
        return retired;
    }

    Collection<Told> tasks() {
        return tasks.values().stream()
                .map(running -> new Told(running.launch.task(), running.last, running.launch.slots()))
                .toList();
    }

    // ---- what the master wants; only called when it is reachable

    void run(Launch launch, FrameworkId framework) {
        if (tasks.containsKey(launch.task())) {
            return;
        }
        Running running = new Running(launch, framework);
        tasks.put(launch.task(), running);
        long takes = around.faults().strikes(Fault.LAUNCH_SLOW)
                ? around.dice().millis(5_000, 120_000)
                : around.dice().millis(100, 1_500);
        // An agent that dies while it makes the container finds that out when it is back.
        int life = lives;
        around.agenda().in(takes, () -> {
            if (life == lives && up && !running.ended() && tasks.containsValue(running)) {
                start(running);
            }
        });
    }

    private void start(Running running) {
        ExecutorProcess executor = new ExecutorProcess(circumstances, machine, running.launch.task(), this);
        running.executor = Optional.of(executor);
        executor.launch(running.launch.order());
    }

    void kill(TaskId task, Optional<Duration> grace) {
        Running running = tasks.get(task);
        if (running == null) {
            forward(new StatusUpdate(
                    task,
                    Optional.of(id),
                    Report.GONE,
                    StatusUpdate.Source.AGENT,
                    "",
                    "not known here",
                    Optional.empty(),
                    Optional.empty()));
        } else if (running.ended()) {
            return;
        } else if (running.executor.isPresent()) {
            running.executor.get().kill(grace);
        } else {
            ended(running, Report.KILLED, "TASK_KILLED_DURING_LAUNCH");
        }
    }

    /** The framework is removed: nothing of it is told to anybody any more, and its executors are ended, gently at first. */
    void shutDown(FrameworkId framework) {
        for (Running running : List.copyOf(tasks.values())) {
            if (running.framework.equals(framework)) {
                tasks.remove(running.launch.task());
                running.executor.ifPresent(executor -> {
                    if (around.dice().chance(0.5)) {
                        executor.kill(Optional.empty());
                    }
                    around.agenda().in(around.dice().millis(100, 30_000), executor::crash);
                });
            }
        }
    }

    /** What the master believes is here and is not. */
    void dropUnknown(TaskId task) {
        if (!tasks.containsKey(task)) {
            forward(new StatusUpdate(
                    task,
                    Optional.of(id),
                    Report.DROPPED,
                    StatusUpdate.Source.AGENT,
                    "RECONCILIATION",
                    "",
                    Optional.empty(),
                    Optional.empty()));
        }
    }

    /** Whether an acknowledgement was the last that a task waited for. */
    enum Settled {
        YES,
        NO
    }

    Settled acknowledged(TaskId task, List<Byte> uuid) {
        Running running = tasks.get(task);
        if (running == null
                || running.unacknowledged.isEmpty()
                || !running.unacknowledged.peek().uuid().equals(Optional.of(uuid))) {
            return Settled.NO;
        }
        running.unacknowledged.remove();
        running.retry = FIRST_RETRY;
        if (running.unacknowledged.isEmpty() && running.ended()) {
            tasks.remove(task);
            return Settled.YES;
        }
        sendFirst(running);
        return Settled.NO;
    }

    void message(TaskId task, SchedulerMessage message) {
        Optional.ofNullable(tasks.get(task))
                .flatMap(running -> running.executor)
                .ifPresent(executor -> executor.heard(message));
    }

    // ---- what executors say

    @Override
    public void update(ExecutorProcess from, Status status) {
        Running running = tasks.get(from.task());
        if (running == null || running.ended()) {
            return;
        }
        if (!up) {
            running.undelivered.add(status);
            return;
        }
        accept(running, status);
    }

    private void accept(Running running, Status status) {
        if (running.ended()) {
            return;
        }
        add(running, Report.valueOf(status.state().name()), StatusUpdate.Source.EXECUTOR, "", status);
        if (status.state().terminal()) {
            // The agent has it on disk; that is all the executor waits for.
            around.agenda().in(around.dice().millis(1, 20), () -> running.executor.ifPresent(ExecutorProcess::settled));
        }
    }

    @Override
    public void message(ExecutorProcess from, ExecutorReport report) {
        if (reachable() && !around.faults().strikes(Fault.MESSAGE_LOST)) {
            around.agenda().in(around.dice().millis(1, 50), () -> master.message(from.task(), id, report));
        }
    }

    @Override
    public void exited(ExecutorProcess which) {
        Running running = tasks.get(which.task());
        if (running == null || running.ended()) {
            return;
        }
        if (up) {
            running.undelivered.clear();
            around.agenda().in(around.dice().millis(1, 1_000), () -> {
                if (up) {
                    ended(running, Report.FAILED, "EXECUTOR_TERMINATED");
                }
            });
        }
    }

    private void ended(Running running, Report report, String reason) {
        if (!running.ended()) {
            running.executor = Optional.empty();
            add(running, report, StatusUpdate.Source.AGENT, reason, null);
        }
    }

    private void add(Running running, Report report, StatusUpdate.Source source, String reason, Status status) {
        running.last = report;
        StatusUpdate update = new StatusUpdate(
                running.launch.task(),
                Optional.of(id),
                report,
                source,
                reason,
                status == null ? "" : status.message(),
                Optional.of(uuid()),
                status == null ? Optional.empty() : status.report());
        running.unacknowledged.add(update);
        if (running.unacknowledged.size() == 1) {
            sendFirst(running);
        }
    }

    private List<Byte> uuid() {
        updates++;
        return List.of((byte) updates, (byte) (updates >> 8), (byte) (updates >> 16));
    }

    private void sendFirst(Running running) {
        StatusUpdate first = running.unacknowledged.peek();
        if (first == null) {
            return;
        }
        forward(first);
        if (around.faults().strikes(Fault.UPDATE_TWICE)) {
            // The acknowledgement is on its way, and the agent's patience is over.
            around.agenda().in(around.dice().millis(1, 100), () -> {
                if (first.equals(running.unacknowledged.peek())) {
                    forward(first);
                }
            });
        }
        long pause = running.retry;
        running.retry = Math.min(pause * 2, 120_000);
        around.agenda().in(pause, () -> {
            if (first.equals(running.unacknowledged.peek()) && tasks.containsValue(running)) {
                sendFirst(running);
            }
        });
    }

    private void forward(StatusUpdate update) {
        if (reachable()) {
            // One connection: nothing overtakes.
            lastForward =
                    Math.max(lastForward, around.agenda().now() + around.dice().millis(1, 10));
            around.agenda().in(lastForward - around.agenda().now(), () -> {
                if (reachable()) {
                    master.update(this, update);
                }
            });
        }
    }

    // ---- what happens to it

    /** Master and agent do not hear each other; storage and executors notice nothing. */
    public void partition() {
        partitioned = true;
        around.trace().note(id.value(), "partitioned");
        master.outOfContact(this);
    }

    public void heal() {
        if (partitioned) {
            partitioned = false;
            around.trace().note(id.value(), "partition over");
            register();
        }
    }

    /** The agent's process ends; its executors do not. */
    public void stop() {
        if (up) {
            up = false;
            lives++;
            around.trace().note(id.value(), "agent down");
            master.outOfContact(this);
            int life = lives;
            around.agenda().in(EXECUTORS_WAIT, () -> {
                if (!up && life == lives) {
                    tasks.values().forEach(running -> running.executor.ifPresent(ExecutorProcess::agentLost));
                }
            });
        }
    }

    /** It is there again: executors that find it go on, the others are killed. */
    public void recover() {
        if (up || retired || dark) {
            return;
        }
        up = true;
        lives++;
        around.trace().note(id.value(), "agent up");
        for (Running running : List.copyOf(tasks.values())) {
            if (running.ended()) {
                sendFirst(running);
            } else if (running.executor.isPresent()
                    && running.executor.get().alive()
                    && around.dice().chance(0.9)) {
                List<Status> late = List.copyOf(running.undelivered);
                running.undelivered.clear();
                late.forEach(status -> accept(running, status));
                sendFirst(running);
            } else {
                lostExecutor(running);
            }
        }
        register();
    }

    private void lostExecutor(Running running) {
        Optional<ExecutorProcess> executor = running.executor;
        boolean registered = executor.isPresent();
        // What a dead executor sent while the agent was away came to nobody.
        running.undelivered.clear();
        ended(running, registered ? Report.GONE : Report.FAILED, "EXECUTOR_REREGISTRATION_TIMEOUT");
        executor.ifPresent(ExecutorProcess::crash);
    }

    /** The machine goes down with everything on it. The agent that comes back may be another one to the master. */
    public void machineDown() {
        up = false;
        dark = true;
        lives++;
        around.trace().note(id.value(), "machine reboots");
        master.outOfContact(this);
        machine.reboot();
    }

    /** The agent of the machine's next boot, under the same id: whatever it ran is gone. */
    public void machineUp() {
        if (up || retired || !dark) {
            return;
        }
        up = true;
        dark = false;
        lives++;
        for (Running running : List.copyOf(tasks.values())) {
            running.undelivered.clear();
            if (running.ended()) {
                sendFirst(running);
            } else {
                ended(running, Report.GONE, "AGENT_RESTARTED");
            }
        }
        register();
    }

    /** The master has no use for it any more: its executors are killed, with nothing unmounted. */
    public void shutDown() {
        around.trace().note(id.value(), "shut down");
        tasks.values().forEach(running -> running.executor.ifPresent(ExecutorProcess::crash));
        lives++;
        retire();
    }

    /** It comes back under another id, or never: this one is over. */
    public void retire() {
        retired = true;
        up = false;
    }

    private void register() {
        around.agenda().in(around.dice().millis(50, 5_000), () -> {
            if (reachable()) {
                master.registered(this);
                tasks.values().forEach(this::sendFirst);
            }
        });
    }

    /** The master asks everyone to register anew. */
    void masterChanged() {
        if (reachable()) {
            register();
        }
    }
}
