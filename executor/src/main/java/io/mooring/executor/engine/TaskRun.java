package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.health.HealthJudge.Verdict;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.engine.Status.State;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.VolumeEvent;
import io.mooring.executor.mount.VolumeState;
import io.mooring.executor.run.Activation;
import io.mooring.executor.run.Exit;
import io.mooring.executor.run.Grace;
import io.mooring.executor.run.TaskEffect;
import io.mooring.executor.run.TaskEnd;
import io.mooring.executor.run.TaskEvent;
import io.mooring.executor.run.TaskMachine;
import io.mooring.executor.run.TaskPhase;
import io.mooring.executor.run.TaskState;
import io.mooring.executor.run.TaskTransition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One workload task: carries out what the task machine decides. Lives on the engine's thread. */
final class TaskRun {
    private static final Logger log = LoggerFactory.getLogger(TaskRun.class);

    /** For each volume, when the time is up already. */
    private static final Duration LAST_ATTEMPT = Duration.ofMillis(500);

    private final Ports ports;
    private final Machine machine;
    private final Timings timings;
    private final Lanes lanes;
    private final Consumer<Event> inbox;
    private final TaskId task;
    private final RunWorkload order;
    private final Activation activation;
    private final TaskMachine rules = new TaskMachine();
    private final TaskClaims claims;
    private final TaskVolumes volumes;
    private final TaskHealth health;
    private final PluginWatch pluginWatch;
    private TaskState state = TaskState.idle();
    private boolean watching;
    private final Set<ClaimId> handingOver = new HashSet<>();
    private boolean timeUp;
    private boolean handOver;
    private Instant terminatedAt = Instant.EPOCH;

    TaskRun(
            Ports ports,
            Machine machine,
            Timings timings,
            Lanes lanes,
            Consumer<Event> inbox,
            Event.Launched launched,
            RunWorkload order) {
        this.ports = ports;
        this.machine = machine;
        this.timings = timings;
        this.lanes = lanes;
        this.inbox = inbox;
        this.task = launched.task();
        this.order = order;
        this.activation = new Activation(task, order);
        this.claims = new TaskClaims(ports, machine, lanes, task, order);
        this.volumes = new TaskVolumes(lanes, task, order);
        this.health = new TaskHealth(ports.workload(), inbox, checks(launched, order));
        this.pluginWatch = new PluginWatch(ports.agent(), order.volumes());
        order.volumes()
                .forEach(volume -> lanes.add(Lane.of(Lane.Owner.TASK, VolumeState.claimed(volume), Optional.empty())));
    }

    boolean over() {
        return state.phase() == TaskPhase.OVER;
    }

    boolean ending() {
        return state.phase() == TaskPhase.ENDING;
    }

    void happen(TaskEvent event) {
        TaskTransition transition = rules.next(state, event);
        if (transition.state().phase() != state.phase()) {
            log.info(
                    "task {}: {} -> {}", task, state.phase(), transition.state().phase());
        }
        if (state.phase() == TaskPhase.RUNNING && transition.state().phase() != TaskPhase.RUNNING) {
            health.end();
        }
        state = transition.state();
        for (TaskEffect effect : transition.effects()) {
            if (!perform(effect)) {
                return;
            }
        }
    }

    /** Tells what changed of the workload's health, and stops one that was unhealthy once too often. */
    void answered(Event.Answered answered) {
        if (state.phase() != TaskPhase.RUNNING) {
            return;
        }
        health.judge(answered).ifPresent(news -> {
            String words = answered.answer().words();
            ports.agent()
                    .send(new Status(
                            task,
                            State.RUNNING,
                            news.verdict().healthy() ? "" : words,
                            Optional.of(news.report()
                                    .map(ExecutorReport.class::cast)
                                    .orElseGet(volumes::mounts)),
                            news.task()));
            if (news.verdict() == Verdict.UNHEALTHY_AND_TO_BE_KILLED) {
                happen(new TaskEvent.StopWanted("unhealthy (" + words + ")", Grace.OF_THE_TASK));
            }
        });
    }

