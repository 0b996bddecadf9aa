package io.mooring.local.agent;

import com.google.protobuf.ByteString;
import io.mooring.local.link.Link;
import io.mooring.local.loop.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** Carries status updates to the master until they are acknowledged. */
final class Updates {
    private record Key(String framework, String task) {}

    private static final class Entry {
        final FrameworkID framework;
        final UpdateStream stream = new UpdateStream();
        final String containerId;
        final List<TaskStatus> history = new ArrayList<>();
        Optional<TaskStatus> forwarded = Optional.empty();
        EventLoop.Timer retry = () -> {};

        Entry(FrameworkID framework, String containerId) {
            this.framework = framework;
            this.containerId = containerId;
        }

        /** The last one of each state, without what only the framework is to read. */
        void remember(TaskStatus status) {
            int last = history.size() - 1;
            if (last >= 0 && history.get(last).getState() == status.getState()) {
                history.remove(last);
            }
            history.add(status.toBuilder().clearData().build());
        }
    }

    /**
     * What was said of a task until now.
     *
     * @param history the last update of each state, acknowledged or not
     * @param forwarded the last that the master was told
     */
    record Said(List<TaskStatus> history, Optional<TaskStatus> forwarded) {
        Said {
            history = List.copyOf(history);
        }
    }

    private final EventLoop loop;
    private final Link link;
    private final Checkpoint checkpoint;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    private Optional<AgentID> agent = Optional.empty();

    Updates(EventLoop loop, Link link, Checkpoint checkpoint) {
        this.loop = loop;
        this.link = link;
        this.checkpoint = checkpoint;
    }

    /**
     * The master knows this agent now: everything that waits is sent; twice if the agent came back, as real agents do, so
     * that nobody gets used to updates that come once.
     */
    void registered(AgentID id) {
        boolean cameBack = checkpoint.agentId().isPresent();
        agent = Optional.of(id);
        entries.values().forEach(this::forward);
        if (cameBack) {
            entries.values().forEach(this::forward);
        }
    }

    /** Stores the update and sends it when its turn comes. */
    void add(ExecutorRun run, TaskStatus status) {
        Entry entry = entry(run, status.getTaskId());
        if (!entry.stream.add(status)) {
            return;
        }
        entry.remember(status);
        checkpoint.append(run.containerId, new Checkpoint.Updated(status));
        if (entry.stream.pending().size() == 1) {
            forward(entry);
        }
    }

    /** Puts a checkpointed update back; nothing is sent yet. */
    void restore(ExecutorRun run, TaskStatus status) {
        Entry entry = entry(run, status.getTaskId());
        if (entry.stream.add(status)) {
            entry.remember(status);
        }
    }

    Said said(String framework, String task) {
        Entry entry = entries.get(new Key(framework, task));
        return entry == null ? new Said(List.of(), Optional.empty()) : new Said(entry.history, entry.forwarded);
    }

    /** Gives the acknowledged update; empty for a late duplicate. */
    Optional<TaskStatus> acknowledge(String framework, TaskID task, ByteString uuid) {
        Key key = new Key(framework, task.getValue());
        Entry entry = entries.get(key);
        Optional<TaskStatus> head = entry == null ? Optional.empty() : entry.stream.head();
        if (entry == null || !entry.stream.acknowledge(uuid)) {
            return Optional.empty();
        }
        entry.retry.cancel();
        entry.forwarded = head;
        // Real agents drop whatever an executor sent after a terminal update that is acknowledged.
        if (Tasks.isTerminal(head.orElseThrow().getState())) {
            entries.remove(key);
        } else {
            forward(entry);
        }
        return head;
    }

    /** Which run's journal the acknowledgement belongs into. */
    Optional<String> containerOf(String framework, TaskID task) {
        return Optional.ofNullable(entries.get(new Key(framework, task.getValue())))
                .map(entry -> entry.containerId);
    }

    /** The framework is back: what it has not acknowledged comes again at once. */
    void resend(String framework) {
        entries.forEach((key, entry) -> {
            if (key.framework().equals(framework)) {
                forward(entry);
            }
        });
    }

    /** Nobody wants these any more. */
    void forget(String framework) {
        entries.entrySet().removeIf(entry -> {
            boolean theirs = entry.getKey().framework().equals(framework);
            if (theirs) {
                entry.getValue().retry.cancel();
            }
            return theirs;
        });
    }

    /** The newest state of the task; STAGING before its first update. */
    TaskState latest(String framework, String task) {
        Entry entry = entries.get(new Key(framework, task));
        return entry == null ? TaskState.TASK_STAGING : entry.stream.latest();
    }

    List<TaskStatus> pending(String framework, String task) {
        Entry entry = entries.get(new Key(framework, task));
        return entry == null ? List.of() : entry.stream.pending();
    }

    /** True if any update of the run is not acknowledged. */
    boolean hasPending(ExecutorRun run) {
        return entries.values().stream()
                .anyMatch(entry -> entry.containerId.equals(run.containerId)
                        && entry.stream.head().isPresent());
    }

    private Entry entry(ExecutorRun run, TaskID task) {
        return entries.computeIfAbsent(
                new Key(run.frameworkId(), task.getValue()), key -> new Entry(run.framework.getId(), run.containerId));
    }

    private void forward(Entry entry) {
        entry.retry.cancel();
        if (agent.isEmpty() || entry.stream.head().isEmpty()) {
            return;
        }
        TaskStatus head = entry.stream.head().get();
        entry.forwarded = Optional.of(head);
        TaskState latest = entry.stream.latest();
        link.toMaster(master -> master.statusUpdate(agent.get(), entry.framework, head, latest));
        entry.retry = loop.after(entry.stream.nextRetry(), () -> forward(entry));
    }
}
