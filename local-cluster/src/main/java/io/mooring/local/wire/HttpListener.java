package io.mooring.local.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP port on 127.0.0.1. */
public final class HttpListener implements AutoCloseable {
    /** Largest request body in bytes; the frames of the API have the same cap. */
    static final int MAX_BODY = 64 << 20;

    /** All bodies together that are being read. */
    private static final long MAX_BODIES = 4L * MAX_BODY;

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    private static final int MAX_THREADS = 64;

    /** A connection without a stream may stay silent that long, also in the middle of a head or body. */
    private static final long IDLE_TIMEOUT_MILLIS = 90_000;

    /** Below those that Linux gives to connections, 32768 to 60999, and those that agents offer to tasks. */
    private static final int FIRST_PORT = 10_000;

    private static final int LAST_PORT = 30_000;
    private static final int MOST_TRIES = 50;
    private static final int PAUSE_MILLIS = 40;

    private final boolean anyPort;
    private final Server server;
    private final ServerConnector connector;
    private final Set<String> toBeAnswered = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Opens the port and serves.
     *
     * @param port 0 for any free port
     * @param tls absent: plain HTTP
     * @throws IOException when the port is taken
     */
    public static HttpListener open(String name, int port, Optional<ServerTls> tls, Endpoint endpoint)
            throws IOException {
        HttpListener listener = new HttpListener(name, port, tls, endpoint);
        listener.start();
        return listener;
    }

    private HttpListener(String name, int port, Optional<ServerTls> tls, Endpoint endpoint) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 2);
        threads.setName("http-" + name);
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        // Otherwise values that Jetty knows come in its own letter case, and Mesos tells them apart.
        http.setHeaderCacheCaseSensitive(true);
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        connector = tls.isEmpty()
                ? new ServerConnector(server, 1, 1, plain)
                : new ServerConnector(server, factory(tls.get()), plain);
        connector.setHost("127.0.0.1");
        anyPort = port == 0;
        connector.setPort(port);
        connector.setReuseAddress(true);
        connector.setIdleTimeout(IDLE_TIMEOUT_MILLIS);
        server.addConnector(connector);
        server.setHandler(new Serve(endpoint));
        server.setStopTimeout(0);
    }

    private static SslContextFactory.Server factory(ServerTls tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(tls.context());
        factory.setNeedClientAuth(tls.clients() == ServerTls.Clients.CERTIFIED);
        return factory;
    }

    private void start() throws IOException {
        try {
            open();
            server.start();
        } catch (IOException e) {
            throw new IOException("cannot listen on 127.0.0.1:" + connector.getPort() + ": " + e.getMessage(), e);
        } catch (Exception e) { // Jetty's lifecycle declares it
            throw new IOException("cannot start the HTTP server on 127.0.0.1:" + connector.getPort(), e);
        }
    }

    /**
     * Any port is one that the kernel gives to nobody by itself: one who stops listening for a while has to find it free
     * when they come back, and nobody else there.
     */
    private void open() throws IOException {
        if (!anyPort) {
            openGiven();
            return;
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            connector.setPort(ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT));
            try {
                connector.open();
                return;
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("port {} is taken", connector.getPort());
            }
        }
        connector.open();
    }

    /**
     * A program that is being started holds, for a moment, all that this process had open, and with it a port that was
     * closed just now: one that seems taken may be free soon.
     */
    private void openGiven() throws IOException {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                connector.open();
                return;
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("port {} is taken, so far", connector.getPort());
                pause();
            }
        }
        connector.open();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a port");
        }
    }

    /** The port really in use. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Closes the port and cuts every connection; one whose caller is to be answered in any case, after that. */
    @Override
    public void close() {
        closed = true;
        connector.close();
        connector.getConnectedEndPoints().stream()
                .filter(each -> !toBeAnswered.contains(name(each.getRemoteSocketAddress())))
                .forEach(EndPoint::close);
        if (toBeAnswered.isEmpty()) {
            stop();
        }
    }

    /** A connection that has just broken has no address any more. */
    private static String name(SocketAddress caller) {
        return String.valueOf(caller);
    }

    private void answered(String caller) {
        if (toBeAnswered.remove(caller) && toBeAnswered.isEmpty() && closed) {
            new Thread(this::stop, "http-end").start(); // not by one of the threads that it waits for
        }
    }

    private void stop() {
        try {
            server.stop();
        } catch (Exception e) { // Jetty's lifecycle declares it
            LOG.atDebug().setCause(e).log("HTTP server stopped with an error");
        }
    }

    private final class Serve extends Handler.Abstract {
        private final Endpoint endpoint;
        private final BodyReader.Budget budget = new BodyReader.Budget(MAX_BODIES);

        Serve(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (request.getLength() > MAX_BODY) {
                write(tooLarge(), request, response, callback);
                return true;
            }
            new BodyReader(request, MAX_BODY, budget, new BodyReader.Outcome() {
                        @Override
                        public void read(byte[] body) {
                            String caller = name(request.getConnectionMetaData().getRemoteSocketAddress());
                            Callback done = Callback.from(callback, () -> answered(caller));
                            Exchange exchange =
                                    new Exchange(request, response, done, body, () -> toBeAnswered.add(caller));
                            serve(exchange, request, response, done);
                        }

                        @Override
                        public void refused(Answer answer) {
                            write(answer, request, response, callback);
                        }

                        @Override
                        public void failed(Throwable cause) {
                            LOG.atDebug().setCause(cause).log("request body not read");
                            callback.failed(cause);
                        }
                    })
                    .run();
            return true;
        }

        private static Answer tooLarge() {
            return Answer.text(413, "The body is larger than " + MAX_BODY + " bytes");
        }

        private void serve(Exchange exchange, Request request, Response response, Callback callback) {
            Optional<Answer> answer;
            try {
                answer = endpoint.serve(exchange);
            } catch (RefusedException e) {
                answer = Optional.of(e.answer());
            } catch (IllegalStateException e) { // what it asked is closing down
                LOG.atDebug().setCause(e).log("not served");
                answer = Optional.of(Answer.text(503, "Service unavailable"));
            }
            if (!exchange.isStreaming()) {
                answer.ifPresent(given -> write(given, request, response, callback));
            }
        }

        private static void write(Answer answer, Request request, Response response, Callback callback) {
            response.setStatus(answer.status());
            answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
            response.getHeaders().put("Content-Length", answer.body().size());
            boolean head = request.getMethod().equals("HEAD");
            response.write(true, head ? BufferUtil.EMPTY_BUFFER : answer.body().asReadOnlyByteBuffer(), callback);
        }
    }
}
