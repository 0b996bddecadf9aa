package io.mooring.scheduler.mesos;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How Mooring presents itself to Mesos.
 *
 * @param user FrameworkInfo.user; tasks of apps without a user run as it
 * @param principal whom the masters know; the one that authenticates
 * @param failoverTimeout how long Mesos keeps tasks whose scheduler is away; weeks
 * @param checkpointing whether tasks outlive a restart of their agent
 * @param optional capabilities beside those that Mooring cannot do without
 * @param leastOffer by role, which amounts an offer has to have at least: all of one map's, of any of them; empty for Mesos'
 *     own idea
 */
public record FrameworkSettings(
        String name,
        String user,
        List<String> roles,
        Optional<String> principal,
        Duration failoverTimeout,
        Checkpointing checkpointing,
        String hostname,
        String webUiUrl,
        Map<String, String> labels,
        Set<OptionalCapability> optional,
        Map<String, List<Map<String, Double>>> leastOffer,
        Wishes wishes) {
    /** Whether Mesos is told which agents' offers are of use. */
    public enum Wishes {
        SAID,
        /** For masters that do not know offer constraints. */
        KEPT
    }

    /** What becomes of tasks when their agent restarts. */
    public enum Checkpointing {
        /** They run on, and their executors connect again. */
        ON,
        /** They are killed, volumes and all. */
        OFF
    }

    /** What a framework says that it can use, so that Mesos offers it. */
    public enum OptionalCapability {
        /** Agents of other regions than the master's. */
        REGION_AWARE,
        /** Agents with GPUs, which are kept from frameworks that do not ask. */
        GPU_RESOURCES
    }

    public FrameworkSettings {
        roles = List.copyOf(roles);
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        optional = Collections.unmodifiableSet(new TreeSet<>(optional));
        leastOffer = Collections.unmodifiableMap(new TreeMap<>(leastOffer));
    }
}
