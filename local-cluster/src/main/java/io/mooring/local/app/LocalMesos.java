package io.mooring.local.app;

import io.mooring.local.agent.Agent;
import io.mooring.local.agent.AgentApi;
import io.mooring.local.agent.AgentSettings;
import io.mooring.local.agent.Reboot;
import io.mooring.local.fault.FaultApi;
import io.mooring.local.fault.Faults;
import io.mooring.local.link.Link;
import io.mooring.local.master.Master;
import io.mooring.local.master.MasterSettings;
import io.mooring.local.operator.MasterEndpoints;
import io.mooring.local.wire.HttpListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;

/** A master and its agents in this process: the one place where they are put together. */
public final class LocalMesos implements Faults, AutoCloseable {
    /** An agent and its port; absent while it is stopped. */
    private static final class Node {
        final AgentSettings settings;
        final Link link;
        Agent agent;
        HttpListener listener;
        int port;

        Node(AgentSettings settings, Link link) {
            this.settings = settings;
            this.link = link;
            this.port = settings.port();
        }
    }

    private final InstantSource clock = InstantSource.system();
    private final Master master;
    private final HttpListener listener;
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    /**
     * Starts everything.
     *
     * @param registry file of what outlives the master; absent: nothing does
     * @throws IOException if a port is taken; nothing is left running then
     */
    public static LocalMesos start(MasterSettings master, Optional<Path> registry, List<AgentSettings> agents)
            throws IOException {
        LocalMesos cluster = new LocalMesos(master, registry);
        try {
            for (AgentSettings settings : agents) {
                Node node = new Node(settings, new Link(cluster.master));
                cluster.nodes.put(settings.name(), node);
                cluster.open(node);
            }
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private LocalMesos(MasterSettings settings, Optional<Path> registry) throws IOException {
        master = new Master(settings, registry, clock);
        try {
            listener = HttpListener.open("master", settings.port(), new MasterEndpoints(master, new FaultApi(this)));
        } catch (IOException e) {
            master.close();
            throw e;
        }
        master.listening(listener.port());
    }

    private void open(Node node) throws IOException {
        Agent agent = new Agent(node.settings, node.link, clock);
        try {
            node.listener = HttpListener.open(node.settings.name(), node.port, new AgentApi(agent));
        } catch (IOException e) {
            agent.close();
            throw e;
        }
        node.port = node.listener.port();
        node.agent = agent;
        agent.start(node.port);
    }

    public int masterPort() {
        return listener.port();
    }

    /** How many frameworks are neither torn down nor timed out. */
    public int frameworks() {
        return master.read(view -> view.frameworks().getFrameworksCount());
    }

    /** The port of an agent. */
    public int agentPort(String agent) throws UnknownAgentException {
        return node(agent).port;
    }

    /** The id that the master gave to an agent; empty before and while it is stopped. */
    public synchronized Optional<AgentID> agentId(String name) throws UnknownAgentException {
        Node node = node(name);
        return node.agent == null ? Optional.empty() : node.agent.id();
    }

    @Override
    public void partition(String agent) throws UnknownAgentException {
        node(agent).link.become(Link.Condition.CUT);
    }

    @Override
    public synchronized void heal(String agent) throws UnknownAgentException {
        Node node = node(agent);
        node.link.become(Link.Condition.UP);
        if (node.agent != null) {
            node.agent.reconnect();
        }
    }

    @Override
    public synchronized void restartAgent(String agent) throws UnknownAgentException, IOException {
        stopAgent(agent);
        startAgent(agent);
    }

    @Override
    public synchronized void stopAgent(String agent) throws UnknownAgentException {
        Node node = node(agent);
        if (node.agent != null) {
            node.agent.close();
            node.listener.close();
            node.agent = null;
        }
    }

    @Override
    public synchronized void startAgent(String agent) throws UnknownAgentException, IOException {
        Node node = node(agent);
        if (node.agent == null) {
            open(node);
        }
    }

    @Override
    public synchronized void rebootAgent(String agent, Reboot.Identity identity)
            throws UnknownAgentException, IOException {
        stopAgent(agent);
        new Reboot(node(agent).settings).strike(identity);
        startAgent(agent);
    }

    @Override
    public synchronized boolean killExecutor(String agent, String executor) throws UnknownAgentException {
        Node node = node(agent);
        return node.agent != null && node.agent.killExecutor(executor);
    }

    private Node node(String agent) throws UnknownAgentException {
        Node node = nodes.get(agent);
        if (node == null) {
            throw new UnknownAgentException(agent, nodes.keySet());
        }
        return node;
    }

    /** Ends all executors orderly, at most in the time given, then everything else. */
    public synchronized void shutdown(Duration patience) {
        List<Thread> enders = nodes.values().stream()
                .filter(node -> node.agent != null)
                .map(node -> new Thread(() -> node.agent.shutdownExecutors(patience), "end-" + node.settings.name()))
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
    public synchronized void close() {
        for (Node node : nodes.values()) {
            if (node.agent != null) {
                node.link.become(Link.Condition.CUT);
                node.agent.close();
                node.listener.close();
                node.agent = null;
            }
        }
        master.close();
        listener.close();
    }
}
