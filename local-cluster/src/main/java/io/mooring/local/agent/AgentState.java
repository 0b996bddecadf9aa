package io.mooring.local.agent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;

/** What an agent knows: itself and the runs of its executors. Only the agent's loop touches it. */
final class AgentState {
    private record Key(String framework, String executor) {}

    /** As many as a real agent keeps of one framework by default. */
    private static final int MAX_COMPLETED = 150;

    private final Map<Key, ExecutorRun> runs = new LinkedHashMap<>();

    /** Ended runs whose last updates are not acknowledged; the master wants to hear of their tasks. */
    private final List<ExecutorRun> ended = new ArrayList<>();

    /** Runs that are over and told, as operators may ask for them. */
    private final Deque<ExecutorRun> completed = new ArrayDeque<>();

    AgentInfo info;
    Optional<DrainConfig> draining = Optional.empty();

    AgentState(AgentInfo info) {
        this.info = info;
    }

    void add(ExecutorRun run) {
        runs.put(new Key(run.frameworkId(), run.executorId()), run);
    }

    /** The run is over; it stays known until {@link #forget}. */
    void end(ExecutorRun run) {
        runs.remove(new Key(run.frameworkId(), run.executorId()), run);
        ended.add(run);
    }

    void forget(ExecutorRun run) {
        ended.remove(run);
        if (!completed.contains(run)) {
            completed.addLast(run);
        }
        if (completed.size() > MAX_COMPLETED) {
            completed.removeFirst();
        }
    }

    /** Oldest first. */
    List<ExecutorRun> completed() {
        return List.copyOf(completed);
    }

    /** The run of that executor that is not over. */
    Optional<ExecutorRun> find(String framework, String executor) {
        return Optional.ofNullable(runs.get(new Key(framework, executor)));
    }

    /** A run of that executor that is over, but not told yet. */
    Optional<ExecutorRun> findEnded(String framework, String executor) {
        return ended.stream()
                .filter(run ->
                        run.frameworkId().equals(framework) && run.executorId().equals(executor))
                .findFirst();
    }

    boolean knowsFramework(String framework) {
        return all().stream().anyMatch(run -> run.frameworkId().equals(framework));
    }

    List<ExecutorRun> running() {
        return List.copyOf(runs.values());
    }

    List<ExecutorRun> all() {
        List<ExecutorRun> all = new ArrayList<>(runs.values());
        all.addAll(ended);
        return all;
    }
}
