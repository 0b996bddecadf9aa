package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.ClaimToActivate;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.MountedVolume;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.SchedulerMessage;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.executor.engine.Status.State;
import io.mooring.executor.mount.HighWater;
import io.mooring.executor.mount.JournalEntry;
import io.mooring.executor.mount.MountFacts;
import io.mooring.executor.mount.MountKind;
import io.mooring.executor.mount.VolumeEvent;
import io.mooring.executor.mount.VolumeState;
import io.mooring.executor.mount.VolumeState.Creation;
import io.mooring.executor.mount.VolumeStep;
import io.mooring.executor.run.Activation;
import io.mooring.executor.run.Exit;
import io.mooring.executor.run.TaskEffect;
import io.mooring.executor.run.TaskEnd;
import io.mooring.executor.run.TaskEvent;
import io.mooring.executor.run.TaskMachine;
import io.mooring.executor.run.TaskPhase;
import io.mooring.executor.run.TaskState;
import io.mooring.executor.run.TaskTransition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
    private final List<ClaimToActivate> toActivate = new ArrayList<>();
    private TaskState state = TaskState.idle();
    private boolean watching;
    private boolean timeUp;

    TaskRun(
            Ports ports,
            Machine machine,
            Timings timings,
            Lanes lanes,
            Consumer<Event> inbox,
            TaskId task,
            RunWorkload order) {
        this.ports = ports;
        this.machine = machine;
        this.timings = timings;
        this.lanes = lanes;
        this.inbox = inbox;
        this.task = task;
        this.order = order;
        this.activation = new Activation(task, order);
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
        state = transition.state();
        for (TaskEffect effect : transition.effects()) {
            if (!perform(effect)) {
                return;
            }
        }
    }

    void heard(SchedulerMessage message) {
        Optional<TaskEvent> event = activation.read(message);
        if (event.isEmpty()) {
            log.warn(
                    "ignored a message for task {} of epoch {}: not for these claims", message.task(), message.epoch());
        }
        event.ifPresent(this::happen);
    }

    void requestAgain(Duration pause) {
        if (state.phase() != TaskPhase.WAITING) {
            return;
        }
        ports.agent().message(request());
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
        index(claim).ifPresent(index -> happen(new TaskEvent.VolumeReady(index)));
    }

    void volumeFailed(ClaimId claim, String reason) {
        index(claim).ifPresent(index -> happen(new TaskEvent.VolumeFailed(index, reason)));
    }

    void volumeReleased(ClaimId claim) {
        index(claim).ifPresent(index -> happen(new TaskEvent.VolumeReleased(index)));
    }

    /** Whether the effects after this one may follow. */
    private boolean perform(TaskEffect effect) {
        if (effect instanceof TaskEffect.CheckOrder) {
            ports.workers().execute(() -> post(objection()));
        } else if (effect instanceof TaskEffect.JournalIntent) {
            post(journalIntent());
        } else if (effect instanceof TaskEffect.SendStarting) {
            send(State.STARTING, "", order.volumes().isEmpty() ? Optional.empty() : Optional.of(request()));
        } else if (effect instanceof TaskEffect.AwaitAnswer) {
            ports.timers().after(timings.firstRequest(), new Event.RequestDue(timings.firstRequest()));
            ports.timers().after(timings.silence(), new Event.OfTask(new TaskEvent.Silence(timings.silence())));
        } else if (effect instanceof TaskEffect.JournalGo) {
            return journalGo();
        } else if (effect instanceof TaskEffect.MountVolume mount) {
            lanes.happen(order.volumes().get(mount.index()).claim(), new VolumeEvent.Granted());
        } else if (effect instanceof TaskEffect.StartWorkload) {
            Launch launch = launch();
            ports.workers().execute(() -> runWorkload(launch));
        } else if (effect instanceof TaskEffect.SendRunning) {
            send(State.RUNNING, "", Optional.of(mounts()));
        } else if (effect instanceof TaskEffect.SendKilling killing) {
            send(State.KILLING, killing.why(), Optional.empty());
        } else if (effect instanceof TaskEffect.Terminate terminate) {
            ports.workers().execute(ports.workload()::terminate);
            ports.timers().after(terminate.grace(), new Event.OfTask(new TaskEvent.GraceOver()));
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

    private TaskEvent journalIntent() {
        for (ClaimedVolume volume : order.volumes()) {
            String name = volume.request().name().value();
            try {
                HighWater mark = ports.journal().highWater(volume.request().name());
                if (!mark.permits(volume.claim(), volume.fence())) {
                    return new TaskEvent.Unfit("stale fence: volume '" + name + "' was granted under fence "
                            + volume.fence() + ", but this machine has already acted under fence " + mark.fence()
                            + "; the scheduler's store may have been restored from an older copy");
                }
                lanes.hold(
                        volume,
                        ports.journal()
                                .open(new JournalEntry(
                                        volume,
                                        task,
                                        machine.key(),
                                        machine.boot(),
                                        VolumeStep.INTENT,
                                        Optional.empty())));
                toActivate.add(new ClaimToActivate(
                        volume.claim(), volume.request().name(), volume.fence(), mark.fence(), mark.claim()));
            } catch (IOException e) {
                return new TaskEvent.Unfit(
                        "the journal cannot be written for volume '" + name + "': " + e.getMessage());
            }
        }
        return new TaskEvent.Journaled();
    }

    private boolean journalGo() {
        try {
            for (ClaimedVolume volume : order.volumes()) {
                ports.journal().raise(volume);
                lanes.get(volume).held().orElseThrow().append(VolumeStep.GO, Optional.empty());
            }
            return true;
        } catch (IOException e) {
            post(new TaskEvent.VolumeFailed(state.current(), "the journal cannot be written: " + e.getMessage()));
            return false;
        }
    }

    private void runWorkload(Launch launch) {
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

    private Launch launch() {
        List<Launch.Mounted> mounted = new ArrayList<>();
        for (ClaimedVolume volume : order.volumes()) {
            VolumeState at = lanes.get(volume).state();
            mounted.add(new Launch.Mounted(
                    volume,
                    at.mount().orElseThrow(),
                    at.creation() == Creation.DONE ? Launch.Freshness.NEW : Launch.Freshness.KNOWN));
        }
        return new Launch(task, order.workload(), mounted);
    }

    private void release(ClaimId claim) {
        Duration most = timeUp ? LAST_ATTEMPT : timings.release();
        ports.timers().after(most, new Event.OfVolume(claim, new VolumeEvent.GivenUp()));
        watch();
        lanes.happen(claim, new VolumeEvent.ReleaseWanted());
    }

    private void sendTerminal(TaskEnd end) {
        List<ReleasedVolume> records = new ArrayList<>();
        for (ClaimedVolume volume : order.volumes()) {
            records.add(lanes.get(volume).record().orElseThrow());
        }
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
        send(last, end.message() + missing, Optional.of(new ReleaseRecord(machine.key(), machine.boot(), records)));
        ports.timers().after(timings.acknowledgement(), new Event.TerminalSettled(task));
    }

    private ActivationRequest request() {
        return new ActivationRequest(task, machine.key(), machine.boot(), toActivate);
    }

    private MountReport mounts() {
        List<MountedVolume> mounted = new ArrayList<>();
        for (ClaimedVolume volume : order.volumes()) {
            VolumeState at = lanes.get(volume).state();
            MountFacts facts = at.mount().orElseThrow();
            mounted.add(new MountedVolume(
                    volume.claim(),
                    volume.fence(),
                    facts.kind() == MountKind.DEVICE && facts.source().startsWith("/dev/")
                            ? Optional.of(facts.source())
                            : Optional.empty(),
                    facts.path(),
                    Optional.of(facts.fsType()),
                    at.creation() == Creation.DONE));
        }
        return new MountReport(mounted);
    }

    private Optional<Integer> index(ClaimId claim) {
        for (int i = 0; i < order.volumes().size(); i++) {
            if (order.volumes().get(i).claim().equals(claim)) {
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
