package io.mooring.common.mesoshttp;

import io.mooring.common.recordio.MalformedRecordException;
import io.mooring.common.recordio.RecordDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * One side of the Mesos v1 HTTP API with protobuf bodies: a stream of events, and calls beside it. It moves bytes; what
 * they mean is the caller's.
 *
 * <p>Mesos keeps the order of calls on one connection only. Calls are therefore one at a time, each
 * answered before the next is sent, whoever makes them.
 */
public final class MesosHttp implements AutoCloseable {
    private static final String STREAM_ID = "Mesos-Stream-Id";
    private static final ContentType PROTOBUF = ContentType.create("application/x-protobuf");
    private static final int MOST_TEXT = 4096;

    private final URI endpoint;
    private final Access access;
    private final Limits limits;
    private final Optional<Path> socket;
    private final CloseableHttpClient client;
    private final Patience patience = new Patience();
    private final AtomicReference<HttpPost> subscription = new AtomicReference<>();
    private volatile String streamId;

    /**
     * How long and how much is waited for and read.
     *
     * @param connect until a connection stands
     * @param call until a call is answered as a whole; after that its outcome is unknown
     * @param silence until a stream without a whole event counts as dead; zero for never
     * @param maxRecordBytes a longer event ends the stream
     */
    public record Limits(Duration connect, Duration call, Duration silence, int maxRecordBytes) {}

    /** @param endpoint the whole address, such as {@code http://host:5050/api/v1/scheduler} */
    public MesosHttp(URI endpoint, Access access, Limits limits) {
        this(endpoint, access, limits, Optional.empty());
    }