    private static List<HealthCheck> checks(Event.Launched launched, RunWorkload order) {
        return Stream.concat(launched.health().stream(), order.furtherChecks().stream())
                .toList();
    }

    void heard(SchedulerMessage message) {
        long highest = claims.highestEpoch();
        if (activation.wantsHandOver(message, highest)) {
            handOver = true;
            return;
        }
        Optional<TaskEvent> event = activation.read(message, highest);
        handOver = handOver && !(message instanceof SchedulerMessage.Superseded && event.isPresent());
        if (event.isEmpty()) {
            log.warn(
                    "ignored a message for task {} of epoch {}: not for these claims", message.task(), message.epoch());
        }
        event.ifPresent(this::happen);
    }

    /** Asks the plugins whether the claims still stand, as long as the workload may write. */
    void glance() {
        if (!writes()) {
            return;
        }
        ports.workers().execute(() -> order.volumes().stream()
                .flatMap(volume -> ports.plugins().overtaken(volume).stream())
                .findFirst()
                .ifPresent(why -> inbox.accept(new Event.Overtaken(why))));
        pluginWatch.drivers().forEach(driver -> ports.workers()
                .execute(() -> inbox.accept(
                        new Event.PluginAsked(driver, ports.plugins().trouble(driver)))));
        ports.timers().after(timings.glance(), new Event.GlanceDue());
    }

    void pluginAsked(Event.PluginAsked asked) {
        if (writes()) {
            pluginWatch.asked(asked);
        }
    }

    void overtaken(String why) {
        if (writes()) {
            handOver = false;
            happen(TaskEvent.StopWanted.overtaken(why));
        }
    }

    private boolean writes() {
        return switch (state.phase()) {
            case RUNNING, STOPPING -> !order.volumes().isEmpty();
            case IDLE, CHECKING, WAITING, MOUNTING, STARTING, ENFORCING, RELEASING, ENDING, OVER -> false;
        };
    }

    void requestAgain(Duration pause) {
        if (state.phase() != TaskPhase.WAITING) {
            return;
        }
        ports.agent().message(claims.request());
        Duration doubled = pause.multipliedBy(2);
        Duration next = doubled.compareTo(timings.lastRequest()) > 0 ? timings.lastRequest() : doubled;
        ports.timers().after(next, new Event.RequestDue(next));
    }

    /** The reason why the task does not come to an end, for as long as it does not. */
    void reportStuck() {
        watching = false;
        Optional<String> why =
                switch (state.phase()) {
                    case ENFORCING ->
                        Optional.of(
                                "the workload does not end: " + ports.workload().remaining());
                    case RELEASING ->
                        Optional.of(Lanes.waitingFor(
                                lanes.get(order.volumes().get(state.current())).state()));
                    case IDLE, CHECKING, WAITING, MOUNTING, STARTING, RUNNING, STOPPING, ENDING, OVER ->
                        Optional.empty();
                };
        why.ifPresent(reason -> {
            ports.agent().send(new Status(task, State.KILLING, "stuck: " + reason, Optional.empty()));
            watch();
        });
    }

    /** At most one watch runs: each volume and each signal asks for it. */
    private void watch() {
        if (!watching) {
            watching = true;
            ports.timers().after(timings.stuckReport(), new Event.StuckDue());
        }
    }

    /**
     * There is no time left: however far the volumes are, their records are sent. As long as the workload is not gone
     * there is nothing to be said of them.
     */
    void timeIsUp() {
        timeUp = true;
        if (state.phase() == TaskPhase.RELEASING) {
            lanes.happen(order.volumes().get(state.current()).claim(), new VolumeEvent.GivenUp());
        }
    }

