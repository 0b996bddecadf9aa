package io.mooring.local.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;

/** What an agent knows: itself and the runs of its executors. Only the agent's loop touches it. */
final class AgentState {
    private record Key(String framework, String executor) {}

    private final Map<Key, ExecutorRun> runs = new LinkedHashMap<>();

    /** Ended runs whose last updates are not acknowledged; the master wants to hear of their tasks. */
    private final List<ExecutorRun> ended = new ArrayList<>();

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
