package io.mooring.executor.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.mooring.executor.mount.Outcome;
import io.mooring.executor.mount.Refusal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Calls to one plugin: POST, JSON, one connection each, because plugins restart under us. A call whose connection never
 * stood was not sent and may be repeated; anything else that is not answered is {@link Outcome.Unknown}.
 */
final class PluginConnection implements AutoCloseable {
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final ContentType JSON = ContentType.create("application/json", StandardCharsets.UTF_8);

    private final PluginAddress address;
    private final ScheduledThreadPoolExecutor deadlines;
    private final CloseableHttpClient client;
    private final Breaker breaker;

    PluginConnection(PluginAddress address, ScheduledThreadPoolExecutor deadlines, PluginLimits limits)
            throws IOException {
        this.address = address;
        this.deadlines = deadlines;
        this.breaker = new Breaker(InstantSource.system(), limits);
        this.client = client(address, limits.connect());
    }

    private static CloseableHttpClient client(PluginAddress address, Duration connect) throws IOException {
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connect))
                        .build());
        if (address.tls().isPresent()) {
            connections.setTlsSocketStrategy(
                    new DefaultClientTlsStrategy(address.tls().get().context()));
        }
        HttpClientBuilder client = HttpClients.custom()
                .setConnectionManager(connections.build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression();
        return client.build();
    }

    /** Calls {@code /method}: done when there was an answer, of whatever kind. The deadline is for the whole call. */
    Outcome<PluginAnswer> exchange(String method, JsonNode body, Duration deadline) {
        Optional<String> closed = breaker.enter();
        if (closed.isPresent()) {
            return new Outcome.Refused<>(Refusal.NOT_REACHED, "plugin " + address + " was not asked: " + closed.get());
        }
        boolean answered = false;
        try {
            Outcome<PluginAnswer> outcome = send(method, body, deadline);
            answered = outcome instanceof Outcome.Done<PluginAnswer>;
            return outcome;
        } finally {
            if (answered) {
                breaker.answered();
            } else {
                breaker.silent();
            }
        }
    }

    private Outcome<PluginAnswer> send(String method, JsonNode body, Duration deadline) {
        HttpPost request = new HttpPost(address.base().resolve("/" + method));
        request.setHeader("Accept", "application/vnd.docker.plugins.v1.2+json");
        request.setEntity(new StringEntity(body.toString(), JSON));
        RequestConfig.Builder config = RequestConfig.custom().setResponseTimeout(Timeout.of(deadline));
        address.socket().ifPresent(config::setUnixDomainSocket);
        request.setConfig(config.build());
        ScheduledFuture<?> watch = deadlines.schedule(request::abort, deadline.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return client.execute(request, response -> new Outcome.Done<>(read(response)));
        } catch (IOException e) {
            return failed(method, request, e, deadline);
        } catch (UnresolvedAddressException e) {
            return new Outcome.Refused<>(Refusal.NOT_REACHED, "the address of plugin " + address + " is not known");
        } finally {
            watch.cancel(false);
        }
    }

    private Outcome<PluginAnswer> failed(String method, HttpPost request, IOException e, Duration deadline) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (request.isAborted()) {
            return new Outcome.Unknown<>(
                    method + " was not answered by plugin " + address + " within " + deadline.toSeconds() + " s");
        }
        if (neverConnected(e)) {
            return new Outcome.Refused<>(Refusal.NOT_REACHED, "plugin " + address + " is not reached: " + why);
        }
        return new Outcome.Unknown<>(method + ": the connection to plugin " + address + " broke: " + why);
    }

    private static boolean neverConnected(IOException e) {
        return e instanceof HttpHostConnectException
                || e instanceof ConnectTimeoutException
                || e instanceof ConnectException
                || e instanceof NoRouteToHostException
                || e instanceof UnknownHostException
                || e instanceof NoSuchFileException;
    }

    private static PluginAnswer read(ClassicHttpResponse response) throws IOException {
        byte[] bytes =
                response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity(), MOST_BYTES);
        Header type = response.getFirstHeader("Content-Type");
        return new PluginAnswer(
                response.getCode(),
                type == null ? "" : type.getValue(),
                bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }
}
