package io.mooring.scheduler.mesos;

import com.google.protobuf.ByteString;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.MalformedMessageException;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.FrameworkId;
import io.mooring.common.ids.OfferId;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.TaskHealth;
import io.mooring.scheduler.decision.StatusUpdate;
import io.mooring.scheduler.effect.Effect;
import io.mooring.scheduler.effect.OfferWish;
import io.mooring.scheduler.engine.Engine;
import io.mooring.scheduler.engine.Performer;
import io.mooring.scheduler.placement.InverseOffer;
import io.mooring.scheduler.placement.Offer;
import io.mooring.scheduler.task.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between Mesos and the engine: events become reactions of the decider, effects become calls. Nothing is decided here.
 */
public final class MesosShell implements Scheduler, Performer {
    private static final Logger LOG = LoggerFactory.getLogger(MesosShell.class);
    private static final Duration SHORT_REFUSAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_STEP = Duration.ofSeconds(30);

    /** Mesos says it where nobody could wait for the process. */
    private static final int UNKNOWN_STATUS = -1;

    private final Registration registration;
    private final Calls calls;
    private final FrameworkSettings.Wishes told;
    private final OfferBook book = new OfferBook();
    private final MessageCodec codec = new MessageCodec();
    private final Consumer<SubscriptionEnd> fatal;
    private volatile Engine engine;
    private volatile Mesos mesos;
    private volatile Optional<FrameworkId> framework;
    private volatile String master = "";
    private volatile boolean subscribed;
    private volatile List<OfferWish> wishes = List.of();
    private volatile OfferFlow flow = OfferFlow.OPEN;

    /**
     * @param framework the id from an earlier subscription
     * @param fatal is told when Mesos ended the subscription and a new one would not mend it
     */
    public MesosShell(
            FrameworkSettings settings,
            ExecutorSettings executors,
            Optional<FrameworkId> framework,
            Consumer<SubscriptionEnd> fatal) {
        this.registration = new Registration(settings);
        this.calls = new Calls(settings.roles(), executors);
        this.told = settings.wishes();
        this.framework = framework;
        this.fatal = fatal;
    }

    /** Events are handed to this engine from now on. */
    public void attach(Engine engine) {
        this.engine = engine;
    }

    public boolean subscribed() {
        return subscribed;
    }

    /** The master of the running subscription, {@code host:port}; empty if there is none. */
    public Optional<String> master() {
        return subscribed ? Optional.of(master) : Optional.empty();
    }

    @Override
    public void connected(Mesos connected) {
        mesos = connected;
        flow = OfferFlow.OPEN;
        connected.send(registration.subscribe(framework, wishes));
    }

    @Override
    public void disconnected(Mesos disconnected) {
        subscribed = false;
        book.clear();
        LOG.info("disconnected from Mesos; offers are dead, claims are not");
        boolean told = engine.offer((decider, decision) -> decider.disconnected(decision));
        LOG.atDebug().log("the engine was told: {}", told);
    }

    @Override
    public void received(Mesos from, Event event) {
        try {
            read(event);
        } catch (IllegalArgumentException e) {
            if (event.getType() == Event.Type.SUBSCRIBED) {
                throw e;
            }
            // An id of a form that is never given here is nothing of ours; it would be the same after the next
            // subscription.
            LOG.warn("an event {} is ignored: {}", event.getType(), e.getMessage());
        }
    }

    private void read(Event event) {
        switch (event.getType()) {
            case SUBSCRIBED -> subscribed(event.getSubscribed());
            case OFFERS -> offers(event.getOffers());
            case RESCIND ->
                book.forget(new OfferId(event.getRescind().getOfferId().getValue()));
            case UPDATE -> update(event.getUpdate().getStatus());
            case MESSAGE -> message(event.getMessage());
            case FAILURE -> failure(event.getFailure());
            case ERROR -> error(event.getError().getMessage());
            case INVERSE_OFFERS -> inverseOffers(event.getInverseOffers());
            case RESCIND_INVERSE_OFFER -> {
                OfferId id = new OfferId(
                        event.getRescindInverseOffer().getInverseOfferId().getValue());
                engine.post((decider, decision) -> decider.inverseOfferRescinded(id));
            }
            case HEARTBEAT, UPDATE_OPERATION_STATUS, UNKNOWN -> LOG.atDebug().log("event {}", event.getType());
        }
    }

