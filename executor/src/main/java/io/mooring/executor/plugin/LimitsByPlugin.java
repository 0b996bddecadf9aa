package io.mooring.executor.plugin;

import io.mooring.common.volume.DriverName;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The limits of each plugin of this machine.
 *
 * @param byName those that have some of their own
 * @param others of all others
 */
public record LimitsByPlugin(Map<DriverName, PluginLimits> byName, PluginLimits others) {
    /** The usual ones for all. */
    public static final LimitsByPlugin USUAL = new LimitsByPlugin(Map.of(), PluginLimits.USUAL);

    public LimitsByPlugin {
        byName = Map.copyOf(byName);
    }

    /** Those of this plugin. */
    PluginLimits of(DriverName driver) {
        return byName.getOrDefault(driver, others);
    }

    /** The same, waiting for so long for one that is not there. */
    public LimitsByPlugin waiting(Duration wait) {
        return new LimitsByPlugin(
                byName.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                        .waiting(wait))),
                others.waiting(wait));
    }
}
