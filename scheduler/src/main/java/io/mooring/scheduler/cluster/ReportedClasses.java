package io.mooring.scheduler.cluster;

import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.volume.DriverName;
import io.mooring.scheduler.volume.FenceClass;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The worst class that the plugins of a driver are of, on any agent that is not gone. What is declared holds for the
 * storage as it should be set up; a plugin that is set up otherwise on one machine takes the guarantee from all.
 */
final class ReportedClasses {
    private final Map<DriverName, EnumMap<FenceClass, Integer>> counts = new TreeMap<>();

    void add(Agent agent) {
        count(agent, 1);
    }

    void remove(Agent agent) {
        count(agent, -1);
    }

    Optional<FenceClass> worst(DriverName driver) {
        EnumMap<FenceClass, Integer> classes = counts.get(driver);
        return classes == null ? Optional.empty() : classes.keySet().stream().reduce((better, worse) -> worse);
    }

    private void count(Agent agent, int change) {
        if (agent.state() == Agent.State.REMOVED) {
            return;
        }
        for (PluginReport plugin : agent.plugins()) {
            reported(plugin)
                    .ifPresent(fenceClass -> counts.compute(plugin.driver(), (driver, present) -> {
                        EnumMap<FenceClass, Integer> classes =
                                present == null ? new EnumMap<>(FenceClass.class) : present;
                        classes.merge(fenceClass, change, (before, by) -> before + by == 0 ? null : before + by);
                        return classes.isEmpty() ? null : classes;
                    }));
        }
    }

    /** A word that is no class, as a later version may send, says nothing. */
    private static Optional<FenceClass> reported(PluginReport plugin) {
        for (FenceClass known : FenceClass.values()) {
            if (plugin.fenceClass().filter(known.name()::equals).isPresent()) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }
}