    /**
     * @param endpoint the whole address, such as {@code http://host:5051/slave(1)/api/v1/executor}
     * @param socket the unix socket that is spoken to, instead of the host that the endpoint names
     */
    public MesosHttp(URI endpoint, Access access, Limits limits, Optional<Path> socket) {
        this.endpoint = endpoint;
        this.access = access;
        this.limits = limits;
        this.socket = socket;
        this.client = HttpClients.custom()
                .setConnectionManager(connections(endpoint, access, limits))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(URI endpoint, Access access, Limits limits) {
        ConnectionConfig connections = ConnectionConfig.custom()
                .setConnectTimeout(timeout(limits.connect()))
                .setSocketTimeout(timeout(limits.call()))
                .build();
        // Where silence means nothing, only the kernel notices that the other machine is gone.
        SocketConfig sockets = SocketConfig.custom()
                .setSoKeepAlive(true)
                .setTcpKeepIdle(60)
                .setTcpKeepInterval(15)
                .setTcpKeepCount(4)
                .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(connections)
                .setDefaultSocketConfig(sockets)
                .setTlsSocketStrategy(tls(endpoint, access))
                .setMaxConnPerRoute(2)
                .build();
    }

    private static TlsSocketStrategy tls(URI endpoint, Access access) {
        if (!"https".equals(endpoint.getScheme())) {
            // Without any, the client would read the JVM's certificates at each start, for nothing.
            return (socket, target, port, attachment, context) -> {
                throw new SSLException(target + " is not spoken to by TLS");
            };
        }
        if (access.tls().isEmpty()) {
            return DefaultClientTlsStrategy.createDefault();
        }
        Tls tls = access.tls().get();
        return switch (tls.verification()) {
            case CHAIN_AND_HOST -> new DefaultClientTlsStrategy(tls.context());
            case CHAIN ->
                new DefaultClientTlsStrategy(
                        tls.context(), HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE);
        };
    }

    /**
     * Subscribes and hands on each event until the stream ends; returns why. Blocks, so give it a thread of its own.
     *
     * @param opened runs once when the other side has accepted, before the first event
     * @param records is given each event's bytes, in order, on this thread
     */
    public StreamEnd subscribe(byte[] call, Runnable opened, Consumer<byte[]> records) {
        HttpPost request = request(call);
        // The client reads a stream under its response timeout, so this is what silence is measured by.
        request.setConfig(within(limits.silence()));
        streamId = null;
        subscription.set(request);
        try (Patience.Wait answer = patience.waitFor(limits.call(), request::cancel)) {
            try {
                return client.execute(request, response -> read(response, answer, opened, records));
            } catch (IOException e) {
                String reason = answer.spent() ? "no whole answer within " + limits.call() : words(e);
                return streamId == null ? new StreamEnd.Unavailable(reason) : new StreamEnd.Closed(reason);
            }
        } finally {
            subscription.compareAndSet(request, null);
            streamId = null;
        }
    }

    /** Sends one call on the running subscription and waits for its answer. */
    public synchronized CallOutcome call(byte[] call) {
        HttpPost request = request(call);
        request.setConfig(within(limits.call()));
        String id = streamId;
        if (id != null && !id.isEmpty()) {
            request.addHeader(STREAM_ID, id);
        }
        try (Patience.Wait answer = patience.waitFor(limits.call(), request::cancel)) {
            try {
                return client.execute(request, MesosHttp::outcome);
            } catch (IOException e) {
                return new CallOutcome.Unknown(answer.spent() ? "no whole answer within " + limits.call() : words(e));
            }
        }
    }

    /**
     * Asks something that is answered at once, such as the operator API's questions.
     *
     * @param most how many bytes of an answer are taken
     * @throws IOException if there is no answer, another one than 200, or a longer one
     */
    public byte[] ask(byte[] question, int most) throws IOException {
        HttpPost request = request(question);
        Patience.Wait answer = patience.waitFor(limits.call(), request::cancel);
        try {
            return client.execute(request, response -> answer(response, most));
        } finally {
            answer.close();
        }
    }

    private byte[] answer(ClassicHttpResponse response, int most) throws IOException {
        if (response.getCode() != 200) {
            throw new IOException(endpoint + " answered " + response.getCode() + " " + text(response.getEntity()));
        }
        try (InputStream body = response.getEntity().getContent()) {
            byte[] bytes = body.readNBytes(most);
            if (body.read() >= 0) {
                throw new IOException(endpoint + " answered with more than " + most + " bytes");
            }
            return bytes;
        }
    }

    /** Ends the running subscription, if there is one; {@link #subscribe} then returns. */
    public void disconnect() {
        HttpPost request = subscription.getAndSet(null);
        if (request != null) {
            request.cancel();
        }
    }

    @Override
    public void close() {
        disconnect();
        patience.close();
        client.close(CloseMode.IMMEDIATE);
    }

    private HttpPost request(byte[] body) {
        HttpPost request = new HttpPost(endpoint);
        request.setHeader("Accept", PROTOBUF.getMimeType());
        access.authorization().get().ifPresent(value -> request.setHeader("Authorization", value));
        request.setEntity(new ByteArrayEntity(body, PROTOBUF));
        return request;
    }

    private StreamEnd read(
            ClassicHttpResponse response, Patience.Wait answer, Runnable opened, Consumer<byte[]> records)
            throws IOException {
        int status = response.getCode();
        if (status == 307) {
            return redirect(response);
        }
        if (status == 503 || status == 404) {
            return new StreamEnd.Unavailable(status + " " + text(response.getEntity()));
        }
        if (status != 200) {
            return new StreamEnd.Refused(status, text(response.getEntity()));
        }
        Header id = response.getFirstHeader(STREAM_ID);
        streamId = id == null ? "" : id.getValue();
        answer.close();
        opened.run();
        try (Patience.Wait event = patience.waitFor(limits.silence(), this::disconnect)) {
            try {
                return follow(response.getEntity(), event, records);
            } catch (IOException e) {
                return new StreamEnd.Closed(event.spent() ? "no whole event for " + limits.silence() : words(e));
            }
        }
    }

    private StreamEnd follow(HttpEntity entity, Patience.Wait event, Consumer<byte[]> records) throws IOException {
        RecordDecoder decoder = new RecordDecoder(limits.maxRecordBytes(), record -> {
            // What the reader takes its time for is not the other side's silence.
            event.pause();
            records.accept(record);
            event.heard();
        });
        byte[] buffer = new byte[16 * 1024];
        try (InputStream stream = entity.getContent()) {
            while (true) {
                int count = stream.read(buffer);
                if (count < 0) {
                    return new StreamEnd.Closed(
                            decoder.atBoundary() ? "ended by the other side" : "cut inside an event");
                }
                try {
                    decoder.feed(buffer, 0, count);
                } catch (MalformedRecordException e) {
                    // Cut before the stream is closed: closing one that goes on would read it to its end.
                    disconnect();
                    return new StreamEnd.Closed(e.getMessage());
                }
            }
        }
    }

    private StreamEnd redirect(ClassicHttpResponse response) {
        Header location = response.getFirstHeader("Location");
        if (location == null) {
            return new StreamEnd.Unavailable("a redirect without a location");
        }
        try {
            // Protocol-relative: the scheme is the request's.
            return new StreamEnd.Redirected(endpoint.resolve(location.getValue()));
        } catch (IllegalArgumentException e) {
            return new StreamEnd.Unavailable("a redirect to '" + location.getValue() + "', which is no address");
        }
    }

    private static CallOutcome outcome(ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        if (status == 202 || status == 200) {
            EntityUtils.consume(response.getEntity());
            return new CallOutcome.Accepted();
        }
        String reason = text(response.getEntity());
        if ((status >= 400 && status < 500) || status == 501) {
            return new CallOutcome.Refused(status, reason);
        }
        return new CallOutcome.Unknown(status + " " + reason);
    }

    private static String text(HttpEntity entity) throws IOException {
        if (entity == null) {
            return "";
        }
        byte[] bytes = EntityUtils.toByteArray(entity, MOST_TEXT);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static String words(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private RequestConfig within(Duration response) {
        RequestConfig.Builder config = RequestConfig.custom().setResponseTimeout(timeout(response));
        socket.ifPresent(config::setUnixDomainSocket);
        return config.build();
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.of(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
