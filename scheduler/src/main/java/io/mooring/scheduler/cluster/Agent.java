package io.mooring.scheduler.cluster;

import io.mooring.common.command.ExecutorReport.AgentReport;
import io.mooring.common.command.ExecutorReport.EngineReport;
import io.mooring.common.command.ExecutorReport.PluginReport;
import io.mooring.common.ids.AgentId;
import io.mooring.common.ids.BootId;
import io.mooring.common.ids.MachineKey;
import io.mooring.common.volume.DriverName;
import io.mooring.common.volume.VolumeName;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An agent as its offers and its last inspection show it. Not durable: a new leader learns it again.
 *
 * @param machine the machine that it runs on; empty until an attribute or an inspection says it
 * @param slots attach slots in all, offered and used together; empty if it offers none
 * @param inspected when its plugins were reported last
 * @param engine what its last inspection said of a Docker Engine
 */
public record Agent(
        AgentId id,
        String hostname,
        State state,
        Optional<MachineKey> machine,
        Optional<BootId> boot,
        Optional<String> zone,
        Map<String, String> attributes,
        List<PluginReport> plugins,
        List<VolumeName> unclean,
        Optional<Integer> slots,
        Optional<Instant> inspected,
        Optional<EngineReport> engine) {
    /** Among the attributes, the region of the agent's fault domain: no attribute that an operator gives is named so. */
    public static final String REGION = "@region";

    /** Whether the agent can be counted on. */
    public enum State {
        ACTIVE,
        UNREACHABLE,
        REMOVED
    }

    public Agent {
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
        plugins = List.copyOf(plugins);
        unclean = List.copyOf(unclean);
    }

    /** The region of its fault domain, or else its attribute of that name. */
    public Optional<String> region() {
        return Optional.ofNullable(attributes.get(REGION)).or(() -> Optional.ofNullable(attributes.get("region")));
    }

    /** The plugin of that name, if the last inspection found one. */
    public Optional<PluginReport> plugin(DriverName driver) {
        return plugins.stream().filter(plugin -> plugin.driver().equals(driver)).findFirst();
    }

    public Agent in(State next) {
        return new Agent(
                id, hostname, next, machine, boot, zone, attributes, plugins, unclean, slots, inspected, engine);
    }

    public Agent withSlots(int total) {
        return new Agent(
                id,
                hostname,
                state,
                machine,
                boot,
                zone,
                attributes,
                plugins,
                unclean,
                Optional.of(total),
                inspected,
                engine);
    }

    /** The agent with this in place of what it had said of that plugin. */
    public Agent with(PluginReport plugin) {
        List<PluginReport> changed = plugins.stream()
                .map(known -> known.driver().equals(plugin.driver()) ? plugin : known)
                .toList();
        return new Agent(
                id, hostname, state, machine, boot, zone, attributes, changed, unclean, slots, inspected, engine);
    }

    /** The agent as an inspection found it. */
    public Agent reported(AgentReport report, Instant now) {
        return new Agent(
                id,
                hostname,
                State.ACTIVE,
                Optional.of(report.machine()),
                Optional.of(report.boot()),
                zone,
                attributes,
                report.plugins(),
                report.unclean(),
                slots,
                Optional.of(now),
                report.engine());
    }
}
