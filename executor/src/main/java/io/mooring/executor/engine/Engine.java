package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.Failure;
import io.mooring.common.command.ExecutorReport.ReleasedVolume;
import io.mooring.common.command.TaskOrder;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.command.TaskOrder.CleanUp;
import io.mooring.common.command.TaskOrder.CreateVolume;
import io.mooring.common.command.TaskOrder.FenceHolder;
import io.mooring.common.command.TaskOrder.InspectAgent;
import io.mooring.common.command.TaskOrder.ObserveVolumes;
import io.mooring.common.command.TaskOrder.RemoveVolume;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.ids.TaskId;
import io.mooring.common.volume.VolumeName;
import io.mooring.executor.engine.Event.ErrandDone;
import io.mooring.executor.engine.Event.KillWanted;
import io.mooring.executor.engine.Event.Launched;
import io.mooring.executor.engine.Event.ShutdownWanted;
import io.mooring.executor.engine.Status.State;
import io.mooring.executor.mount.VolumeEvent;
import io.mooring.executor.run.Grace;
import io.mooring.executor.run.TaskEvent;
import io.mooring.executor.run.TaskEvent.StopWanted;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns all state. Everything that happens comes through its inbox; what is decided is in the journal
 * before it is done; what blocks is done elsewhere and comes back as an event.
 */
public final class Engine implements LaneReports {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    /** Between giving up on a volume and the end of a shutdown's grace: the terminal update has to get out. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final int CLEAN_UP_ATTEMPTS = 10;
    private static final Duration CLEAN_UP_PAUSE = Duration.ofMillis(500);
    private static final int UNFENCE_ATTEMPTS = 30;
    private static final Duration UNFENCE_PAUSE = Duration.ofSeconds(1);

    private final Ports ports;
    private final Machine machine;
    private final Timings timings;
    private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>();
    private final Lanes lanes;
    private final Reaper reaper;
    private final Errands errands;

    private Optional<TaskId> task = Optional.empty();
    private Optional<TaskRun> run = Optional.empty();
    private Optional<CleanUpOrder> cleanUp = Optional.empty();
    private boolean claiming;
    private Optional<StopWanted> stopWhileClaiming = Optional.empty();
    private boolean swept;
    private boolean agentLost;
    private boolean lastWordsSaid;
    private boolean errandOver;
    private boolean over;

    public Engine(Ports ports, Machine machine, Timings timings) {
        this.ports = ports;
        this.machine = machine;
        this.timings = timings;
        this.lanes = new Lanes(ports, inbox::add, this);
        this.reaper = new Reaper(ports.journal(), machine, lanes);
        this.errands = new Errands(ports, machine);
    }

    /** Hands in an event, from any thread. */
    public void post(Event event) {
        inbox.add(event);
    }

    /** Works until the task is over, or the executor is not wanted any more. */
    public void work() throws InterruptedException {
        while (!over) {
            take(inbox.take());
        }
    }

    /**
     * Works off what has happened so far and waits for nothing: for whoever brings the events under a time of his own.
     *
     * @return whether the executor is still wanted
     */
    public boolean workOff() {
        for (Event event = inbox.poll(); event != null && !over; event = inbox.poll()) {
            take(event);
        }
        return !over;
    }

    private void take(Event event) {
        happen(event);
        leaveIfOver();
    }

