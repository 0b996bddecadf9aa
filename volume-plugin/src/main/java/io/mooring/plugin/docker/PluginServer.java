package io.mooring.plugin.docker;

import io.mooring.plugin.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves calls on a unix socket that only root may use. */
public final class PluginServer {
    private static final Logger LOG = LoggerFactory.getLogger(PluginServer.class);
    /** Calls wait for their volume's lane on a thread; there must be enough for many slow volumes and a quick one. */
    private static final int MAX_THREADS = 512;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Path socket;
    private final Server server;

    /**
     * Prepares the server; it listens once it is started.
     *
     * @param socket where to listen
     * @param calls what to serve
     */
    public PluginServer(Path socket, Handler calls) {
        this.socket = socket;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
        threads.setName("call");
        this.server = new Server(threads);
        UnixDomainServerConnector connector = new UnixDomainServerConnector(server, 1, 1, new EngineConnections());
        connector.setUnixDomainPath(socket);
        connector.setIdleTimeout(Duration.ofMinutes(30).toMillis());
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(calls));
        server.setStopTimeout(STOP_PATIENCE.toMillis());
    }

    /**
     * Makes the socket's path free; done before anything else is touched on behalf of this process.
     *
     * @throws VolumeException when another process serves the socket, or something else lies there
     */
    public void clearSocket() throws VolumeException, IOException {
        PluginSocket.clear(socket);
    }

    /**
     * Starts to listen; when it returns, calls are answered.
     *
     * @throws VolumeException when the socket cannot be bound
     */
    public void start() throws VolumeException, IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new VolumeException("cannot listen on " + socket + ": " + e.getMessage(), e);
        } catch (Exception e) { // Jetty's start declares no less
            throw new IllegalStateException("cannot start the server", e);
        }
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        LOG.atInfo().addKeyValue("socket", socket).log("Ready");
    }

    /** Lets the calls in flight end, within a bound, and removes the socket; does nothing if it never listened. */
    public void stop() {
        if (!server.isStarted()) {
            return;
        }
        try {
            server.stop();
        } catch (Exception e) { // Jetty's stop declares no less
            LOG.atWarn().setCause(e).log("Calls were cut off");
        }
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("Left the socket");
        }
    }
}
