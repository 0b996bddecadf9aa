package io.mooring.common.mesoshttp;

import io.mooring.common.recordio.MalformedRecordException;
import io.mooring.common.recordio.RecordDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
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
    private final Optional<String> authorization;
    private final Limits limits;
    private final CloseableHttpClient client;
    private final AtomicReference<HttpPost> subscription = new AtomicReference<>();
    private volatile String streamId;

    /**
     * How long and how much is waited for and read.
     *
     * @param connect until a connection stands
     * @param call until a call is answered; after that its outcome is unknown
     * @param silence until a stream without any event counts as dead; zero for never
     * @param maxRecordBytes a longer event ends the stream
     */
    public record Limits(Duration connect, Duration call, Duration silence, int maxRecordBytes) {}

    /**
     * @param endpoint the whole address, such as {@code http://host:5050/api/v1/scheduler}
     * @param authorization the value of the header of that name, sent with every call
     */
    public MesosHttp(URI endpoint, Optional<String> authorization, Limits limits) {
        this.endpoint = endpoint;
        this.authorization = authorization;
        this.limits = limits;
        ConnectionConfig connections = ConnectionConfig.custom()
                .setConnectTimeout(timeout(limits.connect()))
                .setSocketTimeout(timeout(limits.call()))
                .build();
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDefaultConnectionConfig(connections)
                        .setMaxConnPerRoute(2)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .build();
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
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(timeout(limits.silence()))
                .build());
        streamId = null;
        subscription.set(request);
        try {
            return client.execute(request, response -> read(response, opened, records));
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return streamId == null ? new StreamEnd.Unavailable(reason) : new StreamEnd.Closed(reason);
        } finally {
            subscription.compareAndSet(request, null);
            streamId = null;
        }
    }

    /** Sends one call on the running subscription and waits for its answer. */
    public synchronized CallOutcome call(byte[] call) {
        HttpPost request = request(call);
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(timeout(limits.call()))
                .build());
        String id = streamId;
        if (id != null && !id.isEmpty()) {
            request.addHeader(STREAM_ID, id);
        }
        try {
            return client.execute(request, MesosHttp::outcome);
        } catch (IOException e) {
            return new CallOutcome.Unknown(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
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
        client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }

    private HttpPost request(byte[] body) {
        HttpPost request = new HttpPost(endpoint);
        request.setHeader("Accept", PROTOBUF.getMimeType());
        authorization.ifPresent(value -> request.setHeader("Authorization", value));
        request.setEntity(new ByteArrayEntity(body, PROTOBUF));
        return request;
    }

    private StreamEnd read(ClassicHttpResponse response, Runnable opened, Consumer<byte[]> records) throws IOException {
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
        opened.run();
        return follow(response.getEntity(), records);
    }

    private StreamEnd follow(HttpEntity entity, Consumer<byte[]> records) throws IOException {
        RecordDecoder decoder = new RecordDecoder(limits.maxRecordBytes(), records);
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
        if (status >= 400 && status < 500) {
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

    private static Timeout timeout(Duration duration) {
        return Timeout.of(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