    private void happen(Event event) {
        if (event instanceof Event.OfVolume volume) {
            lanes.happen(volume.claim(), volume.event());
        } else if (event instanceof Event.OfTask of) {
            run.ifPresent(task -> task.happen(of.event()));
        } else if (event instanceof Event.Subscribed) {
            sweepOnce();
        } else if (event instanceof Launched launched) {
            launched(launched);
        } else if (event instanceof Event.ForeignLaunched launched) {
            foreignLaunched(launched);
        } else if (event instanceof Event.Claimed claimed) {
            claimed(claimed);
        } else if (event instanceof Event.StopAsked asked) {
            stop(new StopWanted(asked.why(), Grace.OF_THE_TASK));
        } else if (event instanceof Event.GroupLaunched group) {
            refuseGroup(group.tasks());
        } else if (event instanceof Event.Answered answered) {
            run.ifPresent(task -> task.answered(answered));
        } else if (event instanceof Event.Unreadable unreadable) {
            refuse(unreadable.task(), "the task's order cannot be read: " + unreadable.reason());
        } else if (event instanceof KillWanted kill) {
            killed(kill);
        } else if (event instanceof ShutdownWanted shutdown) {
            shutDown(shutdown.grace());
        } else if (event instanceof Event.AgentLost lost) {
            agentLost = true;
            stop(new StopWanted("the agent is lost (" + lost.reason() + ")", Grace.OF_THE_TASK));
        } else if (event instanceof Event.Heard heard) {
            noteEpoch(heard.message().epoch());
            run.ifPresent(task -> task.heard(heard.message()));
        } else if (event instanceof ErrandDone done) {
            errandDone(done);
        } else if (event instanceof Event.TerminalSettled settled) {
            settled(settled.task());
        } else if (event instanceof Event.CleanUpDue due) {
            cleanUpAgain(due);
        } else if (event instanceof Event.RequestDue due) {
            run.ifPresent(task -> task.requestAgain(due.next()));
        } else if (event instanceof Event.TimeUp) {
            run.ifPresent(TaskRun::timeIsUp);
        } else if (event instanceof Event.StuckDue) {
            run.ifPresent(TaskRun::reportStuck);
        } else if (event instanceof Event.HandsOver able) {
            run.ifPresent(task -> task.handsOver(able.claim()));
        } else if (event instanceof Event.GlanceDue) {
            run.ifPresent(TaskRun::glance);
        } else if (event instanceof Event.Overtaken overtaken) {
            run.ifPresent(task -> task.overtaken(overtaken.why()));
        } else if (event instanceof Event.PluginAsked asked) {
            run.ifPresent(task -> task.pluginAsked(asked));
        } else if (event instanceof Event.UnfenceDue due) {
            unfence(due.volume(), due.attempt());
        } else if (event instanceof Event.UnfenceTried tried) {
            unfenceTried(tried);
        } else {
            throw new IllegalArgumentException("nobody takes " + event);
        }
    }

    /** After the subscription, which has a deadline; cleaning up has none. */
    private void sweepOnce() {
        if (!swept) {
            swept = true;
            reaper.sweep();
        }
    }

    private void launched(Launched event) {
        if (task.isPresent()) {
            if (!task.get().equals(event.task())) {
                refuse(event.task(), "this executor runs task " + task.get() + "; it takes one task only");
            }
            return;
        }
        task = Optional.of(event.task());
        TaskOrder order = event.order();
        noteEpoch(order.epoch());
        if (order instanceof RunWorkload workload) {
            begin(event, workload);
            return;
        }
        ports.agent().send(new Status(event.task(), State.STARTING, "", Optional.empty()));
        if (order instanceof InspectAgent) {
            errand(errands::inspect);
        } else if (order instanceof CreateVolume create) {
            errand(() -> errands.create(create));
        } else if (order instanceof RemoveVolume remove) {
            errand(() -> errands.remove(remove));
        } else if (order instanceof CleanUp cleanUp) {
            cleanUp(event.task(), cleanUp);
        } else if (order instanceof FenceHolder fence) {
            errand(() -> errands.fence(fence));
        } else if (order instanceof ObserveVolumes observe) {
            errand(() -> errands.observe(observe));
        } else {
            throw new IllegalArgumentException("nobody takes the order " + order);
        }
    }

    private void begin(Launched event, RunWorkload workload) {
        run = Optional.of(new TaskRun(ports, machine, timings, lanes, this::post, event, workload));
        run.get()
                .happen(new TaskEvent.Launched(
                        workload.volumes().size(), workload.workload().killGrace()));
    }

