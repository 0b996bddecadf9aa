package io.mooring.local.master;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.mesos.v1.Protos.TaskState;

/** The numbers that tools ask a master for. Valid only while the master answers one question. */
public final class Metrics {
    private final ClusterState state;

    Metrics(ClusterState state) {
        this.state = state;
    }

    /** By name, sorted. */
    public Map<String, Double> all(Instant now) {
        Map<String, Double> all = new TreeMap<>();
        all.put("master/elected", 1.0);
        all.put("master/uptime_secs", Times.seconds(now) - Times.seconds(state.elected));
        frameworks(all);
        agents(all);
        tasks(all);
        resources(all);
        all.put("master/outstanding_offers", (double) state.offers.size());
        return all;
    }

    private void frameworks(Map<String, Double> all) {
        long connected = state.frameworks.values().stream()
                .filter(FrameworkEntry::connected)
                .count();
        double others = state.frameworks.size() - connected;
        all.put("master/frameworks_active", (double) connected);
        all.put("master/frameworks_connected", (double) connected);
        all.put("master/frameworks_disconnected", others);
        all.put("master/frameworks_inactive", others);
    }

    private void agents(Map<String, Double> all) {
        all.put("master/slaves_active", count(AgentEntry::isActive));
        all.put("master/slaves_connected", count(agent -> agent.connected));
        all.put("master/slaves_disconnected", count(agent -> !agent.connected));
        all.put("master/slaves_inactive", count(agent -> !agent.isActive()));
        all.put("master/slaves_unreachable", (double) state.registry.unreachableCount());
        all.put("master/recovery_slave_removals", 0.0);
    }

    private double count(Predicate<AgentEntry> which) {
        return state.agents.values().stream().filter(which).count();
    }

    private void tasks(Map<String, Double> all) {
        for (TaskState each : TaskState.values()) {
            if (each == TaskState.TASK_UNKNOWN) {
                continue;
            }
            String name =
                    "master/tasks_" + each.name().substring("TASK_".length()).toLowerCase(Locale.ROOT);
            all.put(name, TaskEntry.isTerminal(each) ? (double) state.tally.of(each) : now(each));
        }
    }

    private double now(TaskState wanted) {
        long count = 0;
        for (FrameworkEntry framework : state.frameworks.values()) {
            count += wanted == TaskState.TASK_UNREACHABLE
                    ? framework.unreachable.size()
                    : framework.tasks.values().stream()
                            .filter(task -> task.task().getState() == wanted)
                            .count();
        }
        return count;
    }

    private void resources(Map<String, Double> all) {
        for (String name : new String[] {"cpus", "mem", "disk", "gpus"}) {
            double total = 0;
            double used = 0;
            for (AgentEntry agent : state.agents.values()) {
                total += agent.total.scalar(name);
                used += agent.allocated().scalar(name);
            }
            all.put("master/" + name + "_total", total);
            all.put("master/" + name + "_used", used);
            all.put("master/" + name + "_percent", total == 0 ? 0 : used / total);
        }
    }
}