    @Override
    public void perform(Effect effect) {
        Mesos current = mesos;
        Optional<FrameworkId> id = framework;
        if (effect instanceof Effect.WishOffers wish) {
            if (told == FrameworkSettings.Wishes.KEPT) {
                return;
            }
            wishes = wish.wishes(); // the next subscription says it, if this one is gone
        }
        if (current == null || id.isEmpty() || !subscribed) {
            LOG.atDebug().log("not subscribed, dropped: {}", effect);
            return;
        }
        if (effect instanceof Effect.AcceptOffers accept) {
            current.send(calls.accept(id.get(), accept, new ResourcePool(book.take(accept.offers()))));
        } else if (effect instanceof Effect.DeclineOffers decline) {
            book.take(decline.offers());
            current.send(calls.decline(id.get(), decline.offers(), decline.refuse()));
        } else if (effect instanceof Effect.Revive) {
            flow = OfferFlow.OPEN;
            current.send(calls.revive(id.get()));
        } else if (effect instanceof Effect.Suppress) {
            flow = OfferFlow.SUPPRESSED;
            current.send(calls.suppress(id.get()));
        } else if (effect instanceof Effect.WishOffers) {
            current.send(registration.update(id.get(), wishes, flow));
        } else if (effect instanceof Effect.AnswerInverseOffer answer) {
            current.send(calls.answer(id.get(), answer));
        } else if (effect instanceof Effect.KillTask kill) {
            current.send(calls.kill(id.get(), kill));
        } else if (effect instanceof Effect.Acknowledge acknowledge) {
            current.send(calls.acknowledge(id.get(), acknowledge));
        } else if (effect instanceof Effect.SendMessage message) {
            current.send(calls.message(id.get(), message));
        } else if (effect instanceof Effect.Reconcile reconcile) {
            current.send(calls.reconcile(id.get(), reconcile));
        } else {
            throw new IllegalArgumentException("no call for " + effect.getClass());
        }
    }

    private void subscribed(Event.Subscribed event) {
        FrameworkId id = new FrameworkId(event.getFrameworkId().getValue());
        framework = Optional.of(id);
        master = event.getMasterInfo().getAddress().getHostname() + ":"
                + event.getMasterInfo().getAddress().getPort();
        subscribed = true;
        LOG.info("subscribed as {} at {}", id, master);
        engine.post((decider, decision) -> decider.subscribed(id, decision));
    }

    private void offers(Event.Offers event) {
        List<Offer> offers = new ArrayList<>();
        List<OfferId> unusable = new ArrayList<>();
        event.getOffersList().forEach(offer -> {
            try {
                offers.add(book.put(offer));
            } catch (IllegalArgumentException e) {
                LOG.warn(
                        "offer {} of {} is not used: {}",
                        offer.getId().getValue(),
                        offer.getHostname(),
                        e.getMessage());
                unusable.add(new OfferId(offer.getId().getValue()));
            }
        });
        if (!unusable.isEmpty()) {
            perform(new Effect.DeclineOffers(unusable, Duration.ofMinutes(5)));
        }
        if (!engine.offer((decider, decision) -> decider.offers(offers, decision))) {
            perform(new Effect.DeclineOffers(offers.stream().map(Offer::id).toList(), SHORT_REFUSAL));
        }
    }

    /** One without an agent is about all of a framework's resources, which Mesos does not make. */
    private void inverseOffers(Event.InverseOffers event) {
        event.getInverseOffersList().stream()
                .filter(offer -> offer.hasAgentId())
                .forEach(offer -> {
                    InverseOffer asked = new InverseOffer(
                            new OfferId(offer.getId().getValue()),
                            new AgentId(offer.getAgentId().getValue()),
                            OfferBook.unavailability(offer.getUnavailability()));
                    engine.post((decider, decision) -> decider.inverseOffer(asked, decision));
                });
    }

    private void update(TaskStatus status) {
        TaskId task;
        try {
            task = new TaskId(status.getTaskId().getValue());
        } catch (IllegalArgumentException e) {
            strange(status, e);
            return;
        }
        StatusUpdate update = new StatusUpdate(
                task,
                status.hasAgentId()
                        ? Optional.of(new AgentId(status.getAgentId().getValue()))
                        : Optional.empty(),
                report(status),
                source(status),
                status.hasReason() ? status.getReason().name() : "",
                status.getMessage(),
                status.hasUuid() ? Optional.of(bytes(status.getUuid())) : Optional.empty(),
                status.hasData() ? content(status.getData()) : Optional.empty(),
                health(status));
        engine.post((decider, decision) -> decider.update(update, decision));
    }

