package io.mooring.scheduler.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mooring.common.ids.TaskId;
import io.mooring.scheduler.cluster.TaskReadiness.Response;
import io.mooring.scheduler.definition.ReadinessCheck;
import io.mooring.scheduler.effect.Effect.AskReadiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadinessShellTest {
    private final BlockingQueue<Optional<Response>> answers = new LinkedBlockingQueue<>();
    private final ReadinessShell shell = new ReadinessShell((task, answer) -> answers.add(answer));

    private static AskReadiness ask(int port, String path) {
        return new AskReadiness(
                new TaskId("web.1"),
                "127.0.0.1",
                port,
                new ReadinessCheck(
                        "ready",
                        "http",
                        path,
                        0,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        List.of(200),
                        ReadinessCheck.Response.KEPT));
    }

    private Optional<Response> answer() throws InterruptedException {
        return answers.poll(60, TimeUnit.SECONDS);
    }

    @Test
    void tellsWhatATaskAnswersAndTheBeginningOfItsBody() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/up", exchange -> {
            byte[] body = ("not yet " + exchange.getRequestURI().getQuery() + " ".repeat(100_000))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            shell.perform(ask(server.getAddress().getPort(), "/up?deep=1"));

            Response response = answer().orElseThrow();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.contentType()).isEqualTo("text/plain");
            assertThat(response.body()).startsWith("not yet deep=1").hasSize(4096);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void tellsThatThereWasNoAnswer() throws Exception {
        shell.perform(ask(closedPort(), "/"));

        assertThat(answer()).isEmpty();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
