package io.mooring.executor.claims;

import io.mooring.common.command.ClaimAnswer;
import io.mooring.common.command.ClaimOrder;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.ExecutorReport.ActivationRequest;
import io.mooring.common.command.ExecutorReport.MountReport;
import io.mooring.common.command.ExecutorReport.ReleaseRecord;
import io.mooring.common.command.TaskOrder.RunWorkload;
import io.mooring.common.ids.ClaimId;
import io.mooring.executor.engine.AgentPort;
import io.mooring.executor.engine.Event;
import io.mooring.executor.engine.ForeignPort;
import io.mooring.executor.engine.Machine;
import io.mooring.executor.engine.Status;
import io.mooring.executor.run.ForeignLaunch;
import io.mooring.executor.run.ForeignTerms;
import io.mooring.executor.run.Tenure;
import io.mooring.executor.run.Tenure.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the engine and the agent for a task of another framework: what would go to our scheduler in updates and
 * messages goes to its claim service, and what that answers comes back as if our scheduler had sent it. For a task of our own
 * everything passes by untouched.
 */
public final class ClaimLink implements AgentPort, ForeignPort, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClaimLink.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final AgentPort agent;
    private final Consumer<Event> engine;
    private final Source source;
    private final Machine machine;
    private final Evidence evidence;
    private final int uid;
    private final ExecutorService calls = Executors.newSingleThreadExecutor(work -> daemon(work, "claims"));
    private final ScheduledExecutorService beats =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "heartbeats"));
    private volatile Optional<Held> held = Optional.empty();
    private volatile Optional<ScheduledFuture<?>> beating = Optional.empty();
    private volatile Optional<ExecutorReport> mounts = Optional.empty();
    private volatile boolean stopTold;

    /** Where the settings are; only a task of another framework needs them. */
    public interface Source {
        /**
         * Reads them.
         *
         * @throws IOException saying what is missing or wrong, and where
         */
        ClaimSettings read() throws IOException;
    }

    /** Claims that this executor holds for its task. */
    private record Held(ClaimService service, ClaimSettings settings, ClaimAnswer granted, Tenure tenure) {
        ClaimId id() {
            return granted.id();
        }
    }

    /**
     * Begins with nothing held.
     *
     * @param engine where what the service says goes
     * @param journal where records wait that were not taken
     * @param uid who this process runs as
     */
    public ClaimLink(AgentPort agent, Consumer<Event> engine, Source source, Machine machine, Path journal, int uid) {
        this.agent = agent;
        this.engine = engine;
        this.source = source;
        this.machine = machine;
        this.evidence = new Evidence(journal);
        this.uid = uid;
    }

    @Override
    public Claimed claim(ForeignLaunch launch) {
        ClaimSettings settings;
        ClaimService service;
        try {
            settings = source.read();
            service = new ClaimService(settings);
        } catch (IOException | IllegalArgumentException e) {
            return new Claimed.Refused(e.getMessage());
        }
        ForeignTerms.Verdict verdict = ForeignTerms.judge(launch, uid, settings.defaultPath());
        if (!(verdict instanceof ForeignTerms.Verdict.Run run)) {
            return new Claimed.Refused(((ForeignTerms.Verdict.Refuse) verdict).reason());
        }
        calls.execute(() -> evidence.deliver(service));
        if (!launch.wantsVolumes()) {
            return new Claimed.Granted(new RunWorkload(0, run.workload(), List.of()));
        }
        Reply reply = reserve(order(launch), service, settings);
        if (reply instanceof Reply.Done done) {
            held = Optional.of(new Held(service, settings, done.answer(), new Tenure(launch.task(), done.answer())));
            return new Claimed.Granted(new RunWorkload(
                    done.answer().epoch(), run.workload(), done.answer().volumes()));
        }
        return new Claimed.Refused(why(reply, settings));
    }

    private static String why(Reply reply, ClaimSettings settings) {
        if (reply instanceof Reply.Refused refused) {
            return "Mooring does not grant the volumes: " + refused.reason();
        }
        String reason = reply instanceof Reply.NotKnown unknown ? unknown.reason() : ((Reply.Unknown) reply).reason();
        return "Mooring was not reached within " + settings.claim().toSeconds() + " s at " + settings.names()
                + ", and nothing was touched: " + reason;
    }

    private ClaimOrder order(ForeignLaunch launch) {
        return new ClaimOrder(
                new ClaimId(UUID.randomUUID().toString()),
                launch.framework(),
                launch.task(),
                Optional.of(launch.agent()),
                machine.key(),
                machine.boot(),
                ClaimOrder.Contact.HEARTBEATS,
                List.of(),
                Map.of(),
                0,
                Optional.of(Definition.of(launch)));
    }

    /** Again and again under the same id: a grant whose answer was lost is the same grant. */
    private static Reply reserve(ClaimOrder order, ClaimService service, ClaimSettings settings) {
        long until = System.nanoTime() + settings.claim().toNanos();
        while (true) {
            Reply reply = service.reserve(order);
            boolean again = reply instanceof Reply.Unknown || reply instanceof Reply.NotKnown;
            if (!again || System.nanoTime() + PAUSE.toNanos() > until) {
                return reply;
            }
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return reply;
            }
        }
    }

    @Override
    public void send(Status status) {
        if (held.isEmpty()) {
            agent.send(status);
            return;
        }
        Held claims = held.get();
        Status bare = new Status(status.task(), status.state(), status.message(), Optional.empty(), status.health());
        ExecutorReport report = status.report().orElse(null);
        if (report instanceof ActivationRequest request) {
            calls.execute(() -> activate(claims, request)); // that the task is starting was told before
        } else if (report instanceof ReleaseRecord record) {
            beating.ifPresent(future -> future.cancel(false));
            calls.execute(() -> release(claims, record, bare));
        } else {
            if (report instanceof MountReport) {
                mounts = status.report();
                beats.execute(() -> beat(claims));
            }
            agent.send(bare);
        }
    }

    @Override
    public void message(ExecutorReport report) {
        if (held.isEmpty()) {
            agent.message(report);
        } else if (report instanceof ActivationRequest request) {
            Held claims = held.get();
            calls.execute(() -> activate(claims, request));
        } // The other framework understands none of them.
    }

    private void activate(Held claims, ActivationRequest request) {
        Reply reply = claims.service().activate(claims.id(), request);
        log.info("asked to activate the claims {}: {}", claims.id(), word(reply));
        claims.tenure().activated(reply).ifPresent(message -> engine.accept(new Event.Heard(message)));
        if (reply instanceof Reply.Done && beating.isEmpty()) {
            long pause = claims.granted().heartbeatEvery().toMillis();
            beating =
                    Optional.of(beats.scheduleWithFixedDelay(() -> beat(claims), pause, pause, TimeUnit.MILLISECONDS));
        }
    }

    private void beat(Held claims) {
        Optional<ExecutorReport> told = mounts;
        Reply reply = claims.service().heartbeat(claims.id(), told);
        if (reply instanceof Reply.Done) {
            mounts = mounts.equals(told) ? Optional.empty() : mounts;
        } else {
            log.warn("heartbeat of the claims {}: {}", claims.id(), word(reply));
        }
        switch (claims.tenure().beaten(reply)) {
            case GO_ON -> {}
            case STOP -> {
                if (!stopTold) {
                    stopTold = true;
                    engine.accept(new Event.StopAsked("Mooring asks the task to end, for the sake of its volumes"));
                }
            }
            case END_AT_ONCE -> engine.accept(new Event.Overtaken(word(reply)));
        }
    }

    /** The record is on disk before the end is told; whoever comes next brings it if nobody takes it now. */
    private void release(Held claims, ReleaseRecord record, Status last) {
        try {
            evidence.keep(claims.id(), record);
        } catch (IOException e) {
            log.warn("the release record of {} cannot be kept: {}", claims.id(), e.getMessage());
        }
        long until = System.nanoTime() + claims.settings().release().toNanos();
        boolean told = false;
        while (!bring(claims, record)) {
            if (!told && System.nanoTime() > until) {
                agent.send(last);
                told = true;
            }
            if (!pause()) {
                return; // the process ends; the record is on disk
            }
        }
        if (!told) {
            agent.send(last);
        }
    }

    private boolean bring(Held claims, ReleaseRecord record) {
        Reply reply = claims.service().release(claims.id(), record);
        log.info("brought the release record of {}: {}", claims.id(), word(reply));
        if (reply instanceof Reply.Unknown) {
            return false;
        }
        try {
            evidence.taken(claims.id());
        } catch (IOException e) {
            log.warn("the release record of {} was taken and is brought again: {}", claims.id(), e.getMessage());
        }
        return true;
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String word(Reply reply) {
        if (reply instanceof Reply.Done done) {
            return done.answer().state().name();
        }
        if (reply instanceof Reply.Refused refused) {
            return "refused, " + refused.reason();
        }
        return reply instanceof Reply.NotKnown unknown ? unknown.reason() : ((Reply.Unknown) reply).reason();
    }

    @Override
    public void close() throws IOException {
        calls.shutdownNow();
        beats.shutdownNow();
        if (held.isPresent()) {
            held.get().service().close();
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
