package io.mooring.local.agent;

import com.google.protobuf.ByteString;
import io.mooring.local.link.AgentPort;
import io.mooring.local.link.Link;
import io.mooring.local.link.Registration;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.resource.FlagSyntax;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.EventSink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.executor.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Mesos agent. What comes from the master and from executors is queued and handled one after the other. */
public final class Agent implements AgentPort, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** Real agents send one every 30 minutes; that is their number, not ours. */
    private static final Duration HEARTBEAT = Duration.ofMinutes(30);

    private static final Duration REGISTRATION_RETRY = Duration.ofSeconds(1);
    private static final Duration SHUTDOWN_POLL = Duration.ofMillis(50);

    private final AgentSettings settings;
    private final Link link;
    private final EventLoop loop;
    private final ExecutorService blocking;
    private final Checkpoint checkpoint;
    private final Updates updates;
    private final Executors executors;
    private AgentInfo info;
    private boolean recovered;
    private boolean announced;
    private boolean registered;
    private Duration silence = REGISTRATION_RETRY;
    private EventLoop.Timer silenceTimer = () -> {};

    public Agent(AgentSettings settings, Link link, InstantSource clock) {
        this.settings = settings;
        this.link = link;
        this.loop = new EventLoop("agent-" + settings.name());
        this.blocking = java.util.concurrent.Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "containers-" + settings.name());
            thread.setDaemon(true);
            return thread;
        });
        this.checkpoint = new Checkpoint(settings.workDir());
        this.updates = new Updates(loop, link, checkpoint);
        this.executors = new Executors(settings, loop, blocking, link, checkpoint, updates, clock);
        this.info = AgentInfo.newBuilder()
                .setHostname(settings.hostname())
                .addAllResources(FlagSyntax.resources(settings.resources()))
                .addAllAttributes(FlagSyntax.attributes(settings.attributes()))
                .build();
    }

    /** The HTTP port is open: recover what an earlier life left behind, then join the cluster. */
    public void start(int port) {
        link.attach(this);
        loop.post(() -> recover(port));
        loop.every(HEARTBEAT, () -> executors.running().forEach(run -> run.send(ExecutorEvents.heartbeat())));
    }

    private void recover(int port) {
        AgentInfo.Builder known = info.toBuilder().setPort(port);
        checkpoint.agentId().ifPresent(known::setId);
        info = known.build();
        executors.serving(info, port);
        checkpoint.runs().forEach(executors::recover);
        recovered = true;
        Duration patience = settings.timeouts().reregistration();
        loop.after(patience, () -> {
            if (!announced) {
                executors.giveUpUnsubscribed(patience);
                announce();
            }
        });
        announceWhenComplete();
    }

    /** Real agents always wait out the re-registration timeout; this one goes on as soon as all executors are back. */
    private void announceWhenComplete() {
        if (!announced && recovered && !executors.anyUnsubscribed()) {
            announce();
        }
    }

    /** Registers, and again until the master has answered. */
    private void announce() {
        announced = true;
        registered = false;
        Registration registration = registration();
        link.toMaster(master -> master.register(registration, link));
        silenceTimer.cancel();
        silenceTimer = loop.after(REGISTRATION_RETRY, () -> {
            if (!registered) {
                announce();
            }
        });
    }

    private Registration registration() {
        List<FrameworkInfo> frameworks = new ArrayList<>();
        List<ExecutorInfo> infos = new ArrayList<>();
        List<Task> tasks = new ArrayList<>();
        for (ExecutorRun run : executors.all()) {
            if (!frameworks.contains(run.framework)) {
                frameworks.add(run.framework);
            }
            run.queued.values().forEach(task -> tasks.add(task(run, task)));
            run.launched.values().forEach(task -> tasks.add(task(run, task)));
        }
        for (ExecutorRun run : executors.running()) {
            infos.add(run.executor.toBuilder()
                    .setFrameworkId(run.framework.getId())
                    .build());
        }
        return new Registration(info, frameworks, infos, tasks);
    }

    private Task task(ExecutorRun run, TaskInfo task) {
        String id = task.getTaskId().getValue();
        List<TaskStatus> pending = updates.pending(run.frameworkId(), id);
        Task.Builder view = Task.newBuilder()
                .setName(task.getName())
                .setTaskId(task.getTaskId())
                .setFrameworkId(run.framework.getId())
                .setExecutorId(run.executor.getExecutorId())
                .setAgentId(task.getAgentId())
                .setState(updates.latest(run.frameworkId(), id))
                .addAllResources(task.getResourcesList());
        if (!pending.isEmpty()) {
            view.setStatusUpdateState(pending.get(0).getState())
                    .setStatusUpdateUuid(pending.get(0).getUuid());
        }
        if (run.container.isPresent()) {
            view.addStatuses(TaskStatus.newBuilder()
                    .setTaskId(task.getTaskId())
                    .setState(updates.latest(run.frameworkId(), id))
                    .setContainerStatus(run.containerStatus()));
        }
        return view.build();
    }

    /** After a partition: tell the master again who is here. */
    public void reconnect() {
        loop.post(() -> {
            if (announced) {
                announce();
            }
        });
    }

    // ---- executor API

    /** Checked and performed before it is answered, so that calls of one connection keep their order. */
    Answer call(Call call) {
        return loop.ask(() -> {
            Optional<Answer> refusal = refusal(call);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            ExecutorRun run = run(call).orElseThrow();
            if (run.sink.isEmpty()) {
                return Answer.text(403, "Executor is not subscribed");
            }
            perform(run, call);
            return Answer.accepted();
        });
    }

    private void perform(ExecutorRun run, Call call) {
        if (call.getType() == Call.Type.UPDATE) {
            executors.update(run, call.getUpdate().getStatus());
        } else {
            ByteString data = call.getMessage().getData();
            link.toMaster(master ->
                    master.executorMessage(info.getId(), run.framework.getId(), run.executor.getExecutorId(), data));
        }
    }

    /** Why the call cannot be served, if it cannot. */
    Optional<Answer> refusalOf(Call call) {
        return loop.ask(() -> refusal(call));
    }

    private Optional<Answer> refusal(Call call) {
        if (!recovered) {
            return Optional.of(Answer.text(503, "Agent has not finished recovery"));
        }
        if (!executors.knowsFramework(call.getFrameworkId().getValue())) {
            return Optional.of(Answer.text(400, "Framework cannot be found"));
        }
        return run(call).isEmpty() ? Optional.of(Answer.text(400, "Executor cannot be found")) : Optional.empty();
    }

    private Optional<ExecutorRun> run(Call call) {
        return executors.find(
                call.getFrameworkId().getValue(), call.getExecutorId().getValue());
    }

    /** The stream is open. */
    void subscribe(Call call, EventSink sink) {
        loop.post(() -> run(call)
                .ifPresentOrElse(
                        run -> {
                            executors.subscribe(run, call.getSubscribe(), sink);
                            announceWhenComplete();
                        },
                        sink::end));
    }

    // ---- what the master says

    @Override
    public void registered(AgentID id, Duration pingTimeout) {
        loop.post(() -> {
            registered = true;
            pinged(pingTimeout);
            info = info.toBuilder().setId(id).build();
            executors.serving(info, info.getPort());
            updates.registered(id);
            checkpoint.agentId(id);
        });
    }

    @Override
    public void refused(String reason) {
        loop.post(() -> {
            LOG.atWarn()
                    .addKeyValue("agent", settings.name())
                    .addKeyValue("reason", reason)
                    .log("agent refused");
            executors.running().forEach(run -> {
                run.silenced = true;
                executors.destroy(run);
            });
            silenceTimer.cancel();
            checkpoint.forget();
        });
    }

    @Override
    public void ping() {
        loop.post(() -> {
            pinged(silence);
            link.toMaster(master -> master.pong(info.getId()));
        });
    }

    /** Without the next ping in time the master has given this agent up, so it has to register again. */
    private void pinged(Duration timeout) {
        silence = timeout;
        silenceTimer.cancel();
        silenceTimer = loop.after(timeout, this::announce);
    }

    @Override
    public void runTask(FrameworkInfo framework, ExecutorInfo executor, TaskInfo task) {
        loop.post(() -> executors.run(framework, executor, task));
    }

    @Override
    public void killTask(FrameworkID framework, TaskID task, Optional<KillPolicy> policy) {
        loop.post(() -> executors.kill(framework, task, policy));
    }

    @Override
    public void shutdownExecutor(FrameworkID framework, ExecutorID executor) {
        loop.post(
                () -> executors.find(framework.getValue(), executor.getValue()).ifPresent(executors::shutdown));
    }

    @Override
    public void shutdownFramework(FrameworkID framework) {
        loop.post(() -> executors.shutdownFramework(framework));
    }

    @Override
    public void frameworkResubscribed(FrameworkInfo framework) {
        loop.post(() -> {
            executors.running().stream()
                    .filter(run -> run.framework.getId().equals(framework.getId()))
                    .forEach(run -> run.framework = framework);
            updates.resend(framework.getId().getValue());
        });
    }

    @Override
    public void acknowledge(FrameworkID framework, TaskID task, ByteString uuid) {
        loop.post(() -> {
            Optional<String> container = updates.containerOf(framework.getValue(), task);
            updates.acknowledge(framework.getValue(), task, uuid).ifPresent(status -> {
                container.ifPresent(id -> checkpoint.append(id, new Checkpoint.Acknowledged(task, uuid)));
                executors.acknowledged(framework.getValue(), status);
            });
        });
    }

    @Override
    public void message(FrameworkID framework, ExecutorID executor, ByteString data) {
        loop.post(() -> executors.message(framework, executor.getValue(), data));
    }

    @Override
    public void drain(DrainConfig config) {
        loop.post(() -> executors.drain(config));
    }

    @Override
    public void reactivate() {
        loop.post(executors::reactivate);
    }

    // ---- the end

    /** The id that a master gave; empty before. */
    public Optional<AgentID> id() {
        return loop.ask(() -> info.hasId() ? Optional.of(info.getId()) : Optional.empty());
    }

    /** SIGKILL to the executor's first process, as a fault. @return false if no such executor runs */
    public boolean killExecutor(String executor) {
        return loop.ask(() -> executors.running().stream()
                .filter(run -> run.executorId().equals(executor))
                .findFirst()
                .flatMap(run -> run.container)
                .flatMap(container -> ProcessHandle.of(container.pid()))
                .map(ProcessHandle::destroyForcibly)
                .orElse(false));
    }

    /** SHUTDOWN to every executor; returns when all have ended, at the latest after the time given. */
    public void shutdownExecutors(Duration patience) {
        loop.post(() -> executors.running().forEach(executors::shutdown));
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline
                && !loop.ask(() -> executors.running().isEmpty())) {
            if (!pause()) {
                return;
            }
        }
        loop.ask(() -> {
            executors.running().forEach(executors::destroy);
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
        loop.ask(() -> {
            executors.running().forEach(run -> run.sink.ifPresent(EventSink::cut));
            return true;
        });
        link.detach(this);
        AgentID id = info.getId();
        loop.close();
        blocking.shutdown();
        link.toMaster(master -> master.disconnected(id));
    }
}
