package io.mooring.local.master;

import com.google.protobuf.ByteString;
import io.mooring.local.legacy.Version;
import io.mooring.local.link.Link;
import io.mooring.local.link.MasterPort;
import io.mooring.local.link.Registration;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.EventSink;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.mesos.v1.Protos.Address;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Operation;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** One Mesos master that leads. What comes from frameworks, agents and operators is handled one after the other. */
public final class Master implements MasterPort, AutoCloseable {
    /** 127.0.0.1 in network byte order, as the old field wants it. */
    private static final int LOOPBACK = 16777343;

    private final EventLoop loop = new EventLoop("master");
    private final Parts parts;
    private final Orders orders;

    /**
     * @param id of this process, in all ids that it makes
     * @param registry what outlives the master, and has outlived the one before
     */
    public Master(String id, MasterSettings settings, Registry registry, InstantSource clock) {
        parts = new Parts(id, settings, registry, loop, clock);
        orders = new Orders(loop, parts);
        parts.allocation.start();
        parts.pings.start(loop);
    }

    /** The master serves on that port now. */
    public void listening(int port) {
        MasterInfo info = MasterInfo.newBuilder()
                .setId(parts.state.masterId)
                .setIp(LOOPBACK)
                .setPort(port)
                .setPid("master@127.0.0.1:" + port)
                .setHostname("127.0.0.1")
                .setVersion(Version.NUMBER)
                .setAddress(Address.newBuilder()
                        .setHostname("127.0.0.1")
                        .setIp("127.0.0.1")
                        .setPort(port))
                .addCapabilities(MasterInfo.Capability.newBuilder().setType(MasterInfo.Capability.Type.AGENT_UPDATE))
                .addCapabilities(MasterInfo.Capability.newBuilder().setType(MasterInfo.Capability.Type.AGENT_DRAINING))
                .addCapabilities(MasterInfo.Capability.newBuilder())
                .build();
        loop.ask(() -> parts.state.masterInfo = info);
    }

    /** Stops the process where it is until the timer given is cancelled: SIGSTOP, as a fault. */
    public EventLoop.Timer freeze() {
        return loop.freeze();
    }

    /** What operators want done. */
    public Orders orders() {
        return orders;
    }

    /** For the operator API: reads the state on the master's own thread. */
    public <T> T read(Function<View, T> question) {
        return loop.ask(() -> question.apply(parts.view()));
    }

    /** An operator who wants to hear of everything that happens; the stream is open. */
    public void watch(EventSink sink) {
        loop.post(() -> parts.state.watchers.add(sink, parts.view().all(), loop));
    }

    // ---- frameworks

    /** A valid SUBSCRIBE whose stream is open. */
    void subscribe(Call.Subscribe subscribe, String streamId, EventSink sink) {
        loop.post(() -> parts.subscriptions.subscribe(subscribe, streamId, sink));
    }

    /** Any other valid call; checked against the subscription and performed before it is answered. */
    Answer call(Call call, Optional<String> streamId, Optional<String> principal) {
        return loop.ask(() -> checked(call, streamId, principal));
    }

    private Answer checked(Call call, Optional<String> streamId, Optional<String> principal) {
        Optional<FrameworkEntry> found = parts.state.framework(call.getFrameworkId());
        if (found.isEmpty()) {
            return Answer.text(400, "Framework cannot be found");
        }
        FrameworkEntry framework = found.get();
        if (principal.isPresent() && !principal.get().equals(framework.info.getPrincipal())) {
            return Answer.text(
                    400,
                    "Authenticated principal '" + principal.get() + "' does not match principal '"
                            + framework.info.getPrincipal() + "' set in `FrameworkInfo`");
        }
        if (!framework.connected()) {
            return Answer.text(403, "Framework is not subscribed");
        }
        if (streamId.isEmpty()) {
            return Answer.text(400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
        }
        if (!framework.subscription.orElseThrow().streamId().equals(streamId.get())) {
            return Answer.text(
                    400,
                    "The stream ID '" + streamId.get() + "' included in this request didn't match the stream ID "
                            + "currently associated with framework ID " + framework.id);
        }
        return parts.perform(framework, call, principal);
    }

    // ---- agents

    @Override
    public void register(Registration registration, Link link) {
        loop.post(() -> parts.registrations.register(registration, link));
    }

    @Override
    public void unregister(AgentID agent) {
        loop.post(() -> parts.registrations.unregister(agent));
    }

    @Override
    public void pong(AgentID agent) {
        loop.post(() -> parts.pings.pong(agent));
    }

    @Override
    public void disconnected(AgentID agent) {
        loop.post(() -> parts.pings.disconnected(agent));
    }

    @Override
    public void operationUpdate(AgentID agent, Operation operation) {
        loop.post(() -> parts.operations.update(agent, operation));
    }

    @Override
    public void statusUpdate(AgentID agent, FrameworkID framework, TaskStatus status, TaskState latest) {
        loop.post(() -> parts.tasks.update(agent, framework, status, latest));
    }

    @Override
    public void executorExited(AgentID agent, FrameworkID framework, ExecutorID executor, OptionalInt waitStatus) {
        loop.post(() -> parts.tasks.executorExited(agent, framework, executor, waitStatus));
    }

    @Override
    public void executorMessage(AgentID agent, FrameworkID framework, ExecutorID executor, ByteString data) {
        loop.post(() -> parts.tasks.executorMessage(agent, framework, executor, data));
    }

    /** Cuts every stream, as the end of the process would. */
    @Override
    public void close() {
        loop.ask(() -> {
            parts.state.registry.flush();
            parts.state.watchers.cut();
            List.copyOf(parts.state.frameworks.values())
                    .forEach(framework -> framework.subscription.ifPresent(
                            current -> current.sink().cut()));
            return true;
        });
        loop.close();
    }
}