    /** Its framework wants to hear of it at once; what it asks for has to be claimed first. */
    private void foreignLaunched(Event.ForeignLaunched event) {
        TaskId id = event.launch().task();
        if (task.isPresent()) {
            if (!task.get().equals(id)) {
                refuse(id, "this executor runs task " + task.get() + "; it takes one task only");
            }
            return;
        }
        task = Optional.of(id);
        claiming = true;
        ports.agent().send(new Status(id, State.STARTING, "", Optional.empty()));
        ports.workers()
                .execute(() -> post(new Event.Claimed(event, ports.foreign().claim(event.launch()))));
    }

    /** One that was to stop meanwhile begins all the same, so that what was claimed for it is released with its record. */
    private void claimed(Event.Claimed event) {
        claiming = false;
        TaskId id = event.launched().launch().task();
        if (event.outcome() instanceof ForeignPort.Claimed.Refused refused) {
            State last = stopWhileClaiming.isPresent() ? State.KILLED : State.FAILED;
            post(new ErrandDone(last, refused.reason(), new Failure(refused.reason())));
            return;
        }
        RunWorkload order = ((ForeignPort.Claimed.Granted) event.outcome()).order();
        noteEpoch(order.epoch());
        begin(new Launched(id, order, event.launched().health()), order);
        stopWhileClaiming.ifPresent(run.get()::happen);
    }

    /** The mark only warns of a store that went back in time, so work goes on without it. */
    private void noteEpoch(long epoch) {
        try {
            ports.journal().raiseEpoch(epoch);
        } catch (IOException e) {
            log.warn("epoch {} cannot be noted in the journal: {}", epoch, e.getMessage());
        }
    }

    private void errand(Supplier<ErrandDone> errand) {
        ports.workers().execute(() -> post(errand.get()));
    }

    private void cleanUp(TaskId id, CleanUp order) {
        CleanUpOrder under = new CleanUpOrder(order);
        cleanUp = Optional.of(under);
        sweepOnce();
        for (ClaimedVolume volume : order.volumes()) {
            cleanUp(volume, id, 1);
            ports.timers().after(timings.release(), new Event.OfVolume(volume.claim(), new VolumeEvent.GivenUp()));
        }
        order.fenced().forEach(volume -> unfence(volume, 1));
        under.done(machine).ifPresent(this::post);
    }

    /** What is left of the volume is unmounted by its own executor, or by the sweep, while this is tried. */
    private void unfence(VolumeName volume, int attempt) {
        ports.workers()
                .execute(() -> post(
                        new Event.UnfenceTried(volume, attempt, ports.plugins().unfence(volume))));
    }

    private void unfenceTried(Event.UnfenceTried tried) {
        if (tried.trouble().isPresent() && tried.attempt() < UNFENCE_ATTEMPTS) {
            ports.timers().after(UNFENCE_PAUSE, new Event.UnfenceDue(tried.volume(), tried.attempt() + 1));
            return;
        }
        cleanUp.orElseThrow().unfenced(tried.volume(), tried.trouble());
        cleanUp.get().done(machine).ifPresent(this::post);
    }

    /**
     * An executor that holds the entry may be the holder of the claim, or one that looks at it or sweeps at this very
     * moment, as every executor does when it starts. The latter lets go soon.
     */
    private void cleanUp(ClaimedVolume volume, TaskId id, int attempt) {
        Optional<ReleasedVolume> atOnce = reaper.cleanUp(volume, id);
        if (atOnce.isPresent() && attempt < CLEAN_UP_ATTEMPTS && reaper.heldByAnother(volume.claim())) {
            ports.timers().after(CLEAN_UP_PAUSE, new Event.CleanUpDue(volume, attempt + 1));
            return;
        }
        atOnce.ifPresent(cleanUp.orElseThrow()::record);
    }

    private void cleanUpAgain(Event.CleanUpDue due) {
        cleanUp(due.volume(), task.orElseThrow(), due.attempt());
        cleanUp.orElseThrow().done(machine).ifPresent(this::post);
    }

