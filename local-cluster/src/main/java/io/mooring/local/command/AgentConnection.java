package io.mooring.local.command;

import com.google.protobuf.InvalidProtocolBufferException;
import io.mooring.common.mesoshttp.Tls;
import io.mooring.common.mesoshttp.TlsFiles;
import io.mooring.common.recordio.MalformedRecordException;
import io.mooring.common.recordio.RecordDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.apache.mesos.v1.executor.Protos.Call;
import org.apache.mesos.v1.executor.Protos.Event;

/** Speaks the executor API to the agent: protobuf over HTTP on loopback, with TLS where the agent has it. */
final class AgentConnection {
    /** The variable that no task may see. */
    static final String TOKEN = "MESOS_EXECUTOR_AUTHENTICATION_TOKEN";

    private static final int MAX_RECORD = 64 << 20;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String PROTOBUF = "application/x-protobuf";

    private final AgentEnvironment environment;
    private final Optional<SSLSocketFactory> tls;
    private volatile HttpURLConnection stream;

    AgentConnection(AgentEnvironment environment) {
        this.environment = environment;
        this.tls = environment.tls().map(AgentConnection::sockets);
    }

    private static SSLSocketFactory sockets(TlsFiles files) {
        try {
            return Tls.read(files).context().getSocketFactory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Subscribes and hands on every event until the stream ends.
     *
     * @param opened runs when the agent has accepted
     * @throws IOException when the agent is away, refuses, or its stream is cut
     */
    void follow(Call subscribe, Runnable opened, Consumer<Event> events) throws IOException {
        // An agent is silent for half an hour at a time.
        HttpURLConnection connection = post(subscribe, 0);
        stream = connection;
        if (connection.getResponseCode() != 200) {
            throw new IOException("SUBSCRIBE was answered " + connection.getResponseCode());
        }
        opened.run();
        RecordDecoder decoder = new RecordDecoder(MAX_RECORD, record -> events.accept(event(record)));
        byte[] buffer = new byte[8192];
        try (InputStream in = connection.getInputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                decoder.feed(buffer, 0, count);
            }
        } catch (MalformedRecordException e) {
            connection.disconnect();
            throw new IOException("the agent's stream is no RecordIO: " + e.getMessage(), e);
        }
    }

    private static Event event(byte[] record) {
        try {
            return Event.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the agent sent what is no event", e);
        }
    }

    /** Sends one call. One that is not taken ends the stream: it goes out with the next subscription. */
    void send(Call call) {
        HttpURLConnection open = stream;
        if (!taken(call) && open != null) {
            open.disconnect();
        }
    }

    private boolean taken(Call call) {
        try {
            HttpURLConnection connection = post(call, TIMEOUT_MILLIS);
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                if (body != null) {
                    body.readAllBytes();
                }
            }
            return status == 202;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpURLConnection post(Call call, int readTimeoutMillis) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create((tls.isPresent() ? "https://" : "http://") + environment.endpoint() + "/api/v1/executor")
                        .toURL()
                        .openConnection();
        if (connection instanceof HttpsURLConnection secured) {
            secured.setSSLSocketFactory(tls.orElseThrow());
            // The agent is named by its address, which is in few certificates; who signed it has been checked.
            secured.setHostnameVerifier((host, session) -> true);
        }
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(readTimeoutMillis);
        connection.setRequestProperty("Content-Type", PROTOBUF);
        connection.setRequestProperty("Accept", PROTOBUF);
        environment.token().ifPresent(token -> connection.setRequestProperty("Authorization", "Bearer " + token));
        byte[] body = call.toByteArray();
        connection.setFixedLengthStreamingMode(body.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        return connection;
    }
}