    private static TaskHealth.Verdict health(TaskStatus status) {
        if (!status.hasHealthy()) {
            return TaskHealth.Verdict.UNKNOWN;
        }
        return status.getHealthy() ? TaskHealth.Verdict.HEALTHY : TaskHealth.Verdict.UNHEALTHY;
    }

    /** Of a task that was never launched here. It means nothing, and its agent is to stop saying it. */
    private void strange(TaskStatus status, IllegalArgumentException why) {
        LOG.warn("an update of {} is acknowledged and ignored: {}", status.getState(), why.getMessage());
        Mesos current = mesos;
        if (current != null && subscribed && status.hasUuid() && status.hasAgentId()) {
            current.send(calls.acknowledge(framework.orElseThrow(), status));
        }
    }

    private void message(Event.Message message) {
        AgentId agent = new AgentId(message.getAgentId().getValue());
        TaskId task = new TaskId(message.getExecutorId().getValue());
        content(message.getData())
                .ifPresent(
                        report -> engine.post((decider, decision) -> decider.message(task, agent, report, decision)));
    }

    private void failure(Event.Failure failure) {
        if (!failure.hasAgentId()) {
            return;
        }
        AgentId agent = new AgentId(failure.getAgentId().getValue());
        if (!failure.hasExecutorId()) {
            engine.post((decider, decision) -> decider.agentLost(agent, decision));
            return;
        }
        // What became of its task is told by an update; how the process ended, by nothing else.
        TaskId executor = new TaskId(failure.getExecutorId().getValue());
        String end = end(failure.hasStatus() ? failure.getStatus() : UNKNOWN_STATUS);
        engine.post((decider, decision) -> decider.executorEnded(executor, agent, end, decision));
    }

    /** What wait(2) told the agent, in words. */
    private static String end(int status) {
        int signal = status & 0x7f;
        if (status == UNKNOWN_STATUS) {
            return "in an unknown way";
        }
        return signal == 0 ? "with exit code " + (status >> 8 & 0xff) : "by signal " + signal;
    }

    private void error(String message) {
        LOG.error("Mesos says: {}", message);
        subscribed = false;
        SubscriptionEnd end = SubscriptionEnd.of(message, framework);
        if (end.why() == SubscriptionEnd.Why.REMOVED) {
            suspectAll();
        }
        fatal.accept(end);
    }

    /** Nothing is heard of the tasks any more: that is put on record, piece by piece, before this scheduler ends. */
    private void suspectAll() {
        boolean more = true;
        while (more) {
            more = engine.ask((decider, decision) -> decider.frameworkRemoved(decision))
                    .orTimeout(LONGEST_STEP.toSeconds(), TimeUnit.SECONDS)
                    .exceptionally(failure -> false) // the next leader is told the same, and goes on with it
                    .join();
        }
    }

    private Optional<ExecutorReport> content(ByteString data) {
        try {
            return Optional.of(codec.decodeReport(data.toByteArray()));
        } catch (MalformedMessageException e) {
            LOG.warn("a message of {} bytes from an executor is ignored: {}", data.size(), e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Byte> bytes(ByteString bytes) {
        List<Byte> list = new ArrayList<>();
        for (byte b : bytes) {
            list.add(b);
        }
        return list;
    }

    private static StatusUpdate.Source source(TaskStatus status) {
        return switch (status.getSource()) {
            case SOURCE_EXECUTOR -> StatusUpdate.Source.EXECUTOR;
            case SOURCE_AGENT -> StatusUpdate.Source.AGENT;
            case SOURCE_MASTER -> StatusUpdate.Source.MASTER;
        };
    }

    private static Report report(TaskStatus status) {
        return switch (status.getState()) {
            case TASK_STAGING -> Report.STAGING;
            case TASK_STARTING -> Report.STARTING;
            case TASK_RUNNING -> Report.RUNNING;
            case TASK_KILLING -> Report.KILLING;
            case TASK_FINISHED -> Report.FINISHED;
            case TASK_FAILED -> Report.FAILED;
            case TASK_KILLED -> Report.KILLED;
            case TASK_ERROR -> Report.ERROR;
            case TASK_DROPPED -> Report.DROPPED;
            case TASK_GONE -> Report.GONE;
            case TASK_GONE_BY_OPERATOR -> Report.GONE_BY_OPERATOR;
            case TASK_UNREACHABLE -> Report.UNREACHABLE;
            case TASK_UNKNOWN -> Report.UNKNOWN;
            case TASK_LOST -> Report.LOST;
        };
    }
}