    private void killed(KillWanted kill) {
        if (task.isEmpty() || !task.get().equals(kill.task())) {
            log.info("asked to kill task {}, which is not here", kill.task());
            return;
        }
        stop(new StopWanted("killed", kill.grace().map(Grace::of).orElse(Grace.OF_THE_TASK)));
    }

    private void shutDown(Duration grace) {
        Duration usable = grace.minus(LAST_WORDS);
        Duration forWorkload = usable.dividedBy(2);
        ports.timers().after(usable.isNegative() ? Duration.ZERO : usable, new Event.TimeUp());
        stop(new StopWanted(
                "the agent shut the executor down", Grace.of(forWorkload.isNegative() ? Duration.ZERO : forWorkload)));
    }

    private void stop(StopWanted wanted) {
        if (run.isPresent()) {
            run.get().happen(wanted);
        } else if (claiming) {
            stopWhileClaiming = Optional.of(wanted);
        } else if (task.isPresent() && !errandOver) {
            post(new ErrandDone(State.KILLED, wanted.why(), new Failure(wanted.why())));
        } else {
            over = true;
        }
    }

    private void errandDone(ErrandDone done) {
        if (errandOver || task.isEmpty()) {
            return;
        }
        errandOver = true;
        ports.agent().send(new Status(task.get(), done.state(), done.message(), Optional.of(done.report())));
        ports.timers().after(settleTime(), new Event.TerminalSettled(task.get()));
    }

    private Duration settleTime() {
        return agentLost ? LAST_WORDS : timings.acknowledgement();
    }

    private void settled(TaskId id) {
        if (task.isPresent() && !task.get().equals(id)) {
            return;
        }
        if (run.isPresent()) {
            run.get().happen(new TaskEvent.Acknowledged());
        } else {
            over = errandOver;
        }
    }

    private void leaveIfOver() {
        over = over || run.map(TaskRun::over).orElse(false);
        if (agentLost && !lastWordsSaid && run.map(TaskRun::ending).orElse(false)) {
            // Nobody is there to acknowledge it.
            lastWordsSaid = true;
            ports.timers().after(LAST_WORDS, new Event.TerminalSettled(task.orElseThrow()));
        }
    }

    /** None of them runs, as the group wants it; the last one's end is waited for, since the others are told before. */
    private void refuseGroup(List<TaskId> group) {
        if (task.filter(group::contains).isPresent()) {
            return; // told already
        }
        String reason = "a group of " + group.size() + " tasks was launched in this executor; it takes one task only";
        group.forEach(id -> ports.agent().send(new Status(id, State.FAILED, reason, Optional.of(new Failure(reason)))));
        if (task.isEmpty()) {
            TaskId last = group.get(group.size() - 1);
            task = Optional.of(last);
            errandOver = true;
            ports.timers().after(timings.acknowledgement(), new Event.TerminalSettled(last));
        }
    }

    private void refuse(TaskId id, String reason) {
        ports.agent().send(new Status(id, State.FAILED, reason, Optional.of(new Failure(reason))));
        if (task.isEmpty()) {
            task = Optional.of(id);
            errandOver = true;
            ports.timers().after(timings.acknowledgement(), new Event.TerminalSettled(id));
        }
    }

    @Override
    public void ready(ClaimId claim) {
        run.ifPresent(task -> task.volumeReady(claim));
    }

    @Override
    public void failed(ClaimId claim, String reason) {
        run.ifPresent(task -> task.volumeFailed(claim, reason));
    }

    @Override
    public void released(ClaimId claim) {
        if (cleanUp.isPresent() && cleanUp.get().owes(claim)) {
            lanes.find(claim).flatMap(Lane::record).ifPresent(cleanUp.get()::record);
            cleanUp.get().done(machine).ifPresent(this::post);
        }
        run.ifPresent(task -> task.volumeReleased(claim));
    }
}
