package io.mooring.local.master;

import io.mooring.local.loop.EventLoop;
import io.mooring.local.wire.Answer;
import io.mooring.local.wire.EventSink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of frameworks: subscribed, disconnected, failed over, torn down. */
final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final ClusterState state;
    private final EventLoop loop;
    private final Allocation allocation;
    private final Operations operations;
    private final TaskNews news;
    private final Statuses statuses;
    private final InstantSource clock;
    private final MasterSettings settings;

    Subscriptions(
            ClusterState state,
            EventLoop loop,
            Allocation allocation,
            Operations operations,
            TaskNews news,
            Statuses statuses,
            InstantSource clock,
            MasterSettings settings) {
        this.state = state;
        this.loop = loop;
        this.allocation = allocation;
        this.operations = operations;
        this.news = news;
        this.statuses = statuses;
        this.clock = clock;
        this.settings = settings;
    }

    /** A SUBSCRIBE whose stream is open: SUBSCRIBED and offers, or one ERROR and the end. */
    void subscribe(Call.Subscribe subscribe, String streamId, EventSink sink) {
        FrameworkInfo info = subscribe.getFrameworkInfo();
        Optional<String> error = FrameworkValidation.error(
                        info, subscribe.getSuppressedRolesList(), subscribe.getOfferConstraints())
                .or(() -> root(info))
                .or(() -> removed(info));
        FrameworkEntry known = state.frameworks.get(info.getId().getValue());
        if (error.isEmpty() && known != null && !known.info.getPrincipal().equals(info.getPrincipal())) {
            error = Optional.of("Changing framework's principal is not allowed.");
        }
        if (error.isPresent()) {
            refuse(sink, error.get());
            return;
        }
        FrameworkEntry framework = known == null ? added(info) : renewed(known, info);
        connect(framework, subscribe, new FrameworkEntry.Subscription(streamId, sink));
        // Only for a new one: the real allocator, too, lets others wait for the next round.
        if (known == null) {
            allocation.soon();
            state.watchers.frameworkAdded(FrameworkView.event(framework));
        } else {
            state.watchers.frameworkUpdated(FrameworkView.event(framework));
        }
    }

    private Optional<String> root(FrameworkInfo info) {
        boolean refused = settings.rootSubmissions() == MasterSettings.RootSubmissions.REFUSED
                && info.getUser().equals("root");
        return refused
                ? Optional.of("User 'root' is not allowed to run frameworks without --root_submissions set")
                : Optional.empty();
    }

    private Optional<String> removed(FrameworkInfo info) {
        return info.hasId() && state.removedFrameworks.containsKey(info.getId().getValue())
                ? Optional.of("Framework has been removed")
                : Optional.empty();
    }

    private static void refuse(EventSink sink, String message) {
        sink.send(error(message));
        sink.end();
    }

    private static Event error(String message) {
        return Event.newBuilder()
                .setType(Event.Type.ERROR)
                .setError(Event.Error.newBuilder().setMessage(message))
                .build();
    }

    private FrameworkEntry added(FrameworkInfo info) {
        boolean failover = info.hasId() && !info.getId().getValue().isEmpty();
        FrameworkID id = failover ? info.getId() : state.newFrameworkId();
        FrameworkEntry framework = new FrameworkEntry(info.toBuilder().setId(id).build(), clock.instant());
        state.frameworks.put(framework.id, framework);
        adoptTasks(framework);
        tellAgents(framework);
        LOG.atInfo().addKeyValue("framework", framework.id).log("framework subscribed");
        return framework;
    }

    /** After a restart of the master the agents may have been here first, with the framework's tasks. */
    private void adoptTasks(FrameworkEntry framework) {
        for (AgentEntry agent : state.agents.values()) {
            agent.tasks.forEach((key, task) -> {
                if (key.framework().equals(framework.id)) {
                    framework.tasks.put(key.id(), task);
                }
            });
        }
    }

    /** The newer subscription wins; user and checkpoint never change, a removed field is removed. */
    private FrameworkEntry renewed(FrameworkEntry known, FrameworkInfo info) {
        known.heartbeat.cancel();
        known.failover.cancel();
        known.subscription.ifPresent(older -> {
            older.sink().send(error("Framework failed over"));
            older.sink().end();
        });
        allocation.dropAll(known);
        known.info = info.toBuilder()
                .setUser(known.info.getUser())
                .setCheckpoint(known.info.getCheckpoint())
                .build();
        known.recovered = false;
        known.reregistered = clock.instant();
        tellAgents(known);
        return known;
    }

    /** What the framework has not acknowledged need not wait for its next retry. */
    private void tellAgents(FrameworkEntry framework) {
        for (AgentEntry agent : state.agents.values()) {
            agent.link.toAgent(port -> port.frameworkResubscribed(framework.info));
        }
    }

    private void connect(FrameworkEntry framework, Call.Subscribe subscribe, FrameworkEntry.Subscription subscription) {
        framework.subscription = Optional.of(subscription);
        framework.suppressedRoles.clear();
        framework.suppressedRoles.addAll(subscribe.getSuppressedRolesList());
        framework.constraints = new OfferConstraintsFilter(subscribe.getOfferConstraints());
        framework.send(Event.newBuilder()
                .setType(Event.Type.SUBSCRIBED)
                .setSubscribed(Event.Subscribed.newBuilder()
                        .setFrameworkId(framework.frameworkId())
                        .setHeartbeatIntervalSeconds((double) HEARTBEAT.toSeconds())
                        .setMasterInfo(state.masterInfo))
                .build());
        Event heartbeat = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();
        framework.send(heartbeat);
        framework.heartbeat = loop.every(HEARTBEAT, () -> framework.send(heartbeat));
        subscription.sink().onClose(() -> loop.post(() -> closed(framework, subscription)));
    }

    private void closed(FrameworkEntry framework, FrameworkEntry.Subscription subscription) {
        boolean current = framework.subscription.filter(subscription::equals).isPresent();
        if (!current || state.frameworks.get(framework.id) != framework) {
            return;
        }
        framework.subscription = Optional.empty();
        framework.heartbeat.cancel();
        allocation.dropAll(framework);
        double seconds = Math.max(0, framework.info.getFailoverTimeout());
        framework.failover =
                loop.after(Duration.ofMillis(Math.round(Math.min(seconds * 1000, 1e15))), () -> remove(framework));
        LOG.atInfo()
                .addKeyValue("framework", framework.id)
                .addKeyValue("failoverSeconds", seconds)
                .log("framework disconnected");
    }

    /** Tears down: executors end, the id is dead, nothing more is told to the framework. */
    void remove(FrameworkEntry framework) {
        if (state.frameworks.remove(framework.id) == null) {
            return;
        }
        state.removedFrameworks.put(framework.id, framework);
        framework.heartbeat.cancel();
        framework.failover.cancel();
        allocation.dropAll(framework);
        endTasks(framework);
        operations.forget(framework);
        for (AgentEntry agent : state.agents.values()) {
            agent.link.toAgent(port -> port.shutdownFramework(framework.frameworkId()));
            agent.tasks.keySet().removeIf(key -> key.framework().equals(framework.id));
            agent.executors.keySet().removeIf(key -> key.framework().equals(framework.id));
        }
        framework.unregistered = Optional.of(clock.instant());
        state.watchers.frameworkRemoved(framework.info);
        framework.subscription.ifPresent(current -> current.sink().end());
        framework.subscription = Optional.empty();
        allocation.soon();
        LOG.atInfo().addKeyValue("framework", framework.id).log("framework removed");
    }

    /** Only operators hear of it: the framework is told nothing more. */
    private void endTasks(FrameworkEntry framework) {
        List<TaskEntry> all = new ArrayList<>(framework.tasks.values());
        all.addAll(framework.unreachable.values());
        for (TaskEntry task : all) {
            if (!task.isOver()) {
                TaskStatus.Builder status = statuses.made(
                        task.task().getTaskId(),
                        task.task().getAgentId(),
                        TaskState.TASK_KILLED,
                        TaskStatus.Reason.REASON_FRAMEWORK_REMOVED,
                        "Framework " + framework.id + " removed");
                if (task.task().hasExecutorId()) {
                    status.setExecutorId(task.task().getExecutorId());
                }
                news.tellOperators(framework, task, status.build());
            }
            framework.complete(task);
        }
        framework.tasks.clear();
        framework.unreachable.clear();
    }

    /** UPDATE_FRAMEWORK: the one call that is answered when it is done. */
    Answer update(FrameworkEntry framework, Call.UpdateFramework update, Optional<String> principal) {
        FrameworkInfo info = update.getFrameworkInfo();
        if (principal.isPresent() && !info.hasPrincipal()) {
            info = info.toBuilder().setPrincipal(principal.get()).build();
        }
        Optional<String> invalid =
                FrameworkValidation.error(info, update.getSuppressedRolesList(), update.getOfferConstraints());
        if (invalid.isPresent()) {
            return Answer.text(400, "Supplied FrameworkInfo is not valid: " + invalid.get());
        }
        Optional<String> fixed = changesWhatIsFixed(framework.info, info);
        if (fixed.isPresent()) {
            return Answer.text(400, "FrameworkInfo update is not valid: " + fixed.get());
        }
        framework.info = info;
        framework.suppressedRoles.clear();
        framework.suppressedRoles.addAll(update.getSuppressedRolesList());
        framework.constraints = new OfferConstraintsFilter(update.getOfferConstraints());
        allocation.rescindForeignRoles(framework);
        state.watchers.frameworkUpdated(FrameworkView.event(framework));
        return Answer.ok();
    }

    private static Optional<String> changesWhatIsFixed(FrameworkInfo now, FrameworkInfo wanted) {
        if (!now.getPrincipal().equals(wanted.getPrincipal())) {
            return Optional.of("Changing framework's principal is not allowed.");
        }
        if (!now.getUser().equals(wanted.getUser())) {
            return Optional.of(unsupported("user", now.getUser(), wanted.getUser()));
        }
        return now.getCheckpoint() == wanted.getCheckpoint()
                ? Optional.empty()
                : Optional.of(unsupported("checkpoint", now.getCheckpoint(), wanted.getCheckpoint()));
    }

    private static String unsupported(String field, Object now, Object wanted) {
        return "Updating 'FrameworkInfo." + field + "' is unsupported; attempted to update from '" + now + "' to '"
                + wanted + "'";
    }

    void suppress(FrameworkEntry framework, List<String> roles) {
        framework.suppressedRoles.addAll(roles.isEmpty() ? framework.roles() : roles);
    }

    void revive(FrameworkEntry framework, List<String> roles) {
        framework.suppressedRoles.removeAll(roles.isEmpty() ? framework.roles() : roles);
        allocation.forget(framework, roles);
        allocation.soon();
    }
}
