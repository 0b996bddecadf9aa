package io.mooring.local.master;

import com.google.protobuf.ByteString;
import io.mooring.local.link.Link;
import io.mooring.local.link.MasterPort;
import io.mooring.local.link.Registration;
import io.mooring.local.loop.EventLoop;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.EventSink;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.mesos.v1.Protos.Address;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** One Mesos master. What comes from frameworks, agents and operators is queued and handled one after the other. */
public final class Master implements MasterPort, AutoCloseable {
    /** What this cluster claims to be; clients ask. */
    public static final String VERSION = "1.11.0";

    /** 127.0.0.1 in network byte order, as the old field wants it. */
    private static final int LOOPBACK = 16777343;

    private final EventLoop loop = new EventLoop("master");
    private final ClusterState state;
    private final Subscriptions subscriptions;
    private final Launches launches;
    private final TaskFlow tasks;
    private final Reconciliation reconciliation;
    private final Agents agents;
    private final Allocation allocation;

    /** @param registry file that keeps what outlives the master; absent: nothing does */
    public Master(MasterSettings settings, Optional<Path> registry, InstantSource clock) {
        state = new ClusterState(new Registry(registry));
        Statuses statuses = new Statuses(clock);
        allocation = new Allocation(state, loop, clock, settings);
        subscriptions = new Subscriptions(state, loop, allocation, clock);
        launches = new Launches(state, allocation, statuses);
        reconciliation = new Reconciliation(state, statuses);
        agents = new Agents(state, allocation, statuses, clock, settings);
        tasks = new TaskFlow(state, reconciliation, agents);
        allocation.start();
        agents.start(loop);
    }

    /** The master serves on that port now. */
    public void listening(int port) {
        MasterInfo info = MasterInfo.newBuilder()
                .setId(state.masterId)
                .setIp(LOOPBACK)
                .setPort(port)
                .setPid("master@127.0.0.1:" + port)
                .setHostname("127.0.0.1")
                .setVersion(VERSION)
                .setAddress(Address.newBuilder()
                        .setHostname("127.0.0.1")
                        .setIp("127.0.0.1")
                        .setPort(port))
                .addCapabilities(MasterInfo.Capability.newBuilder().setType(MasterInfo.Capability.Type.AGENT_UPDATE))
                .addCapabilities(MasterInfo.Capability.newBuilder().setType(MasterInfo.Capability.Type.AGENT_DRAINING))
                .addCapabilities(MasterInfo.Capability.newBuilder())
                .build();
        loop.ask(() -> state.masterInfo = info);
    }

    /** A valid SUBSCRIBE whose stream is open. */
    void subscribe(Call.Subscribe subscribe, String streamId, EventSink sink) {
        loop.post(() -> subscriptions.subscribe(subscribe, streamId, sink));
    }

    /** Any other valid call; checked against the subscription and performed before it is answered. */
    Answer call(Call call, Optional<String> streamId) {
        return loop.ask(() -> checked(call, streamId));
    }

    private Answer checked(Call call, Optional<String> streamId) {
        Optional<FrameworkEntry> found = state.framework(call.getFrameworkId());
        if (found.isEmpty()) {
            return Answer.text(400, "Framework cannot be found");
        }
        FrameworkEntry framework = found.get();
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
        return perform(framework, call);
    }

    private Answer perform(FrameworkEntry framework, Call call) {
        switch (call.getType()) {
            case TEARDOWN -> subscriptions.remove(framework);
            case ACCEPT -> launches.accept(framework, call.getAccept());
            case DECLINE -> launches.decline(framework, call.getDecline());
            case REVIVE -> subscriptions.revive(framework, call.getRevive().getRolesList());
            case SUPPRESS ->
                subscriptions.suppress(framework, call.getSuppress().getRolesList());
            case KILL -> tasks.kill(framework, call.getKill());
            case SHUTDOWN -> tasks.shutdown(framework, call.getShutdown());
            case ACKNOWLEDGE -> tasks.acknowledge(framework, call.getAcknowledge());
            case RECONCILE -> reconciliation.answer(framework, call.getReconcile());
            case MESSAGE -> tasks.message(framework, call.getMessage());
            // Nothing in this cluster makes inverse offers or operations, so there is nothing to do about them.
            case ACCEPT_INVERSE_OFFERS, DECLINE_INVERSE_OFFERS, ACKNOWLEDGE_OPERATION_STATUS -> {}
            case UPDATE_FRAMEWORK -> {
                return subscriptions.update(framework, call.getUpdateFramework());
            }
            case SUBSCRIBE, RECONCILE_OPERATIONS, REQUEST, UNKNOWN -> {
                return Answer.notImplemented();
            }
        }
        return Answer.accepted();
    }

    /** For the operator API: reads the state on the master's own thread. */
    public <T> T read(Function<View, T> question) {
        return loop.ask(() -> question.apply(new View(state)));
    }

    /** Gives false for an unknown agent. */
    public boolean deactivate(AgentID agent) {
        return loop.ask(() -> agents.deactivate(agent));
    }

    /** Gives false for an agent that is unknown or not deactivated. */
    public boolean reactivate(AgentID agent) {
        return loop.ask(() -> agents.reactivate(agent));
    }

    /** Gives false for an unknown agent. */
    public boolean drain(AgentID agent, DrainConfig config) {
        return loop.ask(() -> agents.drain(agent, config));
    }

    /** Gives false for an agent that nobody ever knew. */
    public boolean markGone(AgentID agent) {
        return loop.ask(() -> agents.gone(agent));
    }

    /** Gives false for an unknown framework. */
    public boolean teardown(FrameworkID framework) {
        return loop.ask(() -> {
            Optional<FrameworkEntry> found = state.framework(framework);
            found.ifPresent(subscriptions::remove);
            return found.isPresent();
        });
    }

    @Override
    public void register(Registration registration, Link link) {
        loop.post(() -> agents.register(registration, link));
    }

    @Override
    public void pong(AgentID agent) {
        loop.post(() -> agents.pong(agent));
    }

    @Override
    public void disconnected(AgentID agent) {
        loop.post(() -> agents.disconnected(agent));
    }

    @Override
    public void statusUpdate(AgentID agent, FrameworkID framework, TaskStatus status, TaskState latest) {
        loop.post(() -> tasks.update(agent, framework, status, latest));
    }

    @Override
    public void executorExited(AgentID agent, FrameworkID framework, ExecutorID executor, OptionalInt waitStatus) {
        loop.post(() -> tasks.executorExited(agent, framework, executor, waitStatus));
    }

    @Override
    public void executorMessage(AgentID agent, FrameworkID framework, ExecutorID executor, ByteString data) {
        loop.post(() -> tasks.executorMessage(agent, framework, executor, data));
    }

    /** Cuts every stream, as the end of the process would. */
    @Override
    public void close() {
        loop.ask(() -> {
            List.copyOf(state.frameworks.values())
                    .forEach(framework -> framework.subscription.ifPresent(
                            current -> current.sink().cut()));
            return true;
        });
        loop.close();
    }
}