    void volumeReady(ClaimId claim) {
        index(claim).ifPresent(index -> {
            askWhetherItHandsOver(order.volumes().get(index));
            happen(new TaskEvent.VolumeReady(index));
        });
    }

    void volumeFailed(ClaimId claim, String reason) {
        index(claim).ifPresent(index -> happen(new TaskEvent.VolumeFailed(index, reason)));
    }

    void volumeReleased(ClaimId claim) {
        index(claim)
                .filter(index -> volumes.settled(order.volumes().get(index)))
                .ifPresent(index -> happen(new TaskEvent.VolumeReleased(index)));
    }

    /** Asked early: when it is wanted there is no time to ask. */
    private void askWhetherItHandsOver(ClaimedVolume volume) {
        if (!JournalEntry.reads(volume)) {
            ports.workers().execute(() -> {
                if (ports.plugins().handsOver(volume.request().driver())) {
                    inbox.accept(new Event.HandsOver(volume.claim()));
                }
            });
        }
    }

    void handsOver(ClaimId claim) {
        handingOver.add(claim);
    }

    /** Whether the effects after this one may follow. */
    private boolean perform(TaskEffect effect) {
        if (effect instanceof TaskEffect.CheckOrder) {
            ports.workers().execute(() -> post(objection()));
        } else if (effect instanceof TaskEffect.JournalIntent) {
            post(claims.journalIntent());
        } else if (effect instanceof TaskEffect.SendStarting) {
            send(State.STARTING, "", order.volumes().isEmpty() ? Optional.empty() : Optional.of(claims.request()));
        } else if (effect instanceof TaskEffect.AwaitAnswer) {
            ports.timers().after(timings.firstRequest(), new Event.RequestDue(timings.firstRequest()));
            ports.timers().after(timings.silence(), new Event.OfTask(new TaskEvent.Silence(timings.silence())));
        } else if (effect instanceof TaskEffect.JournalGo) {
            return journalGo();
        } else if (effect instanceof TaskEffect.MountVolume mount) {
            lanes.happen(order.volumes().get(mount.index()).claim(), new VolumeEvent.Granted());
        } else if (effect instanceof TaskEffect.StartWorkload) {
            start(volumes.launch());
        } else if (effect instanceof TaskEffect.SendRunning) {
            send(State.RUNNING, "", Optional.of(volumes.mounts()));
            ports.timers().after(timings.glance(), new Event.GlanceDue());
            if (state.phase() == TaskPhase.RUNNING) {
                health.begin();
            }
        } else if (effect instanceof TaskEffect.SendKilling killing) {
            send(State.KILLING, killing.why(), Optional.empty());
        } else if (effect instanceof TaskEffect.Terminate terminate) {
            ports.workers().execute(ports.workload()::terminate);
            terminatedAt = ports.clock().instant();
            ports.timers().after(terminate.grace(), new Event.OfTask(new TaskEvent.GraceOver()));
        } else if (effect instanceof TaskEffect.ShortenGrace shorten) {
            Duration passed = Duration.between(terminatedAt, ports.clock().instant());
            Duration left = shorten.grace().minus(passed);
            ports.timers().after(left.isNegative() ? Duration.ZERO : left, new Event.OfTask(new TaskEvent.GraceOver()));
        } else if (effect instanceof TaskEffect.Enforce) {
            ports.workers().execute(ports.workload()::enforce);
            watch();
        } else if (effect instanceof TaskEffect.ReleaseVolume release) {
            release(order.volumes().get(release.index()).claim());
        } else if (effect instanceof TaskEffect.SendTerminal terminal) {
            sendTerminal(terminal.end());
        } else if (!(effect instanceof TaskEffect.Leave)) {
            throw new IllegalArgumentException("nobody performs " + effect);
        }
        return true;
    }

    private TaskEvent objection() {
        return ports.workload()
                .objection(order)
                .<TaskEvent>map(TaskEvent.Unfit::new)
                .orElse(new TaskEvent.Fit());
    }

