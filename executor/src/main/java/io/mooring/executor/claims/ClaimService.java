package io.mooring.executor.claims;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mooring.common.command.ClaimOrder;
import io.mooring.common.command.ExecutorReport;
import io.mooring.common.command.MalformedMessageException;
import io.mooring.common.command.MessageCodec;
import io.mooring.common.ids.ClaimId;
import io.mooring.common.mesoshttp.Tls;
import io.mooring.common.mesoshttp.TlsFiles;
import io.mooring.executor.run.Tenure.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Calls to the schedulers: each address in turn until one has answered. A call whose answer was lost is simply made again,
 * because each names what it is about.
 */
public final class ClaimService implements AutoCloseable {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final int GRANTED = 201;
    private static final int DONE = 200;
    private static final int UNKNOWN = 404;
    private static final int CONFLICT = 409;
    private static final int WRONG = 422;
    private static final int NOT_LET_IN = 401;
    private static final int NOT_ALLOWED = 403;

    private final ClaimSettings settings;
    private final MessageCodec codec = new MessageCodec();
    private final ObjectMapper json = new ObjectMapper();
    private final CloseableHttpClient client;

    /**
     * Calls nobody yet.
     *
     * @throws IOException if the authorities' certificates cannot be read
     */
    public ClaimService(ClaimSettings settings) throws IOException {
        this.settings = settings;
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout(settings.request()))
                        .setSocketTimeout(timeout(settings.request()))
                        .build());
        if (settings.authorities().isPresent()) {
            Tls tls = Tls.read(new TlsFiles(
                    settings.authorities(), Optional.empty(), Optional.empty(), TlsFiles.Verification.CHAIN_AND_HOST));
            connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(tls.context()));
        }
        this.client = HttpClients.custom()
                .setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(timeout(settings.request()))
                        .build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .build();
    }

    private static Timeout timeout(Duration time) {
        return Timeout.ofMilliseconds(Math.max(1, time.toMillis()));
    }

    public Reply reserve(ClaimOrder order) {
        return call(codec.encode(order), "/v1/claims", HttpPost::new);
    }

    public Reply activate(ClaimId id, ExecutorReport request) {
        return call(codec.encode(request), path(id, "activate"), HttpPost::new);
    }

    /**
     * Says that the holder is alive.
     *
     * @param mounts told once everything is mounted
     */
    public Reply heartbeat(ClaimId id, Optional<ExecutorReport> mounts) {
        return call(mounts.map(codec::encode).orElse(new byte[0]), path(id, "heartbeat"), HttpPut::new);
    }

    public Reply release(ClaimId id, ExecutorReport record) {
        return call(codec.encode(record), path(id, "release"), HttpPost::new);
    }

    private static String path(ClaimId id, String step) {
        return "/v1/claims/" + id.value().replaceAll("[^A-Za-z0-9_.-]", "_") + "/" + step;
    }

    private interface Method {
        HttpUriRequestBase to(URI address);
    }

    /** The first answer counts; who did not answer is told together. */
    private Reply call(byte[] body, String path, Method method) {
        StringBuilder silent = new StringBuilder();
        for (URI scheduler : settings.schedulers()) {
            try {
                HttpUriRequestBase request =
                        method.to(URI.create(scheduler.toString().replaceAll("/+$", "") + path));
                request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
                token().ifPresent(secret -> request.setHeader("Authorization", "Bearer " + secret));
                Reply reply = client.execute(request, this::read);
                if (!(reply instanceof Reply.Unknown unknown)) {
                    return reply;
                }
                silent.append(silent.isEmpty() ? "" : "; ")
                        .append(scheduler)
                        .append(": ")
                        .append(unknown.reason());
            } catch (IOException e) {
                silent.append(silent.isEmpty() ? "" : "; ")
                        .append(scheduler)
                        .append(": ")
                        .append(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
            }
        }
        return new Reply.Unknown(silent.toString());
    }

    /** Read anew for each call, so that it may be replaced while a task runs. */
    private Optional<String> token() throws IOException {
        return settings.token().isPresent()
                ? Optional.of(Files.readString(settings.token().get()).strip())
                : Optional.empty();
    }

    private Reply read(ClassicHttpResponse response) throws IOException {
        byte[] body = bytes(response.getEntity());
        return switch (response.getCode()) {
            case DONE, GRANTED -> {
                try {
                    yield new Reply.Done(codec.decodeClaimAnswer(body));
                } catch (MalformedMessageException e) {
                    yield new Reply.Unknown(e.getMessage());
                }
            }
            case CONFLICT, WRONG, UNKNOWN -> refused(response, body);
            case NOT_LET_IN, NOT_ALLOWED ->
                new Reply.Unknown("answered " + response.getCode() + ", so the token is wrong ("
                        + settings.token().map(Object::toString).orElse("no tokenFile is configured") + ")");
            default -> new Reply.Unknown("answered " + response.getCode());
        };
    }

    /** Only in the scheduler's own form: a proxy that knows no such page says nothing of claims. */
    private Reply refused(ClassicHttpResponse response, byte[] body) throws IOException {
        ContentType type = ContentType.parse(
                response.getEntity() == null ? null : response.getEntity().getContentType());
        if (type == null || !ContentType.APPLICATION_PROBLEM_JSON.isSameMimeType(type)) {
            return new Reply.Unknown("answered " + response.getCode() + ", and not as a scheduler of Mooring's does");
        }
        return response.getCode() == UNKNOWN ? new Reply.NotKnown(problem(body)) : new Reply.Refused(problem(body));
    }

    private static byte[] bytes(HttpEntity entity) throws IOException {
        return entity == null ? new byte[0] : entity.getContent().readNBytes(MOST_BYTES);
    }

    /** The refusal in words, with the fields that are wrong. */
    private String problem(byte[] body) throws IOException {
        JsonNode problem = json.readTree(body);
        StringBuilder words = new StringBuilder(problem.path("detail").asText("refused without a reason"));
        for (JsonNode error : problem.path("errors")) {
            words.append("; ")
                    .append(error.path("path").asText())
                    .append(' ')
                    .append(error.path("what").asText())
                    .append(", expected: ")
                    .append(error.path("expected").asText());
        }
        return words.toString();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
