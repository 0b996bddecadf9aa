package io.mooring.executor.claims;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mooring.common.ids.ClaimId;
import io.mooring.executor.run.Tenure.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an answer means depends on who gave it: there may be a proxy in front of the schedulers. */
final class ClaimServiceTest {
    private static final String PROBLEM = "application/problem+json";
    private static final String REASON = "{\"detail\": \"no claims are known under the id c\", \"errors\": []}";

    private HttpServer server;
    private volatile int status;
    private volatile String type = "";
    private volatile String body = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Reply beat(int with, String contentType, String text) throws IOException {
        status = with;
        type = contentType;
        body = text;
        return beat("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static Reply beat(String... schedulers) throws IOException {
        ClaimSettings settings = new ClaimSettings(
                List.of(schedulers).stream().map(URI::create).toList(),
                Optional.empty(),
                Optional.empty(),
                "/volumes/{name}",
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
        try (ClaimService service = new ClaimService(settings)) {
            return service.heartbeat(new ClaimId("c"), Optional.empty());
        }
    }

    @Test
    void aSchedulersRefusalIsOne() throws IOException {
        assertThat(beat(409, PROBLEM, REASON)).isInstanceOf(Reply.Refused.class);
        assertThat(beat(422, PROBLEM, REASON)).isInstanceOf(Reply.Refused.class);
        assertThat(beat(404, PROBLEM, REASON)).isEqualTo(new Reply.NotKnown("no claims are known under the id c"));
    }

    @Test
    void aProxysPageSaysNothingOfClaims() throws IOException {
        for (int code : new int[] {404, 409, 422, 502, 503}) {
            assertThat(beat(code, "text/html", "<html>" + code + "</html>")).isInstanceOf(Reply.Unknown.class);
            assertThat(beat(code, "application/json", REASON)).isInstanceOf(Reply.Unknown.class);
        }
        assertThat(beat(200, "text/html", "<html>welcome</html>")).isInstanceOf(Reply.Unknown.class);
    }

    @Test
    void aWrongTokenIsNoAnswerToTheQuestion() throws IOException {
        assertThat(beat(401, PROBLEM, REASON))
                .isInstanceOfSatisfying(Reply.Unknown.class, unknown -> assertThat(unknown.reason())
                        .contains("token"));
    }

    @Test
    void theNextSchedulerIsAskedWhenOneDoesNotAnswer() throws IOException {
        beat(409, PROBLEM, REASON);

        assertThat(beat(
                        "http://127.0.0.1:1",
                        "http://127.0.0.1:" + server.getAddress().getPort()))
                .isInstanceOf(Reply.Refused.class);
    }
}
