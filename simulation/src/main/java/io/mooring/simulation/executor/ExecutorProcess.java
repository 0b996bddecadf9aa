package io.mooring.simulation.executor;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.SchedulerMessage.Go;
import io.mooring.common.command.SchedulerMessage.Grant;
import io.mooring.common.command.TaskOrder;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.engine.AgentPort;
import io.mooring.executor.engine.Engine;
import io.mooring.executor.engine.Event;
import io.mooring.executor.engine.Ports;
import io.mooring.executor.engine.Status;
import io.mooring.executor.engine.Timings;
import io.mooring.simulation.check.Invariant;
import io.mooring.simulation.check.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** One executor: the product's own engine with the model's machine around it. */
public final class ExecutorProcess {
    /** Shorter than the product's, so that more happens in a seed; their order of length is the same. */
    private static final Timings TIMINGS = new Timings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(150),
            Duration.ofSeconds(90),
            Duration.ofSeconds(40));

    private final Surroundings around;
    private final Machine machine;
    private final TaskId task;
    private final AgentSide agent;
    private final Engine engine;
    private final Workloads workload;
    private final Leave leave;
    private long epoch;
    private boolean alive = true;
    private boolean turnPlanned;

    /**
     * What an executor is given besides its machine.
     *
     * @param activated whether a mount under this ID on this machine was ever activated
     */
    public record Circumstances(
            Surroundings around,
            List<PluginReport> plugins,
            Trust trust,
            Leave leave,
            BiPredicate<String, Machine> activated) {}

    /** When an executor may touch its volumes. */
    public enum Leave {
        AFTER_GO,
        /** As soon as it has asked. */
        UNASKED
    }

    /** What counts as proof that a volume is released. */
    public enum Trust {
        THE_KERNEL,
        /** The plugin's answer to Unmount, whatever the kernel shows. */
        THE_PLUGIN
    }

    public ExecutorProcess(Circumstances given, Machine machine, TaskId task, AgentSide agent) {
        this.around = given.around();
        this.machine = machine;
        this.task = task;
        this.agent = agent;
        this.leave = given.leave();
        Workers workers = new Workers(this::soon);
        this.workload = new Workloads(around, machine, workers, task);
        Ports ports = new Ports(
                new ToAgent(),
                new PluginCalls(given, machine, workers),
                new KernelView(machine, given.trust()),
                new NoContainers(),
                machine.disk().openedBy(() -> alive),
                workload,
                given::plugins,
                (pause, event) -> later(pause.toMillis(), () -> post(event)),
                around.agenda()::instant,
                workers);
        this.engine = new Engine(ports, new io.mooring.executor.engine.Machine(machine.key(), machine.boot()), TIMINGS);
        machine.executors().add(this);
        around.trace().note(name(), "executor starts");
    }

    private final class ToAgent implements AgentPort {
        @Override
        public void send(Status status) {
            around.trace().note(name(), status.state().name(), status.message());
            agent.update(ExecutorProcess.this, status);
            if (leave == Leave.UNASKED && status.report().orElse(null) instanceof ActivationRequest request) {
                heard(new Go(
                        task,
                        epoch,
                        request.claims().stream()
                                .map(claim -> new Grant(claim.claim(), claim.fence()))
                                .toList()));
            }
        }

        @Override
        public void message(ExecutorReport report) {
            agent.message(ExecutorProcess.this, report);
        }
    }

    private String name() {
        return task.value();
    }

    public TaskId task() {
        return task;
    }

    public boolean alive() {
        return alive;
    }

    boolean worksOn(String mountId) {
        return alive && workload.worksOn(mountId);
    }

    /** The agent took the subscription and launches the task. */
    public void launch(TaskOrder order) {
        epoch = order.epoch();
        post(new Event.Subscribed());
        post(new Event.Launched(task, order));
    }

    public void kill(Optional<Duration> grace) {
        post(new Event.KillWanted(task, grace));
    }

    public void heard(SchedulerMessage message) {
        post(new Event.Heard(message));
    }

    /** The agent has the terminal update. */
    public void settled() {
        post(new Event.TerminalSettled(task));
    }

    public void agentLost() {
        post(new Event.AgentLost("the agent did not come back in time"));
    }

    private void post(Event event) {
        if (alive) {
            engine.post(event);
            planTurn();
        }
    }

    private void planTurn() {
        if (!turnPlanned) {
            turnPlanned = true;
            around.agenda().in(around.dice().millis(0, 3), this::turn);
        }
    }

    private void turn() {
        turnPlanned = false;
        if (!alive) {
            return;
        }
        boolean wanted;
        try {
            wanted = engine.workOff();
        } catch (RuntimeException e) {
            around.findings().broken(Invariant.SOUND, "executor of " + task + ": " + trouble(e));
            wanted = false;
        }
        if (!wanted) {
            around.trace().note(name(), "executor ends");
            end();
            agent.exited(this);
        }
    }

    /** Work, and what waits for it: the inbox may have something new after it. */
    private void soon(Runnable work) {
        later(around.dice().millis(0, 5), () -> {
            work.run();
            planTurn();
        });
    }

    private void later(long millis, Runnable what) {
        around.agenda().in(millis, () -> {
            if (alive) {
                what.run();
            }
        });
    }

    /** Killed: nothing of it runs on, its locks are free; its workload dies a little later. */
    public void crash() {
        if (alive) {
            around.trace().note(name(), "executor killed");
            end();
            workload.orphaned();
            agent.exited(this);
        }
    }

    void diesWithTheMachine() {
        alive = false;
        workload.gone();
    }

    private void end() {
        alive = false;
        machine.executors().remove(this);
    }

    private static String trouble(RuntimeException e) {
        StackTraceElement[] stack = e.getStackTrace();
        return e + (stack.length > 0 ? " at " + stack[0] : "");
    }
}
