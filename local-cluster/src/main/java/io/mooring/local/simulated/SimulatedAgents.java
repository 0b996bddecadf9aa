package io.mooring.local.simulated;

import io.mooring.local.link.Link;
import io.mooring.local.link.MasterPort;
import io.mooring.local.loop.EventLoop;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** All simulated agents of a cluster, on one thread. */
public final class SimulatedAgents implements AutoCloseable {
    private final EventLoop loop = new EventLoop("simulated-agents");
    private final Map<String, Link> links = new LinkedHashMap<>();

    /** Starts them; they register at once. */
    public SimulatedAgents(SimulatedSettings settings, MasterPort master, InstantSource clock) {
        for (int number = 1; number <= settings.count(); number++) {
            Link link = new Link(master);
            links.put(SimulatedSettings.name(number), link);
            new SimulatedAgent(settings, number, loop, link, clock).start();
        }
    }

    /** By the names of the agents. */
    public Map<String, Link> links() {
        return new LinkedHashMap<>(links);
    }

    @Override
    public void close() {
        loop.close();
    }
}
