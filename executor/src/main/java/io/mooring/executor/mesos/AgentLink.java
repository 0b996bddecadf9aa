package io.mooring.executor.mesos;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.MalformedMessageException;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.health.HealthCheck;
import io.mooring.common.ids.TaskId;
import io.mooring.common.mesoshttp.Access;
import io.mooring.common.mesoshttp.CallOutcome;
import io.mooring.common.mesoshttp.MesosHttp;
import io.mooring.common.mesoshttp.StreamEnd;
import io.mooring.common.mesoshttp.Tls;
import io.mooring.common.taskcheck.HealthCheckOfTask;
import io.mooring.executor.engine.AgentPort;
import io.mooring.executor.engine.Event;
import io.mooring.executor.engine.Status;
import io.mooring.executor.run.ForeignTerms;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.executor.Protos.Call.Update;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to the agent: subscribes, subscribes again for as long as the agent may recover, and keeps every
 * update until it is acknowledged. Updates leave in the order they were made, from one thread.
 */
public final class AgentLink implements AgentPort, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentLink.class);
    private static final MesosHttp.Limits LIMITS = new MesosHttp.Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(75),
            // The agent sends a heartbeat every 30 minutes only, so silence means nothing.
            Duration.ZERO,
            16 * 1024 * 1024);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    private final AgentEnvironment environment;
    private final Consumer<Event> inbox;
    private final InstantSource clock;
    private final Calls calls;
    private final MessageCodec codec = new MessageCodec();
    private final Outbox outbox = new Outbox();
    private final MesosHttp http;
    private final ExecutorService sender = Executors.newSingleThreadExecutor(work -> daemon(work, "agent-calls"));

    private volatile AgentID agent = AgentID.getDefaultInstance();
    private volatile ExecutorInfo executor = ExecutorInfo.getDefaultInstance();
    private volatile boolean killingKnown;
    private volatile boolean closed;

    /** @throws IOException if a certificate that the agent names cannot be read */
    public AgentLink(AgentEnvironment environment, Consumer<Event> inbox, InstantSource clock) throws IOException {
        this.environment = environment;
        this.inbox = inbox;
        this.clock = clock;
        this.calls = new Calls(environment);
        Optional<Tls> tls = environment.tls().isPresent()
                ? Optional.of(Tls.read(environment.tls().get()))
                : Optional.empty();
        this.http = new MesosHttp(
                environment.endpoint(), Access.bearer(environment::token, tls), LIMITS, environment.socket());
    }

    /** Begins to subscribe, on a thread of its own. */
    public void open() {
        daemon(this::follow, "agent-events").start();
    }

    private void follow() {
        long lostAt = System.nanoTime();
        Duration pause = SHORTEST_PAUSE;
        while (!closed) {
            boolean[] opened = new boolean[1];
            StreamEnd end =
                    http.subscribe(calls.subscribe(outbox.subscription()), () -> opened[0] = true, this::received);
            if (closed) {
                return;
            }
            if (opened[0]) {
                lostAt = System.nanoTime();
                pause = SHORTEST_PAUSE;
            }
            Duration away = Duration.ofNanos(System.nanoTime() - lostAt);
            if (lost(end, opened[0], away)) {
                inbox.accept(new Event.AgentLost(end.toString()));
                return;
            }
            log.info("the stream from the agent ended ({}); subscribing again", end);
            if (!sleep(pause)) {
                return;
            }
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(environment.backoff()) > 0 ? environment.backoff() : doubled;
        }
    }

    private boolean lost(StreamEnd end, boolean wasOpen, Duration away) {
        if (end instanceof StreamEnd.Refused refused && refused.status() != 400) {
            return refused.status() == 401 || refused.status() == 403;
        }
        if (environment.recovery().isEmpty()) {
            return wasOpen || away.compareTo(environment.backoff()) > 0;
        }
        return away.compareTo(environment.recovery().get()) > 0;
    }

    private static boolean sleep(Duration longest) {
        try {
            // Many executors of one agent come back at the same moment.
            long most = Math.max(2, longest.toMillis());
            Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void received(byte[] record) {
        try {
            received(org.apache.mesos.v1.executor.Protos.Event.parseFrom(record));
        } catch (InvalidProtocolBufferException e) {
            log.warn("ignored an event that cannot be read: {}", e.getMessage());
        } catch (IllegalArgumentException e) {
            log.warn("ignored an event with an id that is not allowed: {}", e.getMessage());
        }
    }

    private void received(org.apache.mesos.v1.executor.Protos.Event event) {
        switch (event.getType()) {
            case SUBSCRIBED -> subscribed(event.getSubscribed());
            case LAUNCH -> launched(event.getLaunch().getTask());
            case LAUNCH_GROUP -> launched(event.getLaunchGroup().getTaskGroup().getTasksList());
            case KILL ->
                inbox.accept(new Event.KillWanted(
                        new TaskId(event.getKill().getTaskId().getValue()), grace(event.getKill())));
            case ACKNOWLEDGED ->
                outbox.acknowledged(event.getAcknowledged().getUuid()).ifPresent(this::acknowledged);
            case MESSAGE -> heard(event.getMessage().getData().toByteArray());
            case SHUTDOWN -> inbox.accept(new Event.ShutdownWanted(environment.shutdownGrace()));
            case ERROR -> inbox.accept(new Event.AgentLost(event.getError().getMessage()));
            case HEARTBEAT, UNKNOWN -> log.debug("event {}", event.getType());
        }
    }

    private void subscribed(org.apache.mesos.v1.executor.Protos.Event.Subscribed event) {
        agent = event.getAgentInfo().getId();
        executor = event.getExecutorInfo();
        killingKnown = event.getFrameworkInfo().getCapabilitiesList().stream()
                .anyMatch(capability -> capability.getType() == FrameworkInfo.Capability.Type.TASK_KILLING_STATE);
        inbox.accept(new Event.Subscribed());
    }

    /** A group is launched as a whole or not at all; one of a single task is that task. */
    private void launched(List<TaskInfo> group) {
        if (group.size() == 1) {
            launched(group.get(0));
            return;
        }
        group.forEach(outbox::launched);
        inbox.accept(new Event.GroupLaunched(group.stream()
                .map(task -> new TaskId(task.getTaskId().getValue()))
                .toList()));
    }

    private void launched(TaskInfo task) {
        outbox.launched(task);
        TaskId id = new TaskId(task.getTaskId().getValue());
        try {
            Optional<HealthCheck> health =
                    task.hasHealthCheck() ? Optional.of(HealthCheckOfTask.of(task.getHealthCheck())) : Optional.empty();
            if (foreign(task)) {
                inbox.accept(new Event.ForeignLaunched(
                        ForeignTask.of(task, executor, environment.framework(), agent), health));
                return;
            }
            inbox.accept(new Event.Launched(id, codec.decodeOrder(task.getData().toByteArray()), health));
        } catch (IllegalArgumentException e) {
            inbox.accept(new Event.Unreadable(id, "it has a value that is not allowed: " + e.getMessage()));
        } catch (MalformedMessageException e) {
            inbox.accept(new Event.Unreadable(id, e.getMessage()));
        }
    }

    /** Our own scheduler always sends an order; Marathon sends nothing, or, in old versions, the app's definition. */
    private boolean foreign(TaskInfo task) {
        return task.getData().isEmpty()
                || ForeignTerms.recognises(executor.getCommand().getValue());
    }

    private static Optional<Duration> grace(org.apache.mesos.v1.executor.Protos.Event.Kill kill) {
        return kill.hasKillPolicy() && kill.getKillPolicy().hasGracePeriod()
                ? Optional.of(
                        Duration.ofNanos(kill.getKillPolicy().getGracePeriod().getNanoseconds()))
                : Optional.empty();
    }

    private void acknowledged(Update update) {
        boolean terminal =
                switch (update.getStatus().getState()) {
                    case TASK_FINISHED, TASK_FAILED, TASK_KILLED -> true;
                    default -> false;
                };
        if (terminal) {
            inbox.accept(new Event.TerminalSettled(
                    new TaskId(update.getStatus().getTaskId().getValue())));
        }
    }

    private void heard(byte[] message) {
        try {
            inbox.accept(new Event.Heard(codec.decodeMessage(message)));
        } catch (MalformedMessageException e) {
            log.warn("ignored a message: {}", e.getMessage());
        }
    }

    @Override
    public void send(Status status) {
        if (status.state() == Status.State.KILLING && !killingKnown) {
            return; // a framework that does not know the state would take it for an error
        }
        log.info("task {}: {} {}", status.task(), status.state(), status.message());
        Update update = calls.update(status, agent, clock.instant());
        outbox.add(update);
        sender.execute(() -> deliver(update));
    }

    private void deliver(Update update) {
        if (!outbox.holds(update)) {
            return; // a subscription carried it meanwhile
        }
        CallOutcome outcome = http.call(calls.update(update));
        if (!(outcome instanceof CallOutcome.Accepted)) {
            // It goes out with the next subscription; a stream that looks open but is not has to end for that.
            log.info("an update was not taken: {}", outcome);
            http.disconnect();
        }
    }

    @Override
    public void message(ExecutorReport report) {
        byte[] call = calls.message(report);
        sender.execute(() -> {
            CallOutcome outcome = http.call(call);
            if (!(outcome instanceof CallOutcome.Accepted)) {
                log.info("a message was not taken: {}", outcome);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        sender.shutdownNow();
        http.close();
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
