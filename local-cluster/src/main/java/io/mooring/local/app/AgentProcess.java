package io.mooring.local.app;

import io.mooring.local.agent.Agent;
import io.mooring.local.agent.AgentApi;
import io.mooring.local.agent.AgentSettings;
import io.mooring.local.agent.Reboot;
import io.mooring.local.link.Link;
import io.mooring.local.wire.BasicAuthentication;
import io.mooring.local.wire.Credentials;
import io.mooring.local.wire.Endpoint;
import io.mooring.local.wire.HttpListener;
import io.mooring.local.wire.ServerTls;
import io.mooring.local.wire.StreamFaults;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;

/** One agent process, running or not: its port, its agent, its network. */
final class AgentProcess implements AutoCloseable {
    private final AgentSettings settings;
    private final Link link;
    private final InstantSource clock;
    private final StreamFaults streams;
    private final Optional<Credentials> credentials;
    private final Optional<ServerTls> tls;
    private Optional<Agent> agent = Optional.empty();
    private HttpListener listener;
    private int port;

    AgentProcess(
            AgentSettings settings,
            Link link,
            InstantSource clock,
            StreamFaults streams,
            Optional<Credentials> credentials,
            Optional<ServerTls> tls) {
        this.settings = settings;
        this.link = link;
        this.clock = clock;
        this.streams = streams;
        this.credentials = credentials;
        this.tls = tls;
        this.port = settings.port();
    }

    Link link() {
        return link;
    }

    synchronized int port() {
        return port;
    }

    synchronized Optional<AgentID> id() {
        return agent.flatMap(Agent::id);
    }

    /** Starts it in its work directory, if it does not run. @throws IOException if its port cannot be opened */
    synchronized void start() throws IOException {
        if (agent.isPresent()) {
            return;
        }
        Agent started = new Agent(settings, link, clock);
        Endpoint endpoint = new AgentApi(started, streams);
        if (credentials.isPresent()) {
            endpoint = new BasicAuthentication(endpoint, credentials.get(), AgentApi::realm);
        }
        try {
            listener = HttpListener.open(settings.name(), port, tls, endpoint);
        } catch (IOException e) {
            started.close();
            throw e;
        }
        port = listener.port();
        agent = Optional.of(started);
        started.start(port);
    }

    /** SIGKILL: the port is closed, streams are cut, executors live on. */
    synchronized void kill() {
        agent.ifPresent(running -> {
            running.close();
            listener.close();
        });
        agent = Optional.empty();
    }

    /** The machine's reboot. @throws IOException if something of it stayed, or the port cannot be opened */
    synchronized void reboot(Reboot.Identity identity) throws IOException {
        kill();
        new Reboot(settings).strike(identity);
        start();
    }

    synchronized void reconnect() {
        agent.ifPresent(Agent::reconnect);
    }

    synchronized void unregister() {
        agent.ifPresent(Agent::unregister);
    }

    synchronized boolean killExecutor(String executor) {
        return agent.map(running -> running.killExecutor(executor)).orElse(false);
    }

    synchronized void shutdownExecutors(Duration patience) {
        agent.ifPresent(running -> running.shutdownExecutors(patience));
    }

    /** The whole cluster ends: the master is not to notice. */
    @Override
    public synchronized void close() {
        link.become(Link.Condition.CUT);
        kill();
    }
}
