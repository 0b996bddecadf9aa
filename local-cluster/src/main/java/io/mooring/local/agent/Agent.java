package io.mooring.local.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.mooring.local.link.AgentPort;
import io.mooring.local.link.Link;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.resource.FlagSyntax;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.EventSink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.executor.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Mesos agent. What comes from the master and from executors is queued and handled one after the other. */
public final class Agent implements AgentPort, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** Real agents send one every 30 minutes; that is their number, not ours. */
    private static final Duration HEARTBEAT = Duration.ofMinutes(30);

    private static final Duration SHUTDOWN_POLL = Duration.ofMillis(50);

    private final AgentSettings settings;
    private final Link link;
    private final EventLoop loop;
    private final AgentParts parts;
    private final AgentState state;
    private final Presence presence;
    private final Sandboxes sandboxes;
    private final Ending ending;
    private final Delivery delivery;
    private final Launching launching;
    private final Killing killing;
    private final Recovery recovery;
    private final ExecutorDesk desk;
    private boolean recovered;

    public Agent(AgentSettings settings, Link link, InstantSource clock) {
        this.settings = settings;
        this.link = link;
        this.loop = new EventLoop("agent-" + settings.name());
        this.state = new AgentState(AgentInfo.newBuilder()
                .setHostname(settings.hostname())
                .addAllResources(FlagSyntax.resources(settings.resources()))
                .addAllAttributes(FlagSyntax.attributes(settings.attributes()))
                .build());
        Checkpoint checkpoint = new Checkpoint(settings.workDir());
        Updates updates = new Updates(loop, link, checkpoint);
        this.parts = new AgentParts(
                settings,
                state,
                loop,
                Executors.newCachedThreadPool(task -> {
                    Thread thread = new Thread(task, "containers-" + settings.name());
                    thread.setDaemon(true);
                    return thread;
                }),
                link,
                checkpoint,
                updates,
                new Operations(loop, link, settings.workDir(), FlagSyntax.resources(settings.resources())),
                clock);
        AgentStatuses statuses = new AgentStatuses(parts);
        Limits limits = new Limits(parts);
        ExecutorUpdates executorUpdates = new ExecutorUpdates(parts);
        this.presence = new Presence(parts);
        this.sandboxes = new Sandboxes(parts);
        this.ending = new Ending(parts, statuses, sandboxes);
        this.delivery = new Delivery(parts, statuses, executorUpdates, ending, limits);
        this.launching = new Launching(parts, statuses, delivery, ending, limits);
        this.killing = new Killing(parts, statuses);
        this.recovery = new Recovery(parts, ending, limits);
        this.desk = new ExecutorDesk(parts, delivery, executorUpdates);
    }

    /** The HTTP port is open: recover what an earlier life left behind, then join the cluster. */
    public void start(int port) {
        link.attach(this);
        loop.post(() -> recover(port));
        loop.every(HEARTBEAT, () -> state.running().forEach(run -> run.send(ExecutorEvents.heartbeat())));
    }

    private void recover(int port) {
        AgentInfo.Builder known = state.info.toBuilder().setPort(port);
        parts.checkpoint().agentId().ifPresent(known::setId);
        state.info = known.build();
        parts.checkpoint().runs().forEach(recovery::recover);
        sandboxes.recover();
        recovered = true;
        Duration patience = settings.timeouts().reregistration();
        loop.after(patience, () -> {
            if (!presence.announced()) {
                presence.announce();
                recovery.giveUpUnsubscribed(patience);
            }
        });
        announceWhenComplete();
    }

    /** Real agents always wait out the re-registration timeout; this one goes on as soon as all executors are back. */
    private void announceWhenComplete() {
        if (!presence.announced() && recovered && !recovery.anyUnsubscribed()) {
            presence.announce();
        }
    }

    /** After a partition: tell the master again who is here. */
    public void reconnect() {
        loop.post(() -> {
            if (presence.announced()) {
                presence.announce();
            }
        });
    }

    // ---- executor API

    /** By what executors prove who they are; empty if they need not. */
    Optional<ExecutorTokens> tokens() {
        return settings.jwtSecretKey().map(ExecutorTokens::new);
    }

    /** Checked and performed before it is answered, so that calls of one connection keep their order. */
    Answer call(Call call, Optional<JsonNode> claims) {
        return loop.ask(() -> refusal(call, claims).orElseGet(() -> desk.perform(call)));
    }

    /** Why the call cannot be served, if it cannot. */
    Optional<Answer> refusalOf(Call call, Optional<JsonNode> claims) {
        return loop.ask(() -> refusal(call, claims));
    }

    private Optional<Answer> refusal(Call call, Optional<JsonNode> claims) {
        return recovered
                ? desk.refusal(call, claims)
                : Optional.of(Answer.text(503, "Agent has not finished recovery"));
    }

    /** The stream is open. */
    void subscribe(Call call, EventSink sink) {
        loop.post(() -> {
            desk.subscribe(call, sink);
            announceWhenComplete();
        });
    }

    // ---- operators

    /** Empty while the agent has not found out what an earlier life left behind. */
    <T> Optional<T> read(Function<AgentView, T> question) {
        return loop.ask(() -> recovered ? Optional.of(question.apply(new AgentView(parts))) : Optional.empty());
    }

    // ---- what the master says

    @Override
    public void registered(AgentID id, Duration pingTimeout) {
        loop.post(() -> presence.registered(id, pingTimeout));
    }

    @Override
    public void refused(String reason) {
        loop.post(() -> {
            LOG.atWarn()
                    .addKeyValue("agent", settings.name())
                    .addKeyValue("reason", reason)
                    .log("agent refused");
            state.running().forEach(run -> {
                run.silenced = true;
                ending.destroy(run);
            });
            presence.fallSilent();
            parts.checkpoint().forget();
        });
    }

    @Override
    public void ping() {
        loop.post(presence::ping);
    }

    @Override
    public void runTask(FrameworkInfo framework, TaskInfo task) {
        loop.post(() -> launching.run(framework, task));
    }

    @Override
    public void runTaskGroup(FrameworkInfo framework, ExecutorInfo executor, List<TaskInfo> tasks) {
        loop.post(() -> launching.runGroup(framework, executor, tasks));
    }

    @Override
    public void applyOperation(Operation operation) {
        loop.post(() -> parts.operations().apply(operation));
    }

    @Override
    public void acknowledgeOperation(ByteString operationUuid, ByteString statusUuid) {
        loop.post(() -> parts.operations().acknowledge(operationUuid, statusUuid));
    }

    @Override
    public void masterChanged() {
        loop.post(presence::masterChanged);
    }

    @Override
    public void killTask(FrameworkID framework, TaskID task, Optional<KillPolicy> policy) {
        loop.post(() -> killing.kill(framework, task, policy));
    }

    @Override
    public void shutdownExecutor(FrameworkID framework, ExecutorID executor) {
        loop.post(() -> state.find(framework.getValue(), executor.getValue()).ifPresent(ending::shutdown));
    }

    @Override
    public void shutdownFramework(FrameworkID framework) {
        loop.post(() -> ending.shutdownFramework(framework));
    }

    @Override
    public void frameworkResubscribed(FrameworkInfo framework) {
        loop.post(() -> {
            state.running().stream()
                    .filter(run -> run.framework.getId().equals(framework.getId()))
                    .forEach(run -> run.framework = framework);
            parts.updates().resend(framework.getId().getValue());
        });
    }

    @Override
    public void acknowledge(FrameworkID framework, TaskID task, ByteString uuid) {
        loop.post(() -> {
            Optional<String> container = parts.updates().containerOf(framework.getValue(), task);
            Updates.Said said = parts.updates().said(framework.getValue(), task.getValue());
            parts.updates().acknowledge(framework.getValue(), task, uuid).ifPresent(status -> {
                container.ifPresent(id -> parts.checkpoint().append(id, new Checkpoint.Acknowledged(task, uuid)));
                ending.acknowledged(framework.getValue(), status, said);
            });
        });
    }

    @Override
    public void message(FrameworkID framework, ExecutorID executor, ByteString data) {
        loop.post(() -> delivery.message(framework, executor.getValue(), data));
    }

    @Override
    public void drain(DrainConfig config) {
        loop.post(() -> killing.drain(config));
    }

    @Override
    public void reactivate() {
        loop.post(killing::reactivate);
    }

    // ---- the end

    /** The id that a master gave; empty before. */
    public Optional<AgentID> id() {
        return loop.ask(() -> state.info.hasId() ? Optional.of(state.info.getId()) : Optional.empty());
    }

    /** SIGKILL to the executor's first process, as a fault. @return false if no such executor runs */
    public boolean killExecutor(String executor) {
        return loop.ask(() -> state.running().stream()
                .filter(run -> run.executorId().equals(executor))
                .findFirst()
                .flatMap(run -> run.container)
                .flatMap(container -> ProcessHandle.of(container.pid()))
                .map(ProcessHandle::destroyForcibly)
                .orElse(false));
    }

    /** Leaves the cluster for good, as a real agent does on SIGUSR1: executors end, the id is dead. */
    public void unregister() {
        loop.ask(() -> {
            state.running().forEach(ending::shutdown);
            AgentID id = state.info.getId();
            link.toMaster(master -> master.unregister(id));
            presence.fallSilent();
            parts.checkpoint().forget();
            return true;
        });
    }

    /** SHUTDOWN to every executor; returns when all have ended, at the latest after the time given. */
    public void shutdownExecutors(Duration patience) {
        loop.post(() -> state.running().forEach(ending::shutdown));
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline && !loop.ask(() -> state.running().isEmpty())) {
            if (!pause()) {
                return;
            }
        }
        loop.ask(() -> {
            state.running().forEach(ending::destroy);
            return true;
        });
    }

    private static boolean pause() {
        try {
            Thread.sleep(SHUTDOWN_POLL.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends the agent as a killed process would end: executors stay, their streams are cut, the master notices. */
    @Override
    public void close() {
        AgentID id = loop.ask(() -> {
            state.running().forEach(run -> run.sink.ifPresent(EventSink::cut));
            return state.info.getId();
        });
        link.detach(this);
        loop.close();
        parts.blocking().shutdown();
        link.toMaster(master -> master.disconnected(id));
    }
}
