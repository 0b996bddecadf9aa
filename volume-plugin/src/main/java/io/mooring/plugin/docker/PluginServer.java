package io.mooring.plugin.docker;

import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves calls at one endpoint. */
public final class PluginServer {
    private static final Logger LOG = LoggerFactory.getLogger(PluginServer.class);
    /** Calls wait for their volume's lane on a thread; there must be enough for many slow volumes and a quick one. */
    private static final int MAX_THREADS = 512;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Endpoint endpoint;
    private final Optional<SpecFile> spec;
    private final Server server;
    private final boolean inherited;

    /**
     * Prepares the server; it listens once it is started.
     *
     * @param endpoint where to listen
     * @param calls what to serve
     * @throws IOException when a socket that this process was given cannot be looked at
     */
    public PluginServer(Endpoint endpoint, Handler calls) throws IOException {
        this.endpoint = endpoint;
        this.inherited = endpoint instanceof Endpoint.Socket socket && InheritedSocket.listensAt(socket.path());
        this.spec = endpoint instanceof Endpoint.Tcp tcp
                ? Optional.of(new SpecFile(tcp.spec(), tcp.toString()))
                : Optional.empty();
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
        threads.setName("call");
        this.server = new Server(threads);
        server.addConnector(connector());
        server.setHandler(new GracefulHandler(calls));
        server.setErrorHandler(new UnreadableRequest());
        server.setStopTimeout(STOP_PATIENCE.toMillis());
    }

    private AbstractConnector connector() {
        AbstractConnector connector;
        if (endpoint instanceof Endpoint.Tcp tcp) {
            ServerConnector port = new ServerConnector(server, 1, 1, new EngineConnections());
            port.setHost(tcp.host());
            port.setPort(tcp.port());
            connector = port;
        } else {
            UnixDomainServerConnector socket = new UnixDomainServerConnector(server, 1, 1, new EngineConnections());
            Path path = ((Endpoint.Socket) endpoint).path();
            socket.setInheritChannel(inherited);
            // The connector removes this path when it stops; an inherited socket is another's and stays.
            socket.setUnixDomainPath(inherited ? path.resolveSibling(path.getFileName() + ".inherited") : path);
            connector = socket;
        }
        connector.setIdleTimeout(Duration.ofMinutes(30).toMillis());
        return connector;
    }

    /**
     * Makes a socket's path free; done before anything else is touched on behalf of this process.
     *
     * @throws VolumeException when another process serves the socket, or something else lies there
     */
    public void clearSocket() throws VolumeException, IOException {
        if (endpoint instanceof Endpoint.Socket socket && !inherited) {
            PluginSocket.clear(socket.path());
        }
    }

    /**
     * Starts to listen; when it returns, calls are answered.
     *
     * @throws VolumeException when the endpoint cannot be bound
     */
    public void start() throws VolumeException, IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new VolumeException("cannot listen on " + endpoint + ": " + e.getMessage(), e);
        } catch (Exception e) { // Jetty's start declares no less
            throw new IllegalStateException("cannot start the server", e);
        }
        if (endpoint instanceof Endpoint.Socket socket && !inherited) {
            Files.setPosixFilePermissions(socket.path(), PosixFilePermissions.fromString("rw-------"));
        }
        if (spec.isPresent()) {
            spec.get().write();
        }
        LOG.atInfo()
                .addKeyValue("endpoint", endpoint)
                .addKeyValue("inherited", inherited)
                .log("Ready");
    }

    /** Lets the calls in flight end, within a bound, and removes its files; does nothing if it never listened. */
    public void stop() {
        if (!server.isStarted()) {
            return;
        }
        try {
            server.stop();
        } catch (Exception e) { // Jetty's stop declares no less
            LOG.atWarn().setCause(e).log("Calls were cut off");
        }
        spec.ifPresent(SpecFile::remove);
        if (endpoint instanceof Endpoint.Socket socket && !inherited) {
            remove(socket.path());
        }
    }

    private static void remove(Path socket) {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("Left the socket");
        }
    }
}
