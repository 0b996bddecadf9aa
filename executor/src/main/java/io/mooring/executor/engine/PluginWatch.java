package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.PluginHealth;
import io.mooring.common.command.TaskOrder.ClaimedVolume;
import io.mooring.common.volume.DriverName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells the scheduler when a plugin of a running task's volumes does not answer any more, and when it does again. The
 * workload goes on either way: its mounts need no plugin until they are to be undone.
 */
final class PluginWatch {
    private final AgentPort agent;
    private final List<DriverName> drivers;
    private final Set<DriverName> silent = new HashSet<>();

    PluginWatch(AgentPort agent, List<ClaimedVolume> volumes) {
        this.agent = agent;
        this.drivers = volumes.stream()
                .map(volume -> volume.request().driver())
                .distinct()
                .toList();
    }

    List<DriverName> drivers() {
        return drivers;
    }

    /** Trouble is told each time, because a message may be lost and a new leader knows nothing of it. */
    void asked(Event.PluginAsked asked) {
        boolean was = asked.trouble().isPresent() ? !silent.add(asked.driver()) : silent.remove(asked.driver());
        if (was || asked.trouble().isPresent()) {
            agent.message(new PluginHealth(asked.driver(), asked.trouble()));
        }
    }
}