    private boolean journalGo() {
        Optional<String> trouble = claims.journalGo();
        trouble.ifPresent(why -> post(new TaskEvent.VolumeFailed(state.current(), why)));
        return trouble.isEmpty();
    }

    /** A container's name is in the journal of all its volumes before the engine hears of it. */
    private void start(Launch launch) {
        try {
            for (ClaimedVolume volume : order.volumes()) {
                if (launch.containerName().isPresent()) {
                    lanes.enter(volume, launch.containerName().get());
                }
            }
        } catch (IOException e) {
            post(new TaskEvent.NotStarted("the journal cannot be written: " + e.getMessage()));
            return;
        }
        ports.workers().execute(() -> runWorkload(launch));
    }

    private void runWorkload(Launch launch) {
        Optional<String> kept = giveRoots(launch);
        if (kept.isPresent()) {
            post(new TaskEvent.NotStarted(kept.get()));
            return;
        }
        try {
            ports.workload().start(launch);
        } catch (WorkloadException e) {
            post(new TaskEvent.NotStarted(e.getMessage()));
            return;
        }
        post(new TaskEvent.Started());
        try {
            post(new TaskEvent.Ended(ports.workload().await()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            post(new TaskEvent.Ended(new Exit.Lost("nobody waited for it")));
        }
    }

    private Optional<String> giveRoots(Launch launch) {
        return launch.volumes().stream()
                .filter(volume -> volume.volume().request().root().said())
                .flatMap(volume -> ports
                        .mounts()
                        .give(volume.facts(), volume.volume().request().root())
                        .stream())
                .findFirst();
    }

    private void release(ClaimId claim) {
        Duration most = timeUp ? LAST_ATTEMPT : timings.release();
        ports.timers().after(most, new Event.OfVolume(claim, new VolumeEvent.GivenUp()));
        watch();
        ClaimedVolume volume = order.volumes().get(index(claim).orElseThrow());
        // What was left for this task and never taken over is this task's to release.
        Optional<ClaimId> inherited =
                volume.takesOver().filter(before -> lanes.find(before).isPresent());
        inherited.ifPresent(before -> {
            ports.timers().after(most, new Event.OfVolume(before, new VolumeEvent.GivenUp()));
            lanes.happen(before, new VolumeEvent.ReleaseWanted());
        });
        boolean handsOver = handOver && handingOver.contains(claim);
        lanes.happen(claim, handsOver ? new VolumeEvent.HandOverWanted() : new VolumeEvent.ReleaseWanted());
    }

    private void sendTerminal(TaskEnd end) {
        List<ReleasedVolume> records = volumes.records();
        String missing = records.stream()
                .filter(record -> !record.complete())
                .flatMap(record -> record.remark().stream())
                .findFirst()
                .map(remark -> "; not released: " + remark)
                .orElse("");
        State last =
                switch (end.outcome()) {
                    case FINISHED -> State.FINISHED;
                    case FAILED -> State.FAILED;
                    case KILLED -> State.KILLED;
                };
        ReleaseRecord record = new ReleaseRecord(machine.key(), machine.boot(), records);
        ports.agent().send(new Status(task, last, end.message() + missing, Optional.of(record), health.last()));
        ports.timers().after(timings.acknowledgement(), new Event.TerminalSettled(task));
    }

    private Optional<Integer> index(ClaimId claim) {
        for (int i = 0; i < order.volumes().size(); i++) {
            ClaimedVolume volume = order.volumes().get(i);
            if (volume.claim().equals(claim)
                    || volume.takesOver().filter(claim::equals).isPresent()) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private void send(State word, String message, Optional<io.mooring.common.command.ExecutorReport> report) {
        ports.agent().send(new Status(task, word, message, report));
    }

    private void post(TaskEvent event) {
        inbox.accept(new Event.OfTask(event));
    }
}
