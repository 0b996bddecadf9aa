package io.mooring.local.app;

import io.mooring.local.agent.AgentSettings;
import io.mooring.local.agent.Reboot;
import io.mooring.local.fault.AgentFaults;
import io.mooring.local.fault.EventFaults;
import io.mooring.local.fault.Fault;
import io.mooring.local.fault.FaultApi;
import io.mooring.local.fault.Faults;
import io.mooring.local.fault.MasterFaults;
import io.mooring.local.link.Link;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.simulated.SimulatedAgents;
import io.mooring.local.wire.StreamFaults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;

/** Masters and agents in this process: the one place where they are put together. */
public final class LocalMesos implements Faults, MasterFaults.Target, AutoCloseable {
    private final ClusterSettings settings;
    private final InstantSource clock = InstantSource.system();
    private final StreamFaults streams = new StreamFaults();
    private final Masters masters;
    private final Map<String, AgentProcess> agents = Collections.synchronizedMap(new LinkedHashMap<>());
    private Optional<SimulatedAgents> simulated = Optional.empty();

    /**
     * Starts one master with agents.
     *
     * @param registry file of what outlives the master; absent: nothing does
     * @throws IOException if a port is taken; nothing is left running then
     */
    public static LocalMesos start(MasterSettings master, Optional<Path> registry, List<AgentSettings> agents)
            throws IOException {
        return start(ClusterSettings.of(master, agents).withRegistry(registry));
    }

    /**
     * Starts everything.
     *
     * @throws IOException if a port is taken or ZooKeeper does not answer; nothing is left running then
     */
    public static LocalMesos start(ClusterSettings settings) throws IOException {
        LocalMesos cluster = new LocalMesos(settings);
        try {
            cluster.open();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private LocalMesos(ClusterSettings settings) {
        this.settings = settings;
        List<Fault> faults = new ArrayList<>(AgentFaults.of(this));
        faults.addAll(MasterFaults.of(this));
        faults.addAll(EventFaults.of(streams));
        masters = new Masters(settings, new FaultApi(faults), streams, clock, this::links);
    }

    private void open() throws IOException {
        masters.start();
        for (AgentSettings each : settings.agents()) {
            addAgent(each);
        }
        simulated = settings.simulated().map(each -> new SimulatedAgents(each, masters.leader(), clock));
    }

    /** One more agent. @throws IOException if its port cannot be opened */
    public void addAgent(AgentSettings added) throws IOException {
        AgentProcess agent = new AgentProcess(
                added, new Link(masters.leader()), clock, streams, settings.credentials(), settings.tls());
        agents.put(added.name(), agent);
        agent.start();
    }

    private List<Link> links() {
        List<Link> all = new ArrayList<>();
        agents.values().forEach(agent -> all.add(agent.link()));
        simulated.ifPresent(each -> all.addAll(each.links().values()));
        return all;
    }

    /** The leader's. */
    public int masterPort() {
        return masters.ports().get(0);
    }

    /** Those of all masters, the leader's first. */
    public List<Integer> masterPorts() {
        return masters.ports();
    }

    /** How many frameworks are neither torn down nor timed out. */
    public int frameworks() {
        return masters.leader().read(view -> view.frameworks().getFrameworksCount());
    }

    /** How many agents are registered with the leader. */
    public int registeredAgents() {
        return masters.leader().read(view -> view.agents().getAgentsCount());
    }

    /** The port of an agent. */
    public int agentPort(String agent) throws UnknownAgentException {
        return agent(agent).port();
    }

    /** The id that the master gave to an agent; empty before and while it is stopped. */
    public Optional<AgentID> agentId(String name) throws UnknownAgentException {
        return agent(name).id();
    }

    @Override
    public void partition(String agent) throws UnknownAgentException {
        link(agent).become(Link.Condition.CUT);
    }

    @Override
    public void heal(String agent) throws UnknownAgentException {
        Link link = link(agent);
        link.become(Link.Condition.UP);
        if (agents.containsKey(agent)) {
            agents.get(agent).reconnect();
        } else {
            link.lead(masters.leader());
        }
    }

    @Override
    public void restartAgent(String agent) throws UnknownAgentException, IOException {
        stopAgent(agent);
        startAgent(agent);
    }

    @Override
    public void rebootAgent(String agent, Reboot.Identity identity) throws UnknownAgentException, IOException {
        agent(agent).reboot(identity);
    }

    @Override
    public void stopAgent(String agent) throws UnknownAgentException {
        agent(agent).kill();
    }

    @Override
    public void startAgent(String agent) throws UnknownAgentException, IOException {
        agent(agent).start();
    }

    @Override
    public void unregister(String agent) throws UnknownAgentException {
        agent(agent).unregister();
    }

    @Override
    public boolean killExecutor(String agent, String executor) throws UnknownAgentException {
        return agent(agent).killExecutor(executor);
    }

    @Override
    public void failOver(Optional<Duration> leaderless, Duration recovery) throws IOException {
        masters.failOver(leaderless.orElse(settings.sessionTimeout()), recovery);
    }

    @Override
    public void suspendMaster(Optional<Duration> leaderless) throws IOException {
        masters.suspend(leaderless.orElse(settings.sessionTimeout()));
    }

    @Override
    public void resumeMaster() throws IOException {
        masters.resume();
    }

    @Override
    public int expireOffers(Optional<String> framework, Optional<String> agent, Optional<String> offer) {
        return masters.leader().orders().expireOffers(framework, agent, offer);
    }

    private AgentProcess agent(String name) throws UnknownAgentException {
        AgentProcess agent = agents.get(name);
        if (agent == null) {
            throw new UnknownAgentException(name, agents.keySet());
        }
        return agent;
    }

    private Link link(String name) throws UnknownAgentException {
        Link ofSimulated =
                simulated.map(SimulatedAgents::links).orElse(Map.of()).get(name);
        return ofSimulated == null ? agent(name).link() : ofSimulated;
    }

    /** Ends all executors orderly, at most in the time given, then everything else. */
    public void shutdown(Duration patience) {
        List<Thread> enders = agents.entrySet().stream()
                .map(each -> new Thread(() -> each.getValue().shutdownExecutors(patience), "end-" + each.getKey()))
                .toList();
        enders.forEach(Thread::start);
        for (Thread ender : enders) {
            try {
                ender.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        close();
    }

    /** Ends the processes of the cluster as a crash would: the executors live on. */
    @Override
    public void close() {
        agents.values().forEach(AgentProcess::close);
        simulated.ifPresent(SimulatedAgents::close);
        masters.close();
        streams.close();
    }
}
